"""Studies of many blocks, whose cells are kept, so that a run that was stopped goes on."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd
from pydantic import Field, ValidationError

from credit_ml.agencies import Agency
from credit_ml.agencies.problems import readable
from credit_ml.core import Finding, StudyError, StudyResults, digest
from credit_ml.core.files import refuse_replacing
from credit_ml.core.instrument import Instrument, instruments_by_kind
from credit_ml.core.progress import shown_progress
from credit_ml.society import World, load_world
from credit_ml.studies.cells.code import made_by
from credit_ml.studies.cells.finished import Finished
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.cells.work import CellBlock, CellError, all_names, from_parquet, make_missing
from credit_ml.studies.predictions import refuse_undecidable
from credit_ml.studies.run import checked_workers
from credit_ml.studies.tables import (
    CheckTable,
    Header,
    RaterTable,
    ReportTable,
    StudyTable,
    agencies_of,
    beside,
    changed_world,
    refuse_repeated,
)
from credit_ml.studies.tracking import tracked
from credit_ml.studies.written import command_of, under_question, writable, write_all


class CellStudy(StudyTable):
    """Everything that a study of many blocks depends on; how many workers is not among it."""

    command: ClassVar[str]
    """Which runs it; cells of such studies lie in a folder of that name."""
    noun: ClassVar[str]
    """What blocks are, in the progress bar."""
    counted: ClassVar[tuple[tuple[str, str], ...]]
    """What the report says of the data, each with the finding's parameter that counts it."""
    some: ClassVar[bool] = False
    """Whether cells that are there are told of, where others failed."""

    study: Header
    checks: tuple[CheckTable, ...] = ()
    report: ReportTable
    source: str = Field(default="", exclude=True)
    """File that it was read from; relative worlds and agencies lie beside it."""

    def blocks(self) -> Iterable[CellBlock]:
        """Yield what one worker does at a time."""
        raise NotImplementedError

    def findings(self, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, ...]:
        """Return what all cells together say, by their names."""
        raise NotImplementedError

    def digest(self) -> str:
        """SHA-256 of everything that the cells depend on and a file can say."""
        raise NotImplementedError

    def cells(self, folder: str | Path | None = None) -> Cells:
        """Return its cells, in a folder named by configuration, code and versions."""
        kept = Path(folder or Path("data") / "generated" / self.command)
        return Cells(kept, self._key())

    def _key(self) -> str:
        raise NotImplementedError

    def settings(self) -> dict[str, Any]:
        """Return what the page says was chosen."""
        raise NotImplementedError


class ResumableStudy(CellStudy):
    """A study of many blocks, each with worlds and raters of its own."""

    found: ClassVar[type[Finding]]
    """What its cells are put together to."""
    code: ClassVar[tuple[str, ...]]
    """Modules that cells are made by, beside the rooms that these import."""
    apart: ClassVar[tuple[str, ...]]
    """Keys that no cell depends on."""
    unsaid: ClassVar[tuple[str, ...]] = ("study", "report", "changes")
    """Keys that are no setting on the page."""

    worlds: tuple[str, ...] = Field(min_length=1)
    changes: dict[str, Any] = Field(default_factory=dict)
    """Knobs of every world by mechanism, as `credit_ml.society.World.from_dict` takes them."""
    raters: tuple[RaterTable, ...] = Field(min_length=1)
    intervals: float = Field(default=0.95, gt=0, lt=1)

    @classmethod
    def from_dict(cls, given: dict[str, Any], *, place: str = "", source: str = "") -> Self:
        """Make a study from nested plain values.

        Raises
        ------
        StudyError, WorldError, AgencyError, MenuError
            With one line that names the key, the value and the remedy.
        """
        place = place or cls.command
        try:
            keys = cls._as_called_now(given, place) | ({"source": source} if source else {})
            made = cls.model_validate(keys)
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=StudyError) from None
        for world in made.worlds:
            made.load_world(world)
        refuse_repeated(made.agencies(), place)
        made._check(place)
        told: dict[str, Any] = {**made.study.foretold(), "raters": ()}
        refuse_undecidable(made.checks, asked=[made.instrument()], place=place, **told)
        return made

    @classmethod
    def instrument(cls) -> Instrument:
        """Return the one that its finding is of."""
        return instruments_by_kind()[cls.found.kind]

    @classmethod
    def _as_called_now(cls, given: dict[str, Any], place: str) -> dict[str, Any]:
        """Return the keys of a file, old ones as they are called now."""
        del place
        return given

    def _check(self, place: str) -> None:
        """Refuse what only a look into other rooms shows to be wrong."""
        raise NotImplementedError

    def agencies(self) -> list[Agency]:
        """Return one agency for each rater to fit, or raise AgencyError."""
        return agencies_of(self.raters, lambda name: beside(self.source, name))

    def load_world(self, name: str, **changes: int) -> World:
        """Return one of its worlds with its knobs changed, or raise WorldError."""
        return changed_world(load_world(beside(self.source, name), **changes), self.changes)

    def finding(self, tables: Mapping[str, pd.DataFrame]) -> Finding:
        """Return what all cells together say, by their names."""
        raise NotImplementedError

    def findings(self, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, ...]:
        """Return the one finding."""
        return (self.finding(tables),)

    def digest(self) -> str:
        """SHA-256 of everything that the cells depend on and a file can say."""
        return digest(self._depends_on())

    def _key(self) -> str:
        return digest([self.digest(), made_by(*self.code)])

    def _depends_on(self) -> list[Any]:
        worlds = [self.load_world(world).to_dict() for world in self.worlds]
        agencies = [agency.model_dump(mode="json") for agency in self.agencies()]
        # Changed knobs are in the worlds.
        told = self.model_dump(mode="json", exclude={*self.apart, "changes"})
        return [told, self.study.seed, worlds, agencies]

    def settings(self) -> dict[str, Any]:
        """Return what the page says was chosen."""
        told = self.model_dump(mode="json", exclude=set(self.unsaid))
        return told | self.report.settings() | ({"changes": self.changes} if self.changes else {})


