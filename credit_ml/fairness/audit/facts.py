"""Facts that the words on selection, refusal and errors need."""

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.fairness.audit.refused import features, harmed
from credit_ml.fairness.audit.refused import left_out as left_out
from credit_ml.fairness.audit.refused import rates as rates
from credit_ml.fairness.audit.refused import refused as refused
from credit_ml.fairness.audit.refused import refused_elsewhere as refused_elsewhere
from credit_ml.fairness.audit.widest import by_assumed_rules as by_assumed_rules
from credit_ml.fairness.audit.widest import widest as widest
from credit_ml.fairness.audit.widest import widest_of as widest_of
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import people_of, plain, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, listed, show
from credit_ml.grammar.phrases import FOUR_FIFTHS, GroupPair, apart, at, noun_of, worst_pair
from credit_ml.grammar.rows import fact, least, most, records, rows
from credit_ml.grammar.tables import EMPTY

#: Of whom more pass than this, four fifths says nothing: a group refused five times as often as
#: another can pass more than four fifths as often.
NEARLY_ALL = 0.9


def against_best(finding: Finding, pair: GroupPair, noun: str) -> str:
    """Say how often a group passes against the best-off one, where that is not its reference."""
    told = rows(finding, quantity="four_fifths", sensitive=pair.sensitive, group=pair.group)
    for row in records(told):
        best, value = str(row["reference_group"]), Amount.of(row)
        if best not in (pair.reference, pair.group) and value.known:
            own, other = pair.people(noun)[0], people_of(pair.sensitive, best, noun)
            sure = "" if _passes_most(finding, pair.sensitive, best) else " by the estimates"
            return sentence(
                f"against {other}, who pass most often{sure}, {own} pass {value.text()} "
                "times as often"
            )
    return ""


def _passes_most(finding: Finding, sensitive: str, best: str) -> bool:
    """Whether a group's interval is clear of every other's."""
    told = rows(finding, quantity="value", measure="selection_rate", sensitive=sensitive)
    known = records(told.dropna(subset=["estimate"]))
    own = next(Amount.of(row) for row in known if row["group"] == best)
    return all(apart(own, Amount.of(row)) for row in known if row["group"] != best)


def saturated(finding: Finding) -> bool:
    """Whether so many pass that a ratio of selection rates says next to nothing."""
    share = fact(finding, quantity="value", sensitive="overall", measure="selection_rate")
    return share is not None and share.estimate > NEARLY_ALL


def matrix(results: StudyResults) -> TableView | None:
    """Return who is refused how often: a row a rater, a column a pair of groups (`harmed`)."""
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


def refused_otherwise(
    results: StudyResults, pair: GroupPair, at_first: Finding
) -> list[tuple[RaterResults, Amount]]:
    """Return the other raters at which a group is refused on another side for certain.

    And how many times as often as its reference group: what is said of one rater may be turned at
    another, or be told there alone.
    """
    own = ratio(at_first, pair)
    refused_there = {"above": "below", "below": "above", "unclear": "unclear"}
    side = refused_there[own.side(1.0)] if own else "unclear"
    found = []
    for rater, each in _others(results, at_first):
        times = fact(each, quantity="ratio", measure="refusal_rate", **pair.where())
        if times is not None and times.side(1.0) not in (side, "unclear"):
            found.append((rater, times))
    return found


def granted_apart(
    results: StudyResults, rater: RaterResults | None, pair: GroupPair
) -> list[tuple[str, bool]]:
    """Return what one rater grants to fewer, or to more, of a group for certain, and which.

    That no difference can be told at one threshold says nothing of those above it.
    """
    found = []
    for whose, each in results.of_kind("consequences"):
        apart = rows(each, measure="share_granted", **pair.where())
        for row in records(apart) if whose is rater else []:
            side = Amount.of(row).side()
            if side != "unclear":
                found.append((plain(str(row["consequence"])), side == "below"))
    return found


def _others(results: StudyResults, at_first: Finding) -> list[tuple[RaterResults, Finding]]:
    return [(r, each) for r, each in results.of_kind("audit") if r and each is not at_first]


def shut_out(finding: Finding, pair: GroupPair) -> Amount | None:
    """Return how much more often keepers of obligations pass in the group, in points."""
    gap = fact(finding, quantity="difference", measure="true_positive_rate", **pair.where())
    return gap and gap.times(100)


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


def scored_apart(finding: Finding, pair: GroupPair) -> list[str]:
    """Return the features by which selection is not told to differ, and scores are."""
    untold = others(finding, pair)[1]
    return [each for each in _scored(finding, pair) if each in untold]


def _scored(finding: Finding, pair: GroupPair) -> list[str]:
    """Return the other features by which mean scores surely differ."""
    found = []
    for sensitive in features(finding):
        at_ = {"measure": "mean_score", "sensitive": sensitive}
        gaps = rows(finding, quantity="difference", **at_).dropna(subset=["estimate"])
        sure = any(Amount.of(row).side() != "unclear" for row in records(gaps))
        if sure and sensitive != pair.sensitive:
            found.append(sensitive_name(sensitive))
    return found


def features_elsewhere(results: StudyResults, pair: GroupPair, at_first: Finding) -> dict[str, str]:
    """Say of selection and of scores at which other raters it is told otherwise, in brackets.

    Keys are what is said of the first: "told", "untold" and "scored"; a value is "" where no other
    rater contradicts it.
    """
    (told, untold), scored = others(at_first, pair), scored_apart(at_first, pair)
    odd: dict[str, list[str]] = {"told": [], "untold": [], "scored": []}
    for rater, finding in _others(results, at_first):
        (surely, unsure), apart_ = others(finding, pair), _scored(finding, pair)
        open_ = [each for each in told if each in unsure]
        odd["told"] += _odd(rater, told, open_, "it cannot be told")
        odd["untold"] += _odd(rater, untold, [each for each in untold if each in surely], "one can")
        missed = [each for each in scored if each not in apart_]
        odd["scored"] += _odd(rater, scored, missed, "none can be told")
    return {key: f" ({'; '.join(parts)})" if parts else "" for key, parts in odd.items()}


def _odd(rater: RaterResults, named: list[str], here: list[str], word: str) -> list[str]:
    """Say of which of the named features one rater tells something else; of all, without names."""
    by = f", by {listed(here, 'and by')}" if len(here) < len(named) else ""
    return [f"{at(rater)} {word}{by}"] if here else []


def meet(found: list[tuple[str, Amount]]) -> bool:
    """Whether the intervals of the first and the last meet: then neither is least for certain."""
    (_, first), (_, last) = found
    return not first.high < last.low


def counted_from(finding: Finding) -> str:
    """Return from how many people on a group is not left out for its size; "" where all count.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> from credit_ml.grammar.cited import unmarked
    >>> unmarked(counted_from(Finding(table=conform([]), title="", parameters={"small": 30})))
    'of 30 people or more '
    """
    small = finding.parameters.get("small")
    return f"of {show(small)} people or more " if small else ""


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
