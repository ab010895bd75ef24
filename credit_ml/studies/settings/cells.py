"""Cells of a sweep: the study at one setting, and of it the rows that are followed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Finding, InputError, StudyError, digest, known_names
from credit_ml.core.schema import COLUMNS, conform
from credit_ml.grammar.rows import rows
from credit_ml.reports.verdict import as_held
from credit_ml.studies.cells.work import as_parquet, from_parquet
from credit_ml.studies.run import without_report
from credit_ml.studies.settings.design import HeadlineTable, Setting, changed
from credit_ml.studies.study import Study
from credit_ml.studies.sweeps.kind_of import kind_of
from credit_ml.studies.sweeps.resumable import ResumableStudy

Named = Sequence[tuple[str, Finding]]
#: Columns of a followed row.
KEPT = (*COLUMNS, "unit")
#: Tables of a study that its cells do not hang on.
_NO_CELL = ("study", "report", "checks", "mute")


@dataclass(frozen=True, kw_only=True)
class SettingBlock:
    """One cell: the study at one setting."""

    given: Mapping[str, Any]
    setting: Setting
    headlines: tuple[HeadlineTable, ...]
    source: str
    drawn: bool = False
    """Whether it is one of many points, which need no resampled societies: how far they lie apart
    is what assumptions do, and chance is told where the study stands as it is."""

    @property
    def alike(self) -> tuple[Any, ...]:
        """What its time hangs on most."""
        given = self.values()
        size = given["world"]["citizens"] if "world" in given else given.get("citizens", 0)
        return (size, self.drawn)

    @property
    def name(self) -> str:
        """Name of its cell, the same wherever the setting stands in a design.

        Another study's has another name, so that its seconds are not taken for this one's.
        """
        told = {key: value for key, value in self.given.items() if key not in _NO_CELL}
        return f"setting-{digest([told, self.setting, self.drawn])[:16]}.parquet"

    def cells(self) -> dict[str, Callable[[], bytes]]:
        """Name of its cell, with what makes it."""
        return {self.name: partial(_measured, self)}

    def values(self) -> dict[str, Any]:
        """Return the study's nested plain values at the setting."""
        given = dict(self.given)
        for key, value in self.setting.items():
            given = changed(given, key, value)
        if self.drawn and issubclass(kind_of(given), Study):
            given["resample_societies"] = 0
        return given

    def study(self) -> Study | ResumableStudy:
        """Return the study at its setting, or raise what is wrong with it."""
        told = ", ".join(f"{key} = {value}" for key, value in self.setting.items())
        place = f"sweep, at {told}" if told else "sweep"
        given = self.values()
        try:
            return kind_of(given).from_dict(given, place=place, source=self.source)
        except InputError as error:
            raise error if place in error.place else error.within(place) from None


def _measured(block: SettingBlock) -> bytes:
    study = block.study()
    found = _of_main(study, block) if isinstance(study, Study) else _of_cells(study)
    made = followed(block.headlines, found)
    if not block.setting:
        _refuse_absent(block.headlines, made, found)
    # What headlines are called is no part of a cell: another name asks for no other number.
    return as_parquet(made.drop(columns="headline"))


def named(table: pd.DataFrame, headlines: Sequence[HeadlineTable]) -> pd.DataFrame:
    """Return a cell's rows with the names of the headlines, in whose order they stand."""
    return table.assign(headline=[each.name for each in headlines])


def _of_main(study: Study, block: SettingBlock) -> Named:
    kinds = frozenset(each.kind for each in block.headlines)
    results = without_report(study.asking_for(kinds), workers=1)
    own = [(rater.name, each) for rater in results.raters for each in rater.findings]
    across = [(str(each.parameters.get("rater", "")), each) for each in results.findings]
    return own + across


def _of_cells(study: ResumableStudy) -> Named:
    tables: dict[str, pd.DataFrame] = {}
    for block in study.blocks():
        tables |= {name: from_parquet(make()) for name, make in block.cells().items()}
    return [("", study.finding(dict(sorted(tables.items()))))]


def followed(headlines: Sequence[HeadlineTable], found: Named) -> pd.DataFrame:
    """Return one row a headline, its estimate NaN where no finding has it.

    Examples
    --------
    >>> table = conform([{"measure": "auc", "estimate": 0.7}])
    >>> asked = HeadlineTable(name="the AUC", kind="finding", where={"measure": "auc"})
    >>> made = followed([asked], [("", Finding(table=table, title="One"))])
    >>> made[["headline", "estimate"]].values.tolist()
    [['the AUC', 0.7]]
    """
    lines = [_row(asked, found) | {"headline": asked.name} for asked in headlines]
    table = conform(lines)
    return table[[*COLUMNS, "unit", "headline"]]


def _row(asked: HeadlineTable, found: Named) -> dict[str, Any]:
    for finding in _of_its_kind(asked, found):
        own = _picked(asked, finding)
        if len(own) == 1 and np.isfinite(own["estimate"].iloc[0]):
            row = {str(name): value for name, value in own.iloc[0].items() if name in KEPT}
            unit = str(finding.parameters.get("unit", "")) if "factor" in asked.where else ""
            return {"unit": unit} | row
    return {"measure": str(asked.where.get("measure", "")), "unit": "", "estimate": np.nan}


def _of_its_kind(asked: HeadlineTable, found: Named) -> list[Finding]:
    return [
        finding
        for rater, finding in found
        if finding.kind == asked.kind and asked.rater in ("", rater)
    ]


def _picked(asked: HeadlineTable, finding: Finding) -> pd.DataFrame:
    return rows(finding, **as_held(finding, asked.where))


def _refuse_absent(headlines: Sequence[HeadlineTable], made: pd.DataFrame, found: Named) -> None:
    """Refuse a headline that the study as it stands does not have: no setting would have it."""
    for asked, known in zip(headlines, made["estimate"].notna(), strict=True):
        if not known:
            where = f"sweep, headlines, '{asked.name}'"
            StudyError.unless(_of_its_kind(asked, found), where, "has no finding", "mend its kind")
            problem, remedy = _why_absent(asked, _of_its_kind(asked, found)[0])
            raise StudyError(where, problem, remedy)


def _why_absent(asked: HeadlineTable, finding: Finding) -> tuple[str, str]:
    """Say why a headline picks no number of a finding, and what to do."""
    own = _picked(asked, finding)
    if len(own) == 1:
        return "is not known of the study as it stands", "leave it out, or take a larger society"
    if len(own):
        known = (*COLUMNS, *finding.labels)
        apart = [
            name
            for name in known
            if name in own and name not in _MEASURED and len(own[name].unique()) > 1
        ]
        return f"picks {len(own)} rows", f"say in where which {' and '.join(apart) or 'one'}"
    for name, value in as_held(finding, asked.where).items():
        if name not in finding.table.columns:
            there = (each for each in finding.table.columns if each not in _MEASURED)
            return f"asks for the column '{name}', which is absent", known_names(name, there)
        held = finding.table[name].unique()
        if value not in held:
            return f"asks for {name} '{value}', which is absent", _known_values(value, list(held))
    return "picks no row: no row has all of its values at once", "name fewer in where"


def _known_values(value: object, held: Sequence[object]) -> str:
    names = sorted(map(str, held))
    near = get_close_matches(str(value), names, n=1)
    return known_names(str(value), dict.fromkeys([*near, *names[:_MOST_NAMED]]))


#: Columns that hold what was measured, and no row is picked by.
_MEASURED = ("estimate", "low", "high", "people", "clusters", "over")
#: Values of a column that an error lists.
_MOST_NAMED = 12
