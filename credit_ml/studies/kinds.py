"""A study file of any kind: how it is read, and how it is run."""

from pathlib import Path
from typing import Any

from credit_ml.core import StudyError, StudyResults, refuse_unknown
from credit_ml.studies.run import run_main
from credit_ml.studies.settings.study import SettingsStudy
from credit_ml.studies.shipped import study_file
from credit_ml.studies.study import Study
from credit_ml.studies.sweeps.kind_of import kind_of
from credit_ml.studies.sweeps.resumable import CellStudy, run_resumable
from credit_ml.studies.tables import read_study


def load_study(path: str | Path) -> Study | CellStudy:
    """Read and check a study file of any kind; nothing is run.

    Parameters
    ----------
    path : str or Path
        Of a file, or the name of a study that ships with the package (`studies`).

    Returns
    -------
    Study, LeaderboardStudy, SweepStudy or SettingsStudy
        A leaderboard names ``estimators``, a sweep of disclosure ``regimes``; a study of any kind
        that has a table ``[sweep]`` is run at many settings.

    Raises
    ------
    StudyError, WorldError, AgencyError, MenuError
        When the file, a key or a value cannot be used.

    Examples
    --------
    >>> load_study("absent.toml")
    Traceback (most recent call last):
    credit_ml.core.errors.StudyError: absent.toml: cannot be read; give the path of a study file
    """
    path = study_file(path)
    given = read_study(path)
    if not given:
        raise StudyError(str(path), "is empty", "give at least the tables study, world and raters")
    if "source" in given:
        refuse_unknown(StudyError, str(path), "source", sorted(given.keys() - {"source"}))
    kind = SettingsStudy if "sweep" in given else kind_of(given)
    return kind.from_dict(given, place=str(path), source=str(path))


def run_study(
    source: str | Path | Study | CellStudy,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    client: Any = None,
    track: bool = True,
    progress: bool = True,
    output: str | Path | None = None,
) -> StudyResults:
    """Run a study of any kind, keep its record in mlflow, and write its report.

    Everything is checked before anything starts. What is computed is kept in cells, each a file
    that is complete or absent and known by configuration, code and versions: a run that was
    stopped goes on where it was. The findings depend on neither `workers` nor `client`, and two
    runs on one machine write the same bytes. The report and, beside it, the results as JSON are
    written last and whole.

    Cost: see ``benchmarks/results/main_job.md``.

    Parameters
    ----------
    source : str, Path or study
        A study file, the name of one that ships with the package (`studies`), or what `load_study`
        made of one.
    folder : str or Path, optional
        Where cells are kept; ``data/generated/COMMAND`` by default.
    workers : int, optional
        Jobs at once; all processors by default.
    client : distributed.Client, optional
        Of a Dask cluster whose workers see `folder` under the same path. It makes cells, and a
        study of one society has its other societies made there, all else by `workers` here.
    track : bool
        Keep a record: at ``MLFLOW_TRACKING_URI`` if set, else in ``mlflow.db`` here. An active
        run becomes the parent.
    progress : bool
        Show a bar on stderr when it is a terminal.
    output : str or Path, optional
        The report; the study names one.

    Returns
    -------
    StudyResults
        All findings.

    Raises
    ------
    StudyError, WorldError, AgencyError
        When the study cannot be used, or leaves a cluster without work; nothing was tracked or
        written.
    CellError
        When some cells failed; all others are kept.

    Examples
    --------
    >>> run_study("absent.toml")
    Traceback (most recent call last):
    credit_ml.core.errors.StudyError: absent.toml: cannot be read; give the path of a study file
    """
    study = load_study(source) if isinstance(source, str | Path) else source
    how: dict[str, Any] = {"folder": folder, "workers": workers, "track": track}
    how |= {"progress": progress, "output": output}
    if isinstance(study, CellStudy):
        return run_resumable(study, client=client, **how)
    if study.option("nation") is not None:
        # What makes cities is slow to import, and most studies are not of a nation.
        from credit_ml.studies.nation.run import run_nation

        return run_nation(study, client=client, **how)
    return run_main(study, client=client, **how)
