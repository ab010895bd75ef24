"""What `credit-ml run` does: says what it would do, lists cells, or makes what is missing."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from credit_ml.cli.write import cluster, refuse_overwriting

if TYPE_CHECKING:
    from credit_ml.studies import Study
    from credit_ml.studies.sweeps.resumable import ResumableStudy


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Where and by whom a study is run; nothing of it changes a finding."""

    output: Path | None
    folder: Path | None
    workers: int | None
    dask: str | None

    def page(self, study: "Study | ResumableStudy") -> Path:
        """Return the path of the report."""
        return self.output or Path(study.report.path)


def ran(study: "Study | ResumableStudy", asked: Asked, *, force: bool, **how: bool) -> str:
    """Run a study, and return what to tell."""
    from credit_ml.core.cores import cores
    from credit_ml.studies import run_study

    page = asked.page(study)
    if asked.output is not None:  # a study's own page is made again
        refuse_overwriting(page, page.with_suffix(".json"), force=force)
    with cluster(asked.dask, asked.workers or cores()) as client:
        given: dict[str, Any] = {"workers": asked.workers, "client": client, **how}
        run_study(study, folder=asked.folder, output=asked.output, **given)
    return f"wrote {page}"


def planned(study: "Study | ResumableStudy", asked: Asked, *, measure: bool) -> str:
    """Say which cells a run would make, how long that takes, and the room it needs.

    Parameters
    ----------
    measure : bool
        Make one missing cell of each kind, which is kept, where nothing says how long they take.
    """
    from credit_ml.studies import Study
    from credit_ml.studies.cells.plan import plan
    from credit_ml.studies.sweeps.resumable import ResumableStudy

    measure = measure and isinstance(study, ResumableStudy)
    found = plan(study.blocks(), study.cells(asked.folder), measure=measure)
    said = [found.text(study.noun, asked.workers), f"would write {asked.page(study)}"]
    if isinstance(study, Study):
        said.insert(0, f"would ask {', '.join(each.id for each in study.asked())}")
    return "\n".join(said)


def listed(study: "Study | ResumableStudy", asked: Asked) -> str:
    """List cells, a line each: its state, the seconds it took, its name."""
    from credit_ml.studies.cells.plan import states

    cells = study.cells(asked.folder)
    return "\n".join([f"{cells.folder}", *states(cells, list(study.blocks()))])
