"""The numbered rows of a page: those of its findings' tables, and what was chosen for them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.core.provenance import canonical_json
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import HELD, ROW, cited, marked, unmarked
from credit_ml.grammar.names import plain
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import unit_of
from credit_ml.grammar.tables import cell
from credit_ml.reports.cells.steady import steady, steady_table


class Ledger:
    """Numbers rows from 1 in the order of the results, whatever the page shows of them.

    Examples
    --------
    >>> import pandas as pd
    >>> one = Finding(table=pd.DataFrame({"estimate": [1.0, 2.0]}), title="One")
    >>> ledger = Ledger()
    >>> told = ledger.results(StudyResults(id="a", title="A", findings=(one,)))
    >>> told.findings[0].table["page_row"].tolist(), ledger.described(2)
    ([1, 2], ('One', '', '2'))
    """

    def __init__(self) -> None:
        self._findings: list[tuple[int, Finding]] = []
        self._values: dict[tuple[str, str], int] = {}
        self._told: dict[int, tuple[str, str, str]] = {}
        self._last = 0

    def results(self, results: StudyResults) -> StudyResults:
        """Return the results with a number for each row, in the order in which they are stored."""
        return replace(
            results,
            raters=tuple(map(self._rater, results.raters)),
            findings=tuple(map(self._finding, results.findings)),
            data=self._chosen(results.data, "What was run"),
            settings=self._chosen(results.settings, "Settings of the study"),
            world=as_stored(results.world),
            provenance=as_stored(results.provenance),
        )

    def described(self, row: int) -> tuple[str, str, str]:
        """Return where a row stands, what tells it from others, and what it holds."""
        if row in self._told:
            return self._told[row]
        first, finding = next(each for each in reversed(self._findings) if each[0] <= row)
        record = {str(name): value for name, value in finding.table.iloc[row - first].items()}
        if "unit" in record:
            record["unit"] = unit_of(record, finding.shown_in)
        texts = (f"{plain(name)} {value}" for name, value in record.items() if _names(value))
        return finding.title, ", ".join(texts), cell(Amount.of(record))

    def table(self, rows: Iterable[int]) -> TableView:
        """Return rows that no other table of the page shows, each with its place."""
        lines = tuple(
            (where, what, marked(unmarked(value) or "–", cited(1, row)))
            for row in sorted(set(rows))
            for where, what, value in [self.described(row)]
        )
        caption = "Rows and settings that the words read and no table above shows"
        return TableView(
            caption=caption,
            head=("Where it stands", "Which", "Value"),
            bodies=(("", lines),),
            words=(0, 1),
            bare="what was chosen or counted has no interval",
        )

    def _rater(self, rater: RaterResults) -> RaterResults:
        name = str(rater.agency.get("id", rater.id))
        agency = self._chosen(rater.agency, f"Description of the agency {name}")
        return replace(rater, agency=agency, findings=tuple(map(self._finding, rater.findings)))

    def _finding(self, finding: Finding) -> Finding:
        first = self._last + 1
        self._last += len(finding.table)
        self._findings.append((first, finding))
        numbered = steady_table(finding.table).assign(**{ROW: range(first, self._last + 1)})
        whose = str(finding.parameters.get("rater") or "")
        asked = f"{finding.title}{', ' * bool(whose)}{whose}: what was asked"
        chosen = self._chosen(finding.parameters, asked)
        return finding.told_as(table=numbered, parameters=chosen)

    def _chosen(self, given: Mapping[str, Any], where: str) -> Any:
        """Return plain values as they are stored, whose numbers know where they stand."""
        return self._numbered(as_stored(given), where, "")

    def _numbered(self, given: Any, where: str, path: str) -> Any:
        if isinstance(given, dict):
            return {
                key: self._numbered(value, where, f"{path}.{key}" if path else key)
                for key, value in given.items()
            }
        if isinstance(given, list):
            return [
                self._numbered(value, where, f"{path}.{place}")
                for place, value in enumerate(given, start=1)
            ]
        if isinstance(given, bool) or not isinstance(given, int | float):
            return given
        if (where, path) not in self._values:
            self._last += 1
            self._values[where, path] = self._last
            self._told[self._last] = (where, path, cell(given))
        return cited(given, self._values[where, path])


def unnumbered(finding: Finding) -> Finding:
    """Return a finding of a page as it is stored: pictures have no marks and no numbered rows."""
    own = [name for name in (ROW, HELD) if name in finding.table.columns]
    table = finding.table.drop(columns=own) if own else finding.table
    return finding.told_as(table=table, parameters=as_stored(finding.parameters))


def undone(results: StudyResults) -> StudyResults:
    """Return results as they are stored, without the numbers of a page's rows."""
    raters = tuple(
        replace(each, findings=tuple(map(unnumbered, each.findings))) for each in results.raters
    )
    settings = as_stored(results.settings)
    findings = tuple(map(unnumbered, results.findings))
    return replace(results, raters=raters, findings=findings, settings=settings)


def as_stored(given: Any) -> Any:
    """Return plain values as they come back from a file: keys sorted, tuples as lists.

    A study read back from its file then makes the same page as the run that wrote it, on any
    processor.
    """
    return json.loads(canonical_json(given), parse_float=lambda text: steady(float(text)))


def _names(value: Any) -> bool:
    return isinstance(value, str) and value not in ("", "all", "overall")
