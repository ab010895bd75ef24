"""Sentences on why a score is what it is: how far each factor and feature moves it."""

import math

from credit_ml.core import Finding
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import factor_name, plain, plural, sentence
from credit_ml.grammar.numbers import Amount, listed, show
from credit_ml.grammar.phrases import noun_of, points_unit, score_of, with_level
from credit_ml.grammar.rows import fact, level, values


def explanation_headline(results: StudyResults) -> str:
    """Return the section's result in one line: what the first score leans on most."""
    first = next(results.of_kind("explanation"), None)
    top = ranked(first[1], "factor")[:1] if first else []
    if first is None or not top:
        return ""
    (name, value), unit = top[0], points_unit(first[1])
    whose = sentence(score_of(first[0]), stop="") if first[0] else "The score"
    return (
        f"{whose} leans most on {factor_name(name)}, which move"
        f"{'' if plural(factor_name(name)) else 's'} it by {shown(value, unit)} on average."
    )


def explanation_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph a rater: factors in order, strongest features; then one person's.

    A study may keep reasons for a person or two in the finding's ``parameters["examples"]``:
    mappings with `who` and `text`, the text as `Reasons.text` gives it.
    """
    paragraphs = [
        Paragraph(
            lead=sentence(rater.name) if rater else "",
            text=" ".join(
                filter(
                    None,
                    (
                        _factors(rater, finding, noun_of(results), first=place == 0),
                        _features(finding),
                    ),
                )
            ),
        )
        for place, (rater, finding) in enumerate(results.of_kind("explanation"))
    ]
    return [*paragraphs, *_examples(results)]


def _examples(results: StudyResults) -> list[Paragraph]:
    return [
        Paragraph(lead=sentence(str(example["who"])), text=" ".join(str(example["text"]).split()))
        for _, finding in results.of_kind("explanation")
        for example in finding.parameters.get("examples", ())
    ]


def ranked(finding: Finding, kind: str) -> list[tuple[str, Amount]]:
    """Return everyone's mean absolute attributions, largest first."""
    names = values(finding, "name", level=kind, group="all")
    found = [(name, fact(finding, level=kind, name=name, group="all")) for name in names]
    known = [(name, value) for name, value in found if value is not None]
    return sorted(known, key=lambda item: -item[1].estimate)


def shown(value: Amount, unit: str) -> str:
    """Write an attribution in the unit of the score."""
    return (value.times(100) if unit == "percentage points" else value).text(unit)


def _factors(rater: RaterResults | None, finding: Finding, noun: str, *, first: bool) -> str:
    found = ranked(finding, "factor")
    if not found:
        return ""
    unit = points_unit(finding)
    head, *rest = found
    size = with_level(shown(head[1], unit), level(finding) if first else None)
    verb = "move" if plural(factor_name(head[0])) else "moves"
    one = "person" if noun == "people" else noun.removesuffix("s")
    whose = f"the score of the average {one}"
    said = f"{sentence(factor_name(head[0]), stop='')} {verb} {whose} by {size}, up or down"
    if unit == "log-odds" and first:
        times = show(math.exp(head[1].estimate), 1)
        said += f", which multiplies or divides the odds of keeping an obligation by {times}"
    parts = [f"{factor_name(name)} by {_bare(value, unit)}" for name, value in rest[:4]]
    return f"{said}; {listed(parts)}." if parts else f"{said}."


def _features(finding: Finding) -> str:
    found, unit = ranked(finding, "feature")[:3], points_unit(finding)
    if not found:
        return ""
    parts = [f"{plain(name)}, {_bare(value, unit)}" for name, value in found]
    verb = "is" if len(parts) == 1 else "are"
    noun = "feature" if len(parts) == 1 else "features"
    return f"The strongest single {noun} {verb} {'; '.join(parts)}."


def _bare(value: Amount, unit: str) -> str:
    return (value.times(100) if unit == "percentage points" else value).text()
