"""Studies of many blocks, each kept as files, so that a run that was stopped goes on.

A block looks itself which of its files are there: ``run`` in `disclosure_cells` and
`leaderboard_cells`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from pydantic import Field, ValidationError

from credit_ml.agencies import Agency
from credit_ml.agencies.problems import readable
from credit_ml.core import Finding, StudyError, StudyResults, digest
from credit_ml.core.progress import shown_progress
from credit_ml.society import load_world
from credit_ml.studies.run import checked_workers
from credit_ml.studies.tables import (
    CheckTable,
    Header,
    RaterTable,
    ReportTable,
    StudyTable,
    agencies_of,
    read_study,
)
from credit_ml.studies.tracking import tracked
from credit_ml.studies.written import under_question, writable, write_all


class ResumableStudy(StudyTable):
    """Everything that a study of many blocks depends on; how many workers is not among it."""

    command: ClassVar[str]
    """Which runs it; cells of such studies lie in a folder of that name."""
    noun: ClassVar[str]
    """What blocks are, in the progress bar."""
    counted: ClassVar[tuple[tuple[str, str], ...]]
    """What the report says of the data, each with the finding's parameter that counts it."""
    apart: ClassVar[tuple[str, ...]]
    """Keys that no cell depends on."""
    unsaid: ClassVar[tuple[str, ...]] = ("study", "report")
    """Keys that are no setting on the page."""

    study: Header
    worlds: tuple[str, ...] = Field(min_length=1)
    raters: tuple[RaterTable, ...] = Field(min_length=1)
    intervals: float = Field(default=0.95, gt=0, lt=1)
    checks: tuple[CheckTable, ...] = ()
    report: ReportTable

    @classmethod
    def from_dict(cls, given: dict[str, Any], *, place: str = "") -> Self:
        """Make a study from nested plain values.

        Raises
        ------
        StudyError, WorldError, AgencyError, MenuError
            With one line that names the key, the value and the remedy.
        """
        place = place or cls.command
        try:
            made = cls.model_validate(cls._as_called_now(given, place))
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=StudyError) from None
        for world in made.worlds:
            load_world(world)
        made._check(place)
        return made

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
        return agencies_of(self.raters)

    def blocks(self) -> Iterator[Any]:
        """Yield what one worker does at a time: ``run(folder)`` writes the files it lacks."""
        raise NotImplementedError

    def finding(self, folder: Path) -> Finding:
        """Return what the files in a folder say."""
        raise NotImplementedError

    def digest(self) -> str:
        """SHA-256 of everything that the cells depend on."""
        return digest(self._depends_on())

    def _depends_on(self) -> list[Any]:
        worlds = [load_world(world).to_dict() for world in self.worlds]
        agencies = [agency.model_dump(mode="json") for agency in self.agencies()]
        told = self.model_dump(mode="json", exclude=set(self.apart))
        return [told, self.study.seed, worlds, agencies]


Asked = TypeVar("Asked", bound=ResumableStudy)


def load_resumable(kind: type[Asked], source: Asked | str | Path) -> Asked:
    """Return a study, or read and check its file."""
    if isinstance(source, ResumableStudy):
        return source
    return kind.from_dict(read_study(source), place=str(source))


def run_resumable(
    study: ResumableStudy,
    *,
    folder: str | Path | None,
    workers: int | None,
    track: bool,
    progress: bool,
) -> StudyResults:
    """Run the blocks that are not kept yet, and write the report of all."""
    from joblib import Parallel, delayed

    target = writable(Path(study.report.path))
    kept = Path(folder or Path("data") / "generated" / study.command) / study.digest()[:16]
    kept.mkdir(parents=True, exist_ok=True)
    blocks = list(study.blocks())
    jobs = min(checked_workers(workers), len(blocks))
    parameters = study.model_dump(mode="json")
    with (
        tracked(study.study.id, parameters, digest=study.digest(), enabled=track) as record,
        shown_progress(len(blocks) + 1, enabled=progress) as bar,
    ):
        bar.start(f"{len(blocks)} {study.noun}")
        done = Parallel(jobs, return_as="generator_unordered")(
            delayed(block.run)(kept) for block in blocks
        )
        for _ in done:
            bar.done()
        results = _results(study, study.finding(kept))
        record.keep(results, write_all(results, target))
        bar.done()
    return results


def _results(study: ResumableStudy, finding: Finding) -> StudyResults:
    """Put a study's one finding under its question."""
    numbers = {name: finding.parameters[key] for name, key in study.counted}
    for name, told in numbers.items():
        numbers[name] = len(told) if isinstance(told, list) else told
    name, made_of = finding.kind.split("_")[0], study.digest()
    return under_question(
        study.study.model_dump(),
        configuration=made_of,
        command=f"credit-ml {study.command} experiments/{study.study.id}.toml",
        data={"name": name, "kind": "simulated", **numbers, "digest": made_of},
        findings=(finding,),
        settings=study.model_dump(mode="json", exclude=set(study.unsaid)),
    )
