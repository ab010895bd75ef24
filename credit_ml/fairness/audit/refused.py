"""Who is refused how often against whom: every pair of groups that an audit holds apart."""

from dataclasses import dataclass

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.grammar.columns import remembered
from credit_ml.grammar.names import people_of, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, Side, listed, spelled
from credit_ml.grammar.phrases import PAIR, GroupPair, at, lead_pair, noun_of
from credit_ml.grammar.rows import fact, records, rows, values

#: Columns of the table of all raters that the feature which a page follows has, at most; and groups
#: that a sentence names.
MOST_GROUPS, MOST_NAMED = 6, 3


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


def refused_elsewhere(results: StudyResults, pair: GroupPair, at_first: Finding) -> str:
    """Say in short at which other raters it is otherwise who is refused more often; or ""."""
    found: dict[Side, list[str]] = {}
    own = fact(at_first, quantity="ratio", measure="refusal_rate", **pair.where())
    for rater, finding in results.of_kind("audit"):
        times = fact(finding, quantity="ratio", measure="refusal_rate", **pair.where())
        if rater and own and times and times.side(1.0) != own.side(1.0):
            found.setdefault(times.side(1.0), []).append(at(rater))
    group = pair.people(noun_of(results))[0]
    words: dict[Side, str] = {
        "above": f"{{}} {group} more often",
        "below": f"{{}} {group} less often",
        "unclear": "not known {}",
    }
    return "; ".join(words[side].format(listed(raters)) for side, raters in found.items())


def _worse_first(
    rater: RaterResults | None, finding: Finding, asked: GroupPair, times: Amount
) -> Refused:
    if times.estimate < 1 and times.low > 0:
        turned = GroupPair(asked.sensitive, asked.reference, asked.group)
        return Refused(rater, finding, turned, times.inverse(), asked)
    return Refused(rater, finding, asked, times, asked)


@remembered
def refusals(results: StudyResults) -> tuple[Refused, ...]:
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
    return tuple(found)


def rates(finding: Finding, pair: GroupPair, measure: str) -> list[tuple[str, Amount]]:
    """Return a rate of both groups, where it is known."""
    at = {"quantity": "value", "measure": measure, "sensitive": pair.sensitive}
    groups = (pair.group, pair.reference)
    found = ((group, fact(finding, **at, group=group)) for group in groups)
    return [(group, rate) for group, rate in found if rate is not None]


def features(finding: Finding) -> list[str]:
    """Return the sensitive features, intersections aside."""
    names = values(finding, "sensitive", quantity="ratio")
    return [name for name in names if " x " not in name and name != "overall"]


def harmed(results: StudyResults) -> list[GroupPair]:
    """Return every pair of the feature that the page follows, and the worst of each other feature.

    As each is measured, whichever group is refused more often. The pair that the page follows comes
    first, then its feature's others, `MOST_GROUPS` at most; of another feature comes the pair that
    some rater divides most for certain.
    """
    found, led = refusals(results), lead_pair(results)
    worst: dict[str, Refused] = {}
    for each in found:
        known = worst.setdefault(each.pair.sensitive, each)
        if each.times.certain(1.0) > known.times.certain(1.0):
            worst[each.pair.sensitive] = each
    own = [each.asked for each in found if led and each.asked.sensitive == led.sensitive]
    own.sort(key=lambda pair: pair != led)  # of the others the order stays
    own = list(dict.fromkeys(own))[:MOST_GROUPS]
    return own + [each.asked for name, each in worst.items() if not own or name != own[0].sensitive]


def left_out(results: StudyResults, noun: str) -> str:
    """Say which groups the table and the picture of all raters leave out; "" where none is."""
    found, pairs = next(results.of_kind("audit"), None), harmed(results)
    if found is None or not pairs:
        return ""
    finding, led = found[1], pairs[0].sensitive
    shown = {each for pair in pairs for each in (pair.group, pair.reference)}
    groups = rows(finding, quantity="value", measure="refusal_rate", sensitive=led)
    absent = [each for each in records(groups[groups["people"] > 0]) if each["group"] not in shown]
    told = [people_of(led, str(each["group"]), noun) for each in absent]
    several = any(
        len(rows(finding, quantity="ratio", measure="refusal_rate", sensitive=pair.sensitive)) > 1
        for pair in pairs
        if pair.sensitive != led
    )
    said = []
    if told:
        known = f"{listed(told)}" if len(told) <= MOST_NAMED else f"{spelled(len(told))} groups"
        said.append(
            f"left out, and told in the table of every group: {known} "
            f"({sensitive_name(led)}), of whom less can be said"
        )
    if several:
        said.append(
            "of every other feature only the group that some rater divides most stands here"
        )
    return sentence("; ".join(said)) if said else ""
