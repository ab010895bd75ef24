"""Facts that the words on selection, refusal and errors need."""

from dataclasses import dataclass

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import people_of, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import FOUR_FIFTHS, PAIR, GroupPair, lead_pair, noun_of, worst_pair
from credit_ml.grammar.rows import fact, least, most, records, rows, values
from credit_ml.grammar.tables import EMPTY

#: Of whom more pass than this, four fifths says nothing: a group refused five times as often as
#: another can pass more than four fifths as often.
NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Refused:
    """A group and one that is refused less often, at one rater."""

    rater: RaterResults | None
    finding: Finding
    pair: GroupPair
    times: Amount
    """How often the group is refused, for each time that the other is: above 1, unless chance is
    so large that the other way round it has no upper end."""
    asked: GroupPair
    """The pair as it is measured: the group against its reference group."""

    @property
    def shares(self) -> tuple[Amount, Amount]:
        """The share of either group that is refused."""
        own, other = (rate for _, rate in rates(self.finding, self.pair, "refusal_rate"))
        return own, other

    @property
    def apart(self) -> Amount | None:
        """How far the two shares lie apart, where that can be told and how many times cannot."""
        found = fact(
            self.finding, quantity="difference", measure="refusal_rate", **self.asked.where()
        )
        if found is None or found.side() == "unclear" or self.times.side(1.0) != "unclear":
            return None
        return found.size()


def refused(rater: RaterResults | None, finding: Finding, pair: GroupPair) -> Refused | None:
    """Return how often one group of a pair is refused against the other, the worse off first."""
    times = fact(finding, quantity="ratio", measure="refusal_rate", **pair.where())
    return None if times is None else _worse_first(rater, finding, pair, times)


def _worse_first(
    rater: RaterResults | None, finding: Finding, asked: GroupPair, times: Amount
) -> Refused:
    if times.estimate < 1 and times.low > 0:
        turned = GroupPair(asked.sensitive, asked.reference, asked.group)
        return Refused(rater, finding, turned, times.inverse(), asked)
    return Refused(rater, finding, asked, times, asked)


def refusals(results: StudyResults) -> list[Refused]:
    """Return how often every group is refused against its reference group, at every rater.

    Intersections, and groups too small to say much of, are left out.
    """
    found = []
    for rater, finding in results.of_kind("audit"):
        told = rows(finding, quantity="ratio", measure="refusal_rate").dropna(subset=["estimate"])
        told = told[told["people"] >= float(finding.parameters.get("small", 0))]
        for row in records(told[~told["sensitive"].astype(str).str.contains(" x ", regex=False)]):
            asked = GroupPair(*(str(row[name]) for name in PAIR))
            found.append(_worse_first(rater, finding, asked, Amount.of(row)))
    return found


def widest(results: StudyResults) -> Refused | None:
    """Return the pair of groups that some rater divides most for certain; None where none does."""
    sure = [each for each in refusals(results) if each.times.side(1.0) == "above"]
    return max(sure, key=lambda each: each.times.certain(1.0), default=None)


def harmed(results: StudyResults) -> list[GroupPair]:
    """Return the pair that the page follows, and that of each feature that some rater divides most.

    As each is measured, whichever group is refused more often.
    """
    worst: dict[str, Refused] = {}
    for each in refusals(results):
        known = worst.setdefault(each.pair.sensitive, each)
        if each.times.certain(1.0) > known.times.certain(1.0):
            worst[each.pair.sensitive] = each
    led = lead_pair(results)
    first = [each.asked for each in refusals(results) if each.asked == led][:1]
    return list(dict.fromkeys([*first, *(each.asked for each in worst.values())]))


def against_best(finding: Finding, pair: GroupPair, noun: str) -> str:
    """Say how often a group passes against the best-off one, where that is not its reference."""
    told = rows(finding, quantity="four_fifths", sensitive=pair.sensitive, group=pair.group)
    for row in records(told):
        best, value = str(row["reference_group"]), Amount.of(row)
        if best not in (pair.reference, pair.group) and value.known:
            own, other = pair.people(noun)[0], people_of(pair.sensitive, best, noun)
            return sentence(
                f"against {other}, who pass most often, {own} pass {value.text()} times as often"
            )
    return ""


def saturated(finding: Finding) -> bool:
    """Whether so many pass that a ratio of selection rates says next to nothing."""
    share = fact(finding, quantity="value", sensitive="overall", measure="selection_rate")
    return share is not None and share.estimate > NEARLY_ALL


def matrix(results: StudyResults) -> TableView | None:
    """Return who is refused how often, a row a rater and a column a sensitive feature."""
    found = [(rater, each) for rater, each in results.of_kind("audit")]
    pairs = harmed(results)
    if not pairs:
        return None
    heads = [
        f"{sentence(pair.people(noun_of(results))[0], stop='')} against "
        f"{pair.people(noun_of(results))[1]}"
        for pair in pairs
    ]
    lines = tuple(
        (rater.name if rater else finding.title, *_refused_cells(finding, pairs))
        for rater, finding in found
    )
    return TableView(
        caption="Who is refused", head=("Rater", "Everyone", *heads), bodies=(("", lines),)
    )


