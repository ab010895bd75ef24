"""Facts that the words on selection and errors need."""

from credit_ml.core import Finding
from credit_ml.grammar.names import people_of, sensitive_name
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair, worst_pair
from credit_ml.grammar.rows import fact, least, most, records, rows, values

#: The four-fifths ratio of the Uniform Guidelines (1978), below which selection is suspect.
FOUR_FIFTHS = 0.8


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
    turned = ratio.estimate > 1
    if turned:
        ratio = Amount(1 / ratio.estimate, 1 / ratio.high, 1 / ratio.low)
    return ratio.side(FOUR_FIFTHS), turned


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
