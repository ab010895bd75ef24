"""What a study's numbers owe to what is assumed; a study with ``[sweep]`` asks for it."""

from collections.abc import Iterator

from credit_ml.core import Finding, Instrument, StudyResults
from credit_ml.grammar.blocks import TableView
from credit_ml.studies.settings.assumptions import Assumptions
from credit_ml.studies.settings.finding import SettingSweep
from credit_ml.studies.settings.tables import headlines_table, knobs_table, settings_table


def _tables(finding: Finding) -> Iterator[TableView]:
    if finding.kind == SettingSweep.kind:
        yield settings_table(finding)
        return
    yield knobs_table(finding)


def _matrix(results: StudyResults) -> TableView | None:
    found = next(iter(results.of_kind(Assumptions.kind)), None)
    return None if found is None else headlines_table(found[1])


SETTINGS = Instrument(
    id="assumptions",
    home=__package__,
    findings=(Assumptions, SettingSweep),
    section="assumptions",
    section_title="What hangs on what is assumed",
    tables=_tables,
    matrix=_matrix,
)
