"""The widest gap of refusals: which two groups of which feature a rater divides most for certain.

A reference group need be neither the worst nor the best off: what is widest is asked of any two
groups of a feature, and said to be widest only where intervals part it from all others.
"""

from dataclasses import dataclass

import pandas as pd

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.fairness.audit.refused import Refused, features, refusals
from credit_ml.grammar.columns import remembered
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair, apart
from credit_ml.grammar.rows import fact, least, most, records, rows

#: Of groups that the world makes show in a column: which, and the knobs of behaviour that do so.
_MADE_TO_SHOW = {("critic", "yes"): ("critical_posts", ("posts", "critic_posts"))}


@dataclass(frozen=True)
class _Divided:
    """How far a rater divides a feature."""

    most: Refused
    """The two groups that are divided most."""
    of_any: bool
    """Whether they are so of any two groups, and not only of those held against the reference."""


def widest(results: StudyResults) -> Refused | None:
    """Return the two groups that some rater divides most for certain; None where none does."""
    found = _sure(_divided(results))
    return found.most if found else None


def widest_of(results: StudyResults) -> str:
    """Say among what the widest gap is so, and whether intervals part it from the others.

    Such as "widest of all raters and single features", for crossings of features are not asked;
    "" where no gap is certain.
    """
    told = _divided(results)
    found = _sure(told)
    if found is None:
        return ""
    raters = len({id(each.most.finding) for each in told})
    several = len({each.most.pair.sensitive for each in told})
    kind = "single features" if _crossed(results) else "features"
    names = [name for name, number in (("raters", raters), (kind, several)) if number > 1]
    among = " and ".join(names) or "groups"
    alone = _parted(found, told) and not _unknown(results)
    held = "" if all(each.of_any for each in told) else ", each group against its reference group"
    return f"{'' if alone else 'among the '}widest of all {among}{held}"


def by_assumed_rules(results: StudyResults, found: Refused) -> bool:
    """Whether a rater's written rules take points for what the world makes its worse off do.

    Then that they are refused more often is built in and no finding.
    """
    column, knobs = _MADE_TO_SHOW.get((found.pair.sensitive, found.pair.group), ("", ()))
    if not column or found.rater is None or found.rater.scorer_kind != "rules":
        return False
    behaviour = (results.world or {}).get("behaviour", {})
    if not all(behaviour.get(knob, 0) > 0 for knob in knobs):
        return False
    rules = (found.rater.agency or {}).get("rules", ())
    return any(
        rule["column"] == column and (rule.get("points_per_unit") or 0) < 0 for rule in rules
    )


def at_same(results: StudyResults, found: Refused, finding: Finding) -> Refused | None:
    """Return the same two groups at another rater, where intervals do not part it from the first.

    Where they do, or another two are divided most there, None.
    """
    own = (each.most for each in _divided(results) if each.most.finding is finding)
    same = next((each for each in own if each.pair == found.pair), None)
    return same if same is not None and not apart(same.times, found.times) else None


def _sure(told: tuple[_Divided, ...]) -> _Divided | None:
    sure = [each for each in told if each.most.times.side(1.0) == "above"]
    return max(sure, key=lambda each: each.most.times.certain(1.0), default=None)


@remembered
def _divided(results: StudyResults) -> tuple[_Divided, ...]:
    """Return of every rater and feature the pair of groups that it divides most."""
    against, found = refusals(results), []
    for rater, finding in results.of_kind("audit"):
        for sensitive in features(finding):
            own = [
                each
                for each in against
                if each.finding is finding and each.pair.sensitive == sensitive
            ]
            of_any = _of_any(rater, finding, sensitive)
            if of_any is not None:
                found.append(_Divided(of_any, of_any=True))
            elif own:
                worst = max(own, key=lambda each: each.times.certain(1.0))
                found.append(_Divided(worst, of_any=_is_extreme(worst)))
    return tuple(found)


def _of_any(rater: RaterResults | None, finding: Finding, sensitive: str) -> Refused | None:
    """Return the groups refused most and least often, where neither is the reference group.

    Where one of them is, or there are but two, a row against the reference says the same; where one
    is small, or the least is never refused, nothing can be said of the two.
    """
    rates = _rates(finding, sensitive)
    ratio = fact(finding, quantity="smallest_ratio", measure="refusal_rate", sensitive=sensitive)
    if len(rates) < 3 or ratio is None or not ratio.ranged or ratio.low <= 0:
        return None
    worst, best = most(rates), least(rates)
    references = set(
        rows(finding, quantity="ratio", measure="refusal_rate", sensitive=sensitive)[
            "reference_group"
        ]
    )
    few = float(finding.parameters.get("small", 0))
    if references & {worst["group"], best["group"]} or min(worst["people"], best["people"]) < few:
        return None
    pair = GroupPair(sensitive, str(worst["group"]), str(best["group"]))
    return Refused(rater, finding, pair, ratio.inverse(), pair)


def _rates(finding: Finding, sensitive: str) -> pd.DataFrame:
    told = rows(finding, quantity="value", measure="refusal_rate", sensitive=sensitive)
    return told[told["people"] > 0].dropna(subset=["estimate"])


def _is_extreme(found: Refused) -> bool:
    """Whether a pair's groups are those refused most and least often of their feature."""
    rates = _rates(found.finding, found.pair.sensitive)
    if not len(rates):
        return False
    ends = most(rates)["group"], least(rates)["group"]
    return ends == (found.pair.group, found.pair.reference)


def _parted(found: _Divided, told: tuple[_Divided, ...]) -> bool:
    """Whether intervals part the widest gap from every other rater's and feature's.

    And, within its feature, its two groups from those between them.
    """
    times = found.most.times
    others = [each.most.times for each in told if each is not found]
    if not all(each.ranged and times.low > each.high for each in others):
        return False
    ends = found.most.pair.group, found.most.pair.reference
    rates = {
        str(row["group"]): Amount.of(row)
        for row in records(_rates(found.most.finding, found.most.pair.sensitive))
    }
    own = [rates.get(end) for end in ends]
    between = [rate for group, rate in rates.items() if group not in ends]
    return all(end is not None and apart(end, rate) for end in own for rate in between)


def _unknown(results: StudyResults) -> bool:
    """Whether some group's ratio is unknown, as where its reference group is never refused."""
    for _, finding in results.of_kind("audit"):
        told = rows(finding, quantity="ratio", measure="refusal_rate")
        alone = told[~told["sensitive"].astype(str).str.contains(" x ", regex=False)]
        if alone["estimate"].isna().any():
            return True
    return False


def _crossed(results: StudyResults) -> bool:
    """Whether some audit holds crossings of features too, which may be divided more."""
    return any(
        finding.table["sensitive"].astype(str).str.contains(" x ", regex=False).any()
        for _, finding in results.of_kind("audit")
    )
