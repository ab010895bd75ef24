"""Sentences on friends: what they do to a score, other friends, the graph, and the truth."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import NARROW, Amount, show
from credit_ml.grammar.phrases import GroupPair, apart, doubt, noun_of, pair_of, with_level
from credit_ml.grammar.rows import fact, level


def friends_headline(results: StudyResults) -> str:
    """Return the section's result in one line: whose decision turns with other friends."""
    found = _finding(results)
    if found is None:
        return ""
    noun = noun_of(results)
    if _unmoved(found):
        return "With other friends nobody's score would change."
    turned = _turned(found, "all")
    if turned is None:
        size = _of(found, "other_friends", "size")
        return sentence(
            f"with as many friends drawn by chance, scores would move by {size.figure('points')} "
            "points on average, up or down"
        ) if size else ""  # fmt: skip
    share = f"{turned.times(100).figure('%')}{NARROW}%"
    gap, who = _gap_moves(found, pair_of(found, results), noun, part="other_friends", brief=True)
    said = f"With as many friends drawn by chance, {share} of {noun} would meet another decision"
    return f"{said}; {who} {gap}." if gap else f"{said}."


def friends_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return what friends bring, other friends, how apart scores lie, and the truth."""
    found = _finding(results)
    if found is None:
        return []
    if _unmoved(found):
        text = f"The score of {found.parameters['rater']} leans on nothing that friends did."
        return [Paragraph(text=text)]
    pair, noun = pair_of(found, results), noun_of(results)
    said = (
        ("What friends bring.", _brought(found, pair, noun)),
        ("The same person, other friends.", _others(found, pair, noun)),
        ("On the graph.", _graph(found, pair, noun)),
        ("Beside the truth.", _truth(found, pair, noun)),
    )
    return [Paragraph(lead=lead, text=text) for lead, text in said if text]


def _brought(found: Finding, pair: GroupPair, noun: str) -> str:
    size = _of(found, "from_friends", "size")
    if size is None:
        return ""
    text = with_level(size.text("points"), level(found))
    said = [
        f"On the score of {found.parameters['rater']}, what one's own friends did moves a score by "
        f"{text} on average, up or down, against the friends of a person drawn at random."
    ]
    for group, people in zip((pair.group, pair.reference), pair.people(noun), strict=True):
        mean = _of(found, "from_friends", "mean", group)
        if mean is None:
            continue
        if mean.side() == "unclear":
            what = (
                f"for {people} it is {mean.text('points')} on average, {doubt(mean, none='none')}"
            )
        else:
            verb = "costs" if mean.estimate < 0 else "brings"
            what = f"it {verb} {people} {mean.size().text('points')} on average"
        said.append(sentence(what))
    return " ".join(said)


def _others(found: Finding, pair: GroupPair, noun: str) -> str:
    said = []
    threshold = found.parameters["threshold"]
    gained, lost = (_of(found, "other_friends", name) for name in ("gained", "lost"))
    if gained and lost:
        said.append(
            f"Had everybody as many friends, but drawn by chance, {gained.percent()} of {noun} "
            f"would newly reach the line of {show(threshold)} points and {lost.percent()} no "
            "longer."
        )
        said += _by_group(found, pair, noun)
    low, high = (_of(found, "other_friends", share) for share in ("5 %", "95 %"))
    if low and high:
        said.append(
            f"For nine of ten {noun} the score would move by between {show(low.estimate)} and "
            f"{show(high.estimate)} points."
        )
    gap, who = _gap_moves(found, pair, noun, part="other_friends")
    return " ".join([*said, sentence(f"{who} {gap}")] if gap else said)


def _by_group(found: Finding, pair: GroupPair, noun: str) -> list[str]:
    told = []
    for group, people in zip((pair.group, pair.reference), pair.people(noun), strict=True):
        gained, lost = (_of(found, "other_friends", name, group) for name in ("gained", "lost"))
        if gained and lost:
            told.append(
                f"of {people}, {gained.percent()} would win it and {lost.percent()} lose it"
            )
    return [sentence("; ".join(told))] if told else []


def _gap_moves(
    found: Finding, pair: GroupPair, noun: str, *, part: str, brief: bool = False
) -> tuple[str, str]:
    """Say what happens to the gap in points, and name it."""
    before = fact(found, part="score", measure="gap", **pair.where())
    change = fact(found, part=part, measure="gap", **pair.where())
    group, reference = pair.people(noun)
    if before is None or change is None or before.side() == "unclear":
        return "", ""
    who = f"the gap between {group} and {reference}"
    if change.side() == "unclear":
        return f"would not change by more than chance{'' if brief else change.bracket()}", who
    verb = "close" if change.estimate * before.estimate < 0 else "widen"
    size, whole = change.size(), before.size()
    if brief:
        return f"would {verb} by {size.figure('points')} of {whole.figure('points')} points", who
    return f"of {whole.text('points')} would {verb} by {size.text('points')}", who


def _graph(found: Finding, pair: GroupPair, noun: str) -> str:
    alike, chance = (_of(found, "graph", f"assortativity{named}") for named in ("", " by chance"))
    said = []
    if alike is not None:
        unsure = f", {doubt(alike, none='none')}" if alike.side() == "unclear" else ""
        by_chance = f"; by chance it would be {chance.text()}" if chance else ""
        said.append(
            f"The scores of two friends correlate by {alike.text()}{unsure}, where 0 is no more "
            f"than strangers{by_chance}."
        )
    circles = _of(found, "graph", "circle_share")
    if circles is not None:
        unsure = f", {doubt(circles, none='none')}" if circles.side() == "unclear" else ""
        said.append(
            f"Which circle of friends one belongs to tells {circles.percent()} of the variance of "
            f"scores{unsure}."
        )
    said.append(_low_friends(found, pair, noun))
    return " ".join(filter(None, said))


def _low_friends(found: Finding, pair: GroupPair, noun: str) -> str:
    own = [_of(found, "graph", "low_friends", group) for group in (pair.group, pair.reference)]
    gap = fact(found, part="graph", measure="low_friends_gap", **pair.where())
    first, second = own
    if first is None or second is None or gap is None:
        return ""
    group, reference = pair.people(noun)
    lowest = show(100 * found.parameters["low"])
    said = (
        f"Of the ties of {group}, {first.percent()} lead to the lowest {lowest}{NARROW}% of "
        f"scores, of those of {reference} {second.percent()}"
    )
    if gap.side() == "unclear":
        return f"{said}; the two are {doubt(gap)}."
    return f"{said}, a difference of {gap.size().times(100).text('percentage points')}."


def _truth(found: Finding, pair: GroupPair, noun: str) -> str:
    gap, who = _gap_moves(found, pair, noun, part="truth")
    true = fact(found, part="truth", measure="gap", **pair.where())
    guess = fact(found, part="other_friends", measure="gap", **pair.where())
    if not gap or true is None or guess is None:
        return ""
    same = "apart" if apart(true, guess) else "that overlap"
    turned = _turned(found, "all", part="truth")
    decided = f", and {turned.percent()} of {noun} would meet another decision" if turned else ""
    return (
        f"In the same city, simulated again so that nobody chooses friends by place, work or "
        f"likeness, {who} {gap}{decided}. This change of the gap and that with friends "
        f"drawn by chance have intervals {same}. In these worlds nobody's outcome depends on a "
        "friend: what friends tell is a sign, and never a cause."
    )


def _turned(found: Finding, group: str, *, part: str = "other_friends") -> Amount | None:
    """Share whose decision turns; the interval adds the ends of both, so it is never too narrow."""
    gained, lost = (_of(found, part, name, group) for name in ("gained", "lost"))
    if gained is None or lost is None:
        return None
    ends = ("estimate", "low", "high")
    return Amount(*(getattr(gained, end) + getattr(lost, end) for end in ends))


def _unmoved(found: Finding) -> bool:
    size = _of(found, "other_friends", "size")
    return size is not None and size.estimate == 0


def _of(found: Finding, part: str, measure: str, group: str = "all") -> Amount | None:
    return fact(found, part=part, measure=measure, group=group, reference_group="")


def _finding(results: StudyResults) -> Finding | None:
    return next((finding for _, finding in results.of_kind("friend_influence")), None)