def run_resumable(
    study: CellStudy,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    client: Any = None,
    track: bool = True,
    progress: bool = True,
    output: str | Path | None = None,
    overwrite: bool = False,
) -> StudyResults:
    """Make the cells that are not kept yet, and write the report of all."""
    target = writable(Path(output or study.report.path))
    blocks, jobs = list(study.blocks()), checked_workers(workers)
    cells = study.cells(folder).writable()
    parameters = study.model_dump(mode="json")
    told = [parameters, study.source]
    finished = Finished.of(cells, all_names(blocks), target, told)
    if (found := finished.results(track=track)) is not None:
        return found
    refuse_replacing(target, target.with_suffix(".json"), overwrite=overwrite or output is None)
    asked: dict[str, Any] = {"digest": study.digest(), "question": study.study.question}
    with (
        tracked(study.study.id, parameters, **asked, enabled=track) as record,
        shown_progress(len(blocks) + 1, enabled=progress) as bar,
    ):
        bar.start(f"{len(blocks)} {study.noun}")
        failed = _made(study, cells, blocks, workers=jobs, client=client, bar=bar)
        names = [name for name in sorted(all_names(blocks)) if failed is None or cells.has(name)]
        tables = {name: from_parquet(cells.needed(name)) for name in names}
        results = _results(study, study.findings(tables))
        record.keep(results, write_all(results, target))
        bar.done()
        if failed is not None:
            raise failed
    finished.note(record.kept)
    return results


def _made(study: CellStudy, cells: Cells, blocks: list[CellBlock], **how: Any) -> CellError | None:
    """Make the cells; return what failed where the study is told of without it."""
    needed = frozenset(blocks[0].cells() if study.some else ())
    try:
        make_missing(cells, blocks, needed=needed, **how)
    except CellError as error:
        if not study.some or not all(map(cells.has, needed)):
            raise
        return error
    return None


def _results(study: CellStudy, findings: tuple[Finding, ...]) -> StudyResults:
    """Put a study's findings under its question; the first says what was counted."""
    first = findings[0]
    numbers = {name: first.parameters[key] for name, key in study.counted}
    for name, told in numbers.items():
        numbers[name] = len(told) if isinstance(told, list) else told
    name, made_of = first.kind.split("_")[0], study.digest()
    return under_question(
        study.study.model_dump(),
        configuration=made_of,
        command=command_of(study.source, study.study.id),
        data={"name": name, "kind": "simulated", **numbers, "digest": digest(["cells", made_of])},
        findings=findings,
        settings=study.settings(),
    )
