"""Sentences on the paths of a gap, by a causal graph that somebody gave."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import plain, sentence
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.phrases import PAIR, GroupPair, doubt, noun_of, pair_of, with_level
from credit_ml.grammar.rows import fact, level, rows, values

#: The three parts that sum to a gap, as prose names them.
PARTS = ("direct", "indirect", "spurious")
WHOLE, PATH = "(gap)", "indirect: "

ONLY_IF = (
    "Direct means through none of the features that the graph names between the sensitive feature "
    "and what is measured; spurious, what the groups differ in before. All this is causal only if "
    "that graph is right, which the table cannot show."
)


def paths_headline(results: StudyResults) -> str:
    """Return the section's result in one line: which parts of the gap can be told from none."""
    found = next((finding for _, finding in results.of_kind("causal_effects")), None)
    if found is None:
        return ""
    pair = pair_of(found, results)
    group, reference = pair.people(noun_of(results))
    parts = {name: _part(found, name, pair) for name in PARTS}
    clear = [name for name, part in parts.items() if part and part.side() != "unclear"]
    if not clear:
        return f"No path can be told by which {group} come to differ from {reference}."
    named = "a part" if len(clear) == 1 else "parts"
    articles = [f"{'an' if name == 'indirect' else 'a'} {name}" for name in clear]
    return (
        f"By the graph that was given, the gap between {group} and {reference} has "
        f"{listed(articles)} part{'s' * (named == 'parts' and len(clear) > 1)}."
    )


def paths_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph a pair of groups, and under which condition they hold."""
    noun = noun_of(results)
    said = [
        Paragraph(
            lead=sentence(f"{pair.people(noun)[0]} and {pair.people(noun)[1]}"),
            text=_sentences(finding, pair, noun, first=place == 0),
        )
        for _, finding in results.of_kind("causal_effects")
        for place, pair in enumerate(_pairs(finding))
    ]
    said = [paragraph for paragraph in said if paragraph.text]
    return [*said, Paragraph(lead="Only if the graph is right.", text=ONLY_IF)] if said else []


def _sentences(found: Finding, pair: GroupPair, noun: str, *, first: bool) -> str:
    whole = _part(found, WHOLE, pair)
    if whole is None:
        return ""
    group, reference = pair.people(noun)
    text = with_level(whole.size().text(), level(found) if first else None)
    unsure = f", {doubt(whole)}" if whole.side() == "unclear" else ""
    side = "below" if whole.estimate < 0 else "above"
    said = [f"{sentence(group, stop='')} stand {text} {side} {reference}{unsure}."]
    blocks = [
        name for name in values(found, "effect", **pair.where()) if str(name).startswith(PATH)
    ]
    for name in ("direct", *(blocks or ["indirect"]), "spurious"):
        part = _part(found, name, pair)
        if part is not None:
            said.append(_told(found, name, part, whole))
    return " ".join(said)


def _told(found: Finding, name: str, part: Amount, whole: Amount) -> str:
    """Say one part: whether it can be told, and whether it works with the gap or against it."""
    how = sentence(_named(found, name), stop="")
    if part.side() == "unclear":
        return f"{how}: {part.text()}, {doubt(part, none='none')}."
    with_it = part.estimate * whole.estimate > 0 or whole.side() == "unclear"
    return f"{how}: {part.text()}{'' if with_it else ', against the gap'}."


def _named(found: Finding, name: str) -> str:
    mediators = found.parameters["mediators"]
    if name.startswith(PATH):
        block = name.removeprefix(PATH)
        return f"by {plain(block)} ({listed([plain(each) for each in mediators[block]])})"
    if name == "indirect":
        between = [plain(each) for block in mediators.values() for each in block]
        return f"through {listed(between)}" if between else "indirect"
    if name == "spurious":
        before = [plain(each) for each in found.parameters["confounders"]]
        return f"spurious, by {listed(before)}" if before else "spurious"
    return name


def _pairs(found: Finding) -> list[GroupPair]:
    columns = (rows(found, effect=WHOLE)[name].astype(str) for name in PAIR)
    return [GroupPair(*place) for place in zip(*columns, strict=True)]


def _part(found: Finding, name: str, pair: GroupPair) -> Amount | None:
    return fact(found, effect=name, **pair.where())
