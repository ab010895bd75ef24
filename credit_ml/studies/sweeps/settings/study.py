"""A study with a sweep: itself at every setting, each a cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

import pandas as pd
from pydantic import Field, ValidationError, create_model

from credit_ml.agencies import Agency
from credit_ml.agencies.problems import readable
from credit_ml.core import Finding, InputError, StudyError, digest
from credit_ml.reports.verdict import single_row
from credit_ml.studies.cells.code import every_room, made_by
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.cells.work import as_parquet
from credit_ml.studies.run import without_report
from credit_ml.studies.study import Study, with_options
from credit_ml.studies.sweeps.resumable import ResumableStudy
from credit_ml.studies.sweeps.settings.design import (
    HeadlineTable,
    Setting,
    SweepTable,
    changed,
    label,
)
from credit_ml.studies.sweeps.settings.finding import settings_sweep


class SettingsStudy(ResumableStudy):
    """A study of one society, run at every setting of what it assumes.

    Its cells are settings; further values of a key are added to those that are kept. Beside the
    settings of the design there is the study as it stands.
    Cost: settings times that of the study with the instruments alone that its headlines are of, and
    with its ``resample_societies``: 0 leaves intervals over clusters.

    Examples
    --------
    >>> head = {"id": "one", "title": "One", "question": "Is there a gap?", "prediction": "Yes.",
    ...         "refutation": "No.", "seed": 1}
    >>> gap = {"name": "gap", "kind": "audit", "where": {"measure": "mean_score", "group": "rural",
    ...        "quantity": "difference"}}
    >>> study = SettingsStudy.from_dict({
    ...     "study": head, "world": {"name": "baseline", "citizens": 500}, "sensitive": ["hukou"],
    ...     "raters": [{"agency": "council"}], "report": {"path": "one.html"},
    ...     "sweep": {"over": {"world.changes.address.gradient": [0.2, 0.8]}, "headlines": [gap]}})
    >>> len(list(study.blocks()))
    3
    """

    command = "settings"
    noun = "settings"
    counted = (("settings", "settings"), ("headlines", "headlines"))
    code = ("studies.sweeps.settings.study", "studies.sweeps.settings.design")
    apart = ("checks", "report", "study")

    sweep: SweepTable
    base: dict[str, Any] = Field(default_factory=dict)
    """The study as it stands, less its sweep and its checks."""

    @classmethod
    def keys(cls) -> set[str]:
        """Keys that it knows: those of the study that it varies, and its own."""
        return Study.keys() | {"sweep"}

    @classmethod
    def file_model(cls) -> Any:
        """Return the model of its file, for the schema."""
        return create_model(cls.__name__, __base__=with_options(Study), sweep=(SweepTable, ...))

    @classmethod
    def from_dict(cls, given: dict[str, Any], *, place: str = "", source: str = "") -> Self:
        """Make a study from nested plain values; every setting is checked.

        Raises
        ------
        StudyError, WorldError, AgencyError, MenuError
            With one line that names the setting, the key, the value and the remedy.
        """
        place = place or "study"
        base = {key: value for key, value in given.items() if key not in ("sweep", "checks")}
        alone = Study.from_dict(base, place=place, source=source)
        told = {key: given[key] for key in ("study", "report", "checks") if key in given}
        told |= {"sweep": given.get("sweep"), "base": base, "intervals": alone.intervals}
        told |= {"worlds": (alone.world.name,), "raters": alone.raters}
        told |= {"source": source} if source else {}
        try:
            made = cls.model_validate(told)
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=StudyError) from None
        names = [each.name for each in made.sweep.headlines]
        problem, remedy = "have one name twice", "give each a name of its own"
        StudyError.unless(len(set(names)) == len(names), f"{place}: headlines", problem, remedy)
        for block in made.blocks():
            block.study  # noqa: B018 (made to be checked)
        return made

    def told_settings(self) -> dict[str, Any]:
        """Return the settings of the study as it stands, and its sweep."""
        base = {key: each for key, each in self.base.items() if key not in ("study", "report")}
        return base | self.model_dump(mode="json", include={"sweep", "checks"})

    def agencies(self) -> list[Agency]:
        """Return one agency for each rater of the study as it stands."""
        return Study.from_dict(self.base, source=self.source).agencies()

    def blocks(self) -> Iterator["SettingBlock"]:
        """Yield what one worker does at a time: the study as it stands, and at every setting."""
        seen: set[str] = set()
        for setting in ({}, *self.sweep.settings()):
            block = SettingBlock(self.base, setting, self.sweep.headlines, self.source)
            if block.name not in seen:
                seen.add(block.name)
                yield block

    def cells(self, folder: str | Path | None = None) -> Cells:
        """Return its cells: what they hang on beside the code is in the name of each."""
        kept = Path(folder or Path("data") / "generated" / self.command)
        return Cells(kept, digest([made_by(*self.code, *every_room())]))

    def finding(self, tables: Mapping[str, pd.DataFrame]) -> Finding:
        """Return where the headlines lie over all settings."""
        settings = [{}, *self.sweep.settings()]
        blocks = [SettingBlock(self.base, s, self.sweep.headlines, self.source) for s in settings]
        numbers = [tables[block.name].assign(setting=k) for k, block in enumerate(blocks)]
        return settings_sweep(
            pd.concat(numbers, ignore_index=True), self.sweep, intervals=self.intervals
        )


@dataclass(frozen=True)
class SettingBlock:
    """One cell: the study at one setting."""

    base: Mapping[str, Any]
    setting: Setting
    headlines: tuple[HeadlineTable, ...]
    source: str = field(default="")

    @property
    def alike(self) -> str:
        """How many citizens there are and which raters, on which its time hangs most."""
        return f"{self.study.world.citizens} {len(self.study.agencies())}"

    @cached_property
    def study(self) -> Study:
        """The study at its setting, or an error that names it."""
        given: dict[str, Any] = dict(self.base)
        for key, value in self.setting.items():
            given = changed(given, key, value)
        told = ", ".join(f"{key} = {label(value)}" for key, value in self.setting.items())
        try:
            return Study.from_dict(given, source=self.source)
        except InputError as error:
            raise error.within(f"sweep, at {told}" if told else "study") from error

    @cached_property
    def name(self) -> str:
        """Name of its cell, the same wherever the setting stands in a design."""
        hangs_on = [self.study.digest_of_findings(), [h.model_dump() for h in self.headlines]]
        return f"setting-{digest(hangs_on)[:20]}.parquet"

    def cells(self) -> dict[str, Any]:
        """Name of its cell, with what makes it."""
        return {self.name: partial(_measured, self)}


def _measured(block: SettingBlock) -> bytes:
    # What no headline reads is not made.
    asked = block.study.asking_only(each.kind for each in block.headlines)
    results = without_report(asked, workers=1)
    numbers = []
    for each in block.headlines:
        found = single_row(results, kind=each.kind, rater=each.rater, where=each.where)
        if found is None:
            place, problem = f"headline '{each.name}'", f"names no single row of {each.kind}"
            raise StudyError(place, problem, "give `where` so that one row is left")
        numbers.append({"headline": each.name, **found})
    return as_parquet(pd.DataFrame(numbers))
