"""Facts that the words on consequences, opposite cases and prices need."""

from dataclasses import dataclass
from typing import Any

from credit_ml.consequences.readable import fidelity as fidelity
from credit_ml.consequences.readable import gaps_by_scorer as gaps_by_scorer
from credit_ml.consequences.readable import in_first_world as in_first_world
from credit_ml.consequences.readable import pooled as pooled
from credit_ml.consequences.readable import readable as readable
from credit_ml.consequences.readable import surely_narrower as surely_narrower
from credit_ml.consequences.tables import in_words
from credit_ml.core import Finding, StudyResults
from credit_ml.core.discovery import declared_in
from credit_ml.grammar.cited import counted
from credit_ml.grammar.names import agency_in_a_sentence, factor_name, part_name, scorer_name
from credit_ml.grammar.numbers import NARROW, Amount
from credit_ml.grammar.phrases import GroupPair, apart, runs_over
from credit_ml.grammar.rows import fact, least, most, records, rows, values

#: All companies of a pool together, which are no company.
_POOL = "all eight"


def sentences() -> dict[str, str]:
    """Return what the page says of each measure of each kind of consequence."""
    kinds = declared_in("credit_ml.consequences.kinds", "CONSEQUENCE")
    kinds.sort(key=lambda kind: kind.stage == "across")
    return {measure: said for kind in kinds for measure, said in kind.sentences.items()}


def counted_over(found: list[tuple[Any, Finding]]) -> list[tuple[str, str]]:
    """Return what is told of privileges and lists, and what most of its intervals count."""
    told: dict[str, str] = {}
    for _, each in found:
        over = runs_over(each).removeprefix(" over ").partition(",")[0]
        if over:
            told.setdefault(part_name(each.kind, each.parameters), over)
    return list(told.items())


@dataclass(frozen=True)
class Both:
    """One measure of both groups of a pair, as prose shows it."""

    own: str
    other: str
    brief: tuple[str, str]
    """Percentages alone, with the digits that their intervals bear."""
    apart: bool
    """Whether the two can be told apart."""


def both(finding: Finding, measure: str, pair: GroupPair) -> Both | None:
    """Return one measure of both groups; None where it is not known of both."""
    own = [
        fact(finding, measure=measure, sensitive=pair.sensitive, group=group, reference_group="")
        for group in (pair.group, pair.reference)
    ]
    known = [each for each in own if each is not None]
    if len(known) < 2:
        return None
    gap = fact(finding, measure=measure, **pair.where())
    first, second = (in_words(finding, measure, each) for each in known)
    brief = [f"{each.times(100).figure('%')}{NARROW}%" for each in known]
    return Both(first, second, (brief[0], brief[1]), gap is None or gap.side() != "unclear")


def of_income(finding: Finding) -> bool:
    """Whether the figure shows what is forgone, in shares of an income, whose worth is assumed."""
    told = finding.parameters
    measure = told.get("lead", {}).get("measure")
    return str(told.get("units", {}).get(measure, "")).endswith("income")


def harmful(finding: Finding) -> list[tuple[str, str, str, Amount]]:
    """Return the rules that lower a group's mean points: loss, rule, group and the change.

    Of published distributions of scores they are worked out, not measured: no interval is missing.
    """
    changes = records(rows(finding, measure="change"))
    told = [(str(row["loss"]), str(row["rule"]), str(row["group"])) for row in changes]
    amounts = map(Amount.of, changes)
    return [(*of, each) for of, each in zip(told, amounts, strict=True) if each.estimate < 0]


def at(
    finding: Finding, measure: str, who: tuple[str, str] = ("overall", "all"), **setting: Any
) -> Amount | None:
    """Return a measure of everybody, or of a sensitive feature's group, at one setting."""
    of = {"sensitive": who[0], "group": who[1], "quantity": "value", "measure": measure}
    return fact(finding, **of, **setting)


def forgoing(found: list[tuple[Any, Finding]]) -> Finding | None:
    """Return the first finding that says what people go without."""
    saying = (finding for _, finding in found if "value_forgone" in values(finding, "measure"))
    return next(saying, None)


