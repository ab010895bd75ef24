"""What `credit-ml run` does: says what it would do, lists cells, or makes what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from credit_ml.cli.finished import was_finished
from credit_ml.cli.write import cluster, refuse_overwriting
from credit_ml.core import InputError
from credit_ml.studies.cells.asked import CellsAsked, RunAsked

if TYPE_CHECKING:
    from credit_ml.core import StudyResults
    from credit_ml.studies import Study
    from credit_ml.studies.sweeps.resumable import CellStudy


def ran(
    study: "Study | CellStudy",
    asked: RunAsked,
    output: Path | None,
    *,
    force: bool,
    workers: int | None,
    **how: Any,
) -> "tuple[str, StudyResults]":
    """Run a study and write its report; return a line that says so, and what was found."""
    from credit_ml.core.cores import cores
    from credit_ml.studies import run_study

    refuse_strict(study, strict=asked.strict)
    refuse_idle_cluster(study, asked)
    if output is not None:  # a study's own page is made again
        refuse_overwriting(output, output.with_suffix(".json"), force=force)
    page = output or Path(study.report.path)
    before = _written_at(page)
    with cluster(asked.dask, workers or cores()) as client:
        where: dict[str, Any] = {"folder": asked.folder, "output": output, "client": client}
        where |= {"overwrite": True}  # was asked above
        found = run_study(study, workers=workers, **where, **how)
    return _said_of(page, before), found


def _said_of(page: Path, before: int | None) -> str:
    again = _written_at(page) == before
    return was_finished(page) if again else f"wrote {page}"


def _written_at(page: Path) -> int | None:
    """When a page was written, in nanoseconds; None where there is none."""
    try:
        return page.stat().st_mtime_ns
    except OSError:
        return None


def refuse_strict(study: "Study | CellStudy", *, strict: bool) -> None:
    """Refuse to end by audit checks where none is made: 0 would say that none warns.

    Raises
    ------
    InputError
        Of a leaderboard or a sweep.
    """
    from credit_ml.studies import Study

    problem = f"has nothing to end by: a study of {getattr(study, 'noun', '')} has no audit checks"
    remedy = "leave it out, or run the study of one society"
    InputError.unless(not strict or isinstance(study, Study), "--strict", problem, remedy)


def refuse_idle_cluster(study: "Study | CellStudy", asked: RunAsked) -> None:
    """Refuse a cluster that would be left without work, before it is started or asked.

    Raises
    ------
    StudyError
        Of a study of one society that measures no other.
    """
    from credit_ml.studies import Study
    from credit_ml.studies.run import refuse_unshared

    if asked.dask is not None and isinstance(study, Study) and study.option("nation") is None:
        refuse_unshared(study, "--dask")


def ran_nation(
    path: Path,
    asked: CellsAsked,
    output: Path | None,
    *,
    force: bool,
    workers: int | None,
    **how: Any,
) -> "tuple[str, StudyResults]":
    """Run a study city by city; return a line that says so, and what was found."""
    from credit_ml.core.cores import cores
    from credit_ml.studies import load_study, run_nation

    study: Any = load_study(path)  # another kind is refused where it would be run
    if output is not None:  # a study's own page is made again
        refuse_overwriting(output, output.with_suffix(".json"), force=force)
    page = output or Path(study.report.path)
    before = _written_at(page)
    with cluster(asked.dask, workers or cores()) as client:
        where: dict[str, Any] = {"folder": asked.folder, "output": output, "client": client}
        where |= {"overwrite": True}  # was asked above
        found = run_nation(study, workers=workers, **where, **how)
    return _said_of(page, before), found


def planned_cities(path: Path, folder: Path | None, output: Path | None) -> str:
    """Say what a run city by city would make, and the room it needs."""
    from credit_ml.studies import load_study

    return _planned_nation(load_study(path), folder, output)


def _planned_nation(study: Any, folder: Path | None, output: Path | None) -> str:
    from credit_ml.studies.nation.run import planned_nation

    told = planned_nation(study, folder)
    return f"{told}\nwould write {output or study.report.path}"


def planned(
    study: "Study | CellStudy", asked: RunAsked, *, output: Path | None, workers: int | None
) -> str:
    """Say which cells a run would make, how long that takes, and the room it needs."""
    refuse_idle_cluster(study, asked)
    from credit_ml.studies import Study
    from credit_ml.studies.cells.plan import plan

    if isinstance(study, Study) and study.option("nation") is not None:
        return _planned_nation(study, asked.folder, output)
    # Cells of one society are made together.
    measure = asked.measure and not isinstance(study, Study)
    found = plan(study.blocks(), study.cells(asked.folder), measure=measure)
    said = [found.text(study.noun, workers), f"would write {output or study.report.path}"]
    if isinstance(study, Study):
        said.insert(0, f"would ask {', '.join(each.id for each in study.asked())}")
    return "\n".join(said)


def listed(study: "Study | CellStudy", asked: RunAsked) -> str:
    """List cells, a line each: its state, the seconds it took, its name."""
    from credit_ml.studies.cells.plan import states

    cells = study.cells(asked.folder)
    return "\n".join([f"{cells.folder}", *states(cells, list(study.blocks()))])
