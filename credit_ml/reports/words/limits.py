"""What the report cannot say: the limits of its kind, then what each instrument warned of."""

import re

from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import listed

_SIMULATED = (
    "The citizens are made. What is found here holds in a world with these parameters; it shows "
    "what such a score can do and how well instruments see it, not what any real score does.",
    "Agencies are modelled on published descriptions. Real formulas are not published.",
)
_TABLE = (
    "The people are those of the table. Who is missing from it, such as people who were refused "
    "before, is not seen here.",
    "Without a known truth, parts of a gap describe what the model is given. They do not say "
    "what would change if a group's circumstances changed.",
    "The recorded outcome is taken as it stands; where it was recorded unequally, every rate "
    "built on it is unequal too.",
)


def limits_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return the general limits, and the notes of every finding, each said once."""
    general = _SIMULATED if results.simulated else _TABLE
    notes = _notes(results)
    paragraphs = [Paragraph(text=" ".join(general))]
    if notes:
        paragraphs.append(
            Paragraph(
                text="The instruments themselves note:",
                items=tuple(Paragraph(text=note) for note in notes),
            )
        )
    return paragraphs


def _notes(results: StudyResults) -> tuple[str, ...]:
    """Return every note once; those that differ in a number alone are told together."""
    found: dict[str, dict[str, list[str]]] = {}
    for rater in results.raters:
        for finding in rater.findings:
            for note in finding.notes:
                _add(found, note, rater.name)
    for finding in results.findings:
        for note in finding.notes:
            _add(found, note, "")
    return tuple(_told(versions) for versions in found.values())


def _add(found: dict[str, dict[str, list[str]]], note: str, rater: str) -> None:
    text = sentence(" ".join(note.split()))
    names = found.setdefault(_NUMBER.sub("#", text), {}).setdefault(text, [])
    if rater and rater not in names:
        names.append(rater)


def _told(versions: dict[str, list[str]]) -> str:
    first, *others = versions
    if not others or not versions[first]:
        return " ".join(versions)
    told = [f"{listed(_NUMBER.findall(text))} at {listed(versions[text])}" for text in others]
    return f"At {listed(versions[first])}: {first} The same with {'; '.join(told)}."


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
