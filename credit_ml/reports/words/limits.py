"""What the report cannot say: the limits of its kind, then what each instrument warned of."""

from credit_ml.reports.content import StudyResults
from credit_ml.reports.names import sentence
from credit_ml.reports.pieces import Paragraph

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
    notes = dict.fromkeys(
        sentence(" ".join(note.split())) for each in results.all_findings() for note in each.notes
    )
    paragraphs = [Paragraph(text=" ".join(general))]
    if notes:
        paragraphs.append(Paragraph(text="The instruments themselves note:", items=tuple(notes)))
    return paragraphs