def widest(finding: Finding, pair: GroupPair) -> tuple[str, Amount] | None:
    """Return the privilege that divides the two groups most, in percentage points."""
    found = rows(finding, measure="share_granted", **pair.where()).dropna(subset=["estimate"])
    if len(found) < 2:
        return None
    row = max(records(found), key=lambda each: abs(float(each["estimate"])))
    return str(row["consequence"]), Amount.of(row).times(100)


def widest_for_certain(finding: Finding, pair: GroupPair) -> bool:
    """Whether the widest divide's interval is clear of every other privilege's."""
    found = rows(finding, measure="share_granted", **pair.where()).dropna(subset=["estimate"])
    sizes = [Amount.of(row).size() for row in records(found)]
    first, *others = sorted(sizes, key=lambda each: -each.estimate)
    return all(each.high < first.low for each in others)


def introduced(results: StudyResults, case: Finding, rater: str) -> str:
    """Return whose score a rater of one finding alone is, as an apposition; "" for the page's own.

    Those of the study are introduced where the page names its agencies.
    """
    told = case.parameters
    title = (told.get("agencies") or {}).get(rater)
    if not title or any(rater == each.name for each in results.raters):
        return ""
    made = scorer_name(str((told.get("scorers") or {}).get(rater, "")))
    return f", {agency_in_a_sentence(str(title))}{f', by {made}' if made else ''}"


def pool_of(found: Finding) -> str:
    """Return which agency pools what companies know, by its title where the finding has it."""
    told = found.parameters
    title = told.get("agency_title")
    return agency_in_a_sentence(str(title)) if title else str(told["agency"])


def at_both(case: Finding) -> list[tuple[dict[str, Any], str]]:
    """Return an opposite case's row at each rater, with what helps most and what costs most."""
    scores = records(case.table[case.table["factor"] == "(score)"])
    bests = zip(scores, (True, False), strict=True)
    return [(row, _strongest(case, row["rater"], best=best)) for row, best in bests]


def _strongest(case: Finding, rater: object, *, best: bool) -> str:
    table = case.table[(case.table["rater"] == rater) & (case.table["factor"] != "(score)")]
    return factor_name(str((most if best else least)(table)["factor"]))


def known_by(found: Finding) -> tuple[Amount, Amount, Amount | None]:
    """Return what share of people the companies know, from fewest to most, and all together."""
    known = rows(found, measure="known").dropna(subset=["estimate"])
    each = known[known["company"] != _POOL]
    whole = records(known[known["company"] == _POOL])
    ends = least(each if len(each) else known), most(each if len(each) else known)
    return Amount.of(ends[0]), Amount.of(ends[1]), Amount.of(whole[0]) if whole else None


@dataclass(frozen=True, kw_only=True)
class Optimism:
    """At which companies a score learned from their own users errs about the others."""

    companies: int
    wrong: int
    """Where the error is no chance, each company by itself."""
    company: str
    """The one of these with the largest error; none where none errs."""
    worst: Amount | None
    """By how many percentage points it expects more of the others than they keep."""
    alone: bool
    """Whether that error is clear of those of the other companies that err."""


def optimism(found: Finding) -> Optimism:
    """Return how many companies err about others, and the worst of those that do."""
    off = rows(found, measure="optimism", judged="others", trained="users")
    told = records(off[off["company"] != _POOL].dropna(subset=["estimate"]))
    wrong = [row for row in told if Amount.of(row).side(0.0) != "unclear"]
    wrong.sort(key=lambda row: -abs(float(row["estimate"])))
    sizes = [Amount.of(row).size() for row in wrong]
    return Optimism(
        companies=counted(told),
        wrong=counted(wrong),
        company=str(wrong[0]["company"]) if wrong else "",
        worst=Amount.of(wrong[0]).times(100) if wrong else None,
        alone=all(apart(sizes[0], other) for other in sizes[1:]),
    )
