"""From a study to findings and one page: simulate, score, measure, track, report."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from credit_ml.agencies import Agency, Rater
from credit_ml.core import Finding, InputError, StudyError, StudyResults, interruption
from credit_ml.core.cores import cores
from credit_ml.core.progress import Progress, shown_progress
from credit_ml.inference.societies import PROCESSES_FROM
from credit_ml.inference.workers.shared import shared_out
from credit_ml.society import Society
from credit_ml.studies import measure
from credit_ml.studies.measure import Estimates, Fitted
from credit_ml.studies.study import Study, load_study
from credit_ml.studies.threads import one_thread_each
from credit_ml.studies.tracking import tracked
from credit_ml.studies.written import under_question, writable, write_all

#: What the bar of a run counts: society, fits, estimates, societies, raters, all together, report.
STAGES = 7


def run_study(
    source: str | Path | Study,
    *,
    workers: int | None = None,
    track: bool = True,
    progress: bool = True,
    output: str | Path | None = None,
) -> StudyResults:
    """Run a study, keep its record in mlflow, and write its report.

    Everything is checked before anything starts. The findings do not depend on `workers`,
    and two runs on one machine write the same bytes. The report and, beside it, the results
    as JSON are written last and whole.

    Cost: see ``benchmarks/results/main_job.md``.

    Parameters
    ----------
    source : str, Path or Study
        A study file, or a study.
    workers : int, optional
        Raters, or societies, measured at once; all processors by default. From 20,000 citizens
        on they are processes, each with a society of its own.
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
        When the study cannot be used; nothing was tracked or written.

    Examples
    --------
    >>> run_study("absent.toml")
    Traceback (most recent call last):
    credit_ml.core.errors.StudyError: absent.toml: cannot be read; give the path of a study file
    """
    study = source if isinstance(source, Study) else load_study(source)
    target = writable(Path(output) if output is not None else study.report_path)
    number = checked_workers(workers)
    parameters = study.model_dump(mode="json")
    with shown_progress(STAGES, enabled=progress) as bar:
        fitted = _fitted(study, number, bar)
        with tracked(study.study.id, parameters, digest=study.digest(), enabled=track) as record:
            results, measured = _results(study, *fitted, number, bar)
            bar.start("report")
            models = {each.results.id: (each.rater.scorer, each.sample) for each in measured}
            record.keep(results, write_all(results, target), models)
            bar.done()
    return results


def without_report(study: Study, *, workers: int | None = None) -> StudyResults:
    """Return a study's findings; nothing is tracked or written."""
    number, bar = checked_workers(workers), Progress()
    return _results(study, *_fitted(study, number, bar), number, bar)[0]


def _fitted(study: Study, workers: int, bar: Progress) -> tuple[Society, list[Rater]]:
    """Make the society and fit its raters, which refuses a study before anything is made."""
    from joblib import Parallel, delayed

    bar.start("society")
    society = study.make_world().simulate()
    interruption.check()
    bar.done()
    bar.start("fits")

    def fit(agency: Agency) -> Rater:
        # OpenMP keeps its limit by thread, so each worker sets its own.
        with one_thread_each():
            return agency.fit(society, seed=study.study.seed)

    try:
        threads = Parallel(min(workers, len(study.agencies())), prefer="threads")
        raters = list(threads(delayed(fit)(agency) for agency in study.agencies()))
    except InputError as error:
        raise error.within(str(study.source or study.study.id)) from error
    bar.done()
    return society, raters


def _results(
    study: Study, society: Society, raters: list[Rater], workers: int, bar: Progress
) -> tuple[StudyResults, list[Fitted]]:
    if workers > 1:
        # Imported once here: threads must not race through its import-time warnings.
        from credit_ml.explanation.shapley.shap_values import load_shap

        load_shap()
    share = partial(_shared, society, workers, bar)
    own = list(share("estimates", partial(_estimated, study, society), raters))
    bar.start("societies")
    others = measure.resample_societies(study, society, raters, own, workers=workers)
    interruption.check()
    bar.done()
    pairs = zip(own, others, strict=True)
    each = [measure.over_others(*pair, study.intervals) for pair in pairs]
    told = list(zip(raters, each, strict=True))
    fitted = list(share("raters", partial(_measured, study, society), told))
    across = partial(_across, study, society, fitted)
    found = share("all together", across, measure.across(study))
    return _put_together(study, society, fitted, tuple(chain.from_iterable(found))), fitted


def _shared(
    society: Society, workers: int, bar: Progress, what: str, work: Any, items: list[Any]
) -> Iterator[Any]:
    """Yield what is made of each item: by processes where the society is large, else by threads."""
    from joblib import Parallel, delayed

    bar.start(what)
    number = max(1, min(workers, len(items)))
    if len(society) >= PROCESSES_FROM:
        yield from shared_out(work, items, workers=number)
    else:
        yield from Parallel(number, prefer="threads")(delayed(work)(each) for each in items)
    interruption.check()
    bar.done()


def _estimated(study: Study, society: Society, rater: Rater) -> Estimates:
    with one_thread_each():
        return measure.estimate(study, rater, society)


def _measured(study: Study, society: Society, told: tuple[Rater, Estimates]) -> Fitted:
    with one_thread_each():
        return measure.measure(study, told[0], society, told[1])


def _across(
    study: Study, society: Society, fitted: list[Fitted], instrument: str
) -> tuple[Finding, ...]:
    with one_thread_each():
        return measure.measure_across(study, society, fitted, instrument)


def _put_together(
    study: Study, society: Society, fitted: list[Fitted], found: tuple[Finding, ...]
) -> StudyResults:
    source = Path(study.source or f"{study.study.id}.toml")
    file = f"{study.study.id}.toml" if source.is_absolute() else source.as_posix()
    return under_question(
        study.study.model_dump(),
        configuration=study.digest(),
        command=f"credit-ml run {file}",
        data={
            "name": Path(study.world.name).stem,
            "kind": "simulated",
            "people": len(society),
            "features": society.records.shape[1],
            "outcome_rate": float(society.outcome["kept"].mean()),
            "digest": society.digest(),
        },
        world=society.world.to_dict(),
        raters=tuple(each.results for each in fitted),
        findings=found,
        settings=_settings(study),
    )


def _settings(study: Study) -> dict[str, object]:
    told = study.model_dump(mode="json", exclude={"study", "world", "report"})
    told |= {"lead_with": study.report.lead_with or None}
    optional = ("lead", "lead_with")
    return {key: value for key, value in told.items() if key not in optional or value is not None}


def checked_workers(workers: int | None) -> int:
    """Return a number of workers; all processors when None, StudyError below 1."""
    if workers is None:
        return cores()
    StudyError.unless(not workers < 1, "workers", f"are {workers}", "give at least 1")
    return workers