def _refused_cells(finding: Finding, pairs: list[GroupPair]) -> list[str]:
    everyone = fact(finding, quantity="value", sensitive="overall", measure="refusal_rate")
    cells = [EMPTY if everyone is None else everyone.percent()]
    for pair in pairs:
        found = fact(finding, quantity="ratio", measure="refusal_rate", **pair.where())
        mark = {"above": " ▲", "below": " ▼"}.get(found.side(1.0), "") if found else ""
        cells.append(EMPTY if found is None else found.text() + mark)
    return cells


def ratio(finding: Finding, pair: GroupPair) -> Amount | None:
    """Return how often a group passes, for each time that its reference group does."""
    return fact(finding, quantity="ratio", measure="selection_rate", **pair.where())


def four_fifths(ratio: Amount) -> tuple[str, bool]:
    """Return on which side of four fifths a ratio lies, and whether it was turned round first.

    Examples
    --------
    >>> four_fifths(Amount(0.62, 0.60, 0.64)), four_fifths(Amount(1.40, 1.32, 1.48))
    (('below', False), ('below', True))
    """
    turned = ratio.estimate > 1 and not ratio.low <= 0
    return (ratio.inverse() if turned else ratio).side(FOUR_FIFTHS), turned


def fifths_elsewhere(
    results: StudyResults, pair: GroupPair, at_first: Finding
) -> dict[tuple[str, bool], list[RaterResults]]:
    """Return the other raters whose ratio lies otherwise to four fifths than that of one of them.

    By what `four_fifths` says of them; where nearly all pass, four fifths is not spoken of.
    """
    own = ratio(at_first, pair)
    found: dict[tuple[str, bool], list[RaterResults]] = {}
    for rater, finding in _others(results, at_first):
        other = None if saturated(finding) else ratio(finding, pair)
        if own and other and four_fifths(other) != four_fifths(own):
            found.setdefault(four_fifths(other), []).append(rater)
    return found


def told_elsewhere(results: StudyResults, pair: GroupPair, at_first: Finding) -> list[RaterResults]:
    """Return the other raters at which the two groups of a pair pass differently for certain."""
    others = ((rater, ratio(each, pair)) for rater, each in _others(results, at_first))
    return [rater for rater, found in others if found and found.side(1.0) != "unclear"]


def _others(results: StudyResults, at_first: Finding) -> list[tuple[RaterResults, Finding]]:
    return [(r, each) for r, each in results.of_kind("audit") if r and each is not at_first]


def rates(finding: Finding, pair: GroupPair, measure: str) -> list[tuple[str, Amount]]:
    """Return a rate of both groups, where it is known."""
    at = {"quantity": "value", "measure": measure, "sensitive": pair.sensitive}
    groups = (pair.group, pair.reference)
    found = ((group, fact(finding, **at, group=group)) for group in groups)
    return [(group, rate) for group, rate in found if rate is not None]


def shut_out(finding: Finding, pair: GroupPair) -> Amount | None:
    """Return how much more often keepers of obligations pass in the group, in points."""
    gap = fact(finding, quantity="difference", measure="true_positive_rate", **pair.where())
    return gap and gap.times(100)


def features(finding: Finding) -> list[str]:
    """Return the sensitive features, intersections aside."""
    names = values(finding, "sensitive", quantity="ratio")
    return [name for name in names if " x " not in name and name != "overall"]


def worst_others(finding: Finding, pair: GroupPair | None) -> list[GroupPair]:
    """Return the worst-off group of every feature but the pair's."""
    worst = (worst_pair(finding, name) for name in features(finding))
    return [each for each in worst if each and (not pair or each.sensitive != pair.sensitive)]


def others(finding: Finding, pair: GroupPair) -> tuple[list[str], list[str]]:
    """Return the other features by whether a difference in selection can be told, told first."""
    told: dict[bool, list[str]] = {True: [], False: []}
    for sensitive in features(finding):
        if sensitive != pair.sensitive:
            ratios = rows(finding, quantity="ratio", measure="selection_rate", sensitive=sensitive)
            sides = {Amount.of(row).side(1.0) for row in records(ratios)}
            told[bool(sides - {"unclear"})].append(sensitive_name(sensitive))
    return told[True], told[False]


def meet(found: list[tuple[str, Amount]]) -> bool:
    """Whether the intervals of the first and the last meet: then neither is least for certain."""
    (_, first), (_, last) = found
    return not first.high < last.low


def extremes(finding: Finding, noun: str) -> list[tuple[str, Amount]]:
    """Return the intersections that pass least and most often; small groups are left out."""
    found = rows(finding, quantity="value", measure="selection_rate").dropna(subset=["estimate"])
    found = found[found["sensitive"].astype(str).str.count(" x ") == 1]
    found = found[found["people"] >= float(finding.parameters.get("small", 0))]
    if len(found) < 2:
        return []
    return [
        (people_of(str(row["sensitive"]), str(row["group"]), noun), Amount.of(row))
        for row in (least(found), most(found))
    ]
