"""Studies of many blocks, each kept as files, so that a run that was stopped goes on."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from credit_ml.agencies import Agency, load_agency
from credit_ml.core import Finding, StudyError
from credit_ml.core.provenance import versions
from credit_ml.reports import StudyResults, write_report
from credit_ml.studies.run import checked_workers, shown_progress, writable
from credit_ml.studies.tables import CheckTable, Header, RaterTable, ReportTable
from credit_ml.studies.tracking import tracked
from credit_ml.studies.written import write_results


class Resumable(Protocol):
    """What a study must tell for its blocks to be run and its report written."""

    @property
    def study(self) -> Header:
        """What is asked."""
        ...

    @property
    def checks(self) -> tuple[CheckTable, ...]:
        """Predictions that a machine can check."""
        ...

    @property
    def report(self) -> ReportTable:
        """Where the report goes."""
        ...

    def digest(self) -> str:
        """SHA-256 of everything that the blocks depend on."""
        ...

    def model_dump(self, *, mode: str, exclude: set[str] | None = None) -> dict[str, Any]:
        """Return the study as plain values."""
        ...


def read_toml(path: str | Path) -> dict[str, Any]:
    """Read a study's file.

    Raises
    ------
    StudyError
        When it cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(str(path), "cannot be read", "give the path of a study file") from error
    except tomllib.TOMLDecodeError as error:
        raise StudyError(str(path), f"is not TOML ({error})", "mend that line") from error


def agencies_of(raters: Sequence[RaterTable]) -> list[Agency]:
    """Return one agency for each rater to fit, or raise AgencyError."""
    found = []
    for part in raters:
        agency = load_agency(part.agency)
        found += [agency.with_scorer(kind) for kind in part.scorers] or [agency]
    return found


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """The blocks of a study, how each is run, and what is made of their files."""

    blocks: Sequence[Any]
    run: Callable[[Any, Path], Any]
    """Writes the files of a block into a folder, as far as they are missing."""
    finding: Callable[[Path], Finding]
    """Made of the files in a folder; its parameters complete `data`."""
    kept: Path
    """Folder of all studies of a kind; blocks lie in one named by the study's digest."""
    noun: str
    """What blocks are, in the progress bar."""
    data: Mapping[str, str]
    """What the report says of the data, by the finding's parameter that counts it."""
    command: str
    """Command of the report's provenance, before the file's name."""
    settings: Mapping[str, Any]


def run_resumable(
    study: Resumable, work: Resumed, *, workers: int | None, track: bool, progress: bool
) -> StudyResults:
    """Run the blocks that are not kept yet, and write the report of all."""
    from joblib import Parallel, delayed

    target = writable(Path(study.report.path))
    folder = work.kept / study.digest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    jobs = min(checked_workers(workers), len(work.blocks))
    parameters = study.model_dump(mode="json")
    with (
        tracked(study.study.id, parameters, digest=study.digest(), enabled=track) as record,
        shown_progress(len(work.blocks) + 1, enabled=progress) as bar,
    ):
        bar.start(f"{len(work.blocks)} {work.noun}")
        done = Parallel(jobs, return_as="generator_unordered")(
            delayed(work.run)(block, folder) for block in work.blocks
        )
        for _ in done:
            bar.done()
        results = _results(study, work, work.finding(folder))
        record.results(results, {})
        record.file(write_results(results, target.with_suffix(".json")))
        record.file(write_report(results, target))
        bar.done()
    return results


def _results(study: Resumable, work: Resumed, finding: Finding) -> StudyResults:
    """Put a study's one finding under its question."""
    head, digest = study.study, study.digest()
    counted = {name: finding.parameters[key] for name, key in work.data.items()}
    numbers = {
        name: len(value) if isinstance(value, list) else value for name, value in counted.items()
    }
    checks = [check.model_dump(mode="json") for check in study.checks]
    return StudyResults(
        id=head.id,
        title=head.title,
        question=head.question,
        prediction=head.prediction,
        refutation=head.refutation,
        data={"name": finding.kind.split("_")[0], "kind": "simulated", **numbers, "digest": digest},
        findings=(finding,),
        settings={"checks": checks, **work.settings},
        provenance={
            "seed": head.seed,
            "configuration": digest,
            "versions": versions(),
            "command": f"{work.command} experiments/{head.id}.toml",
        },
    )
