"""From a study to findings and one page: simulate, score, measure, track, report."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import asdict
from functools import partial
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any

from credit_ml.agencies import Agency, Rater
from credit_ml.core import (
    Diagnostic,
    Finding,
    InputError,
    RaterResults,
    StudyError,
    StudyResults,
    interruption,
)
from credit_ml.core.cores import cores
from credit_ml.core.files import refuse_replacing
from credit_ml.core.instrument import finding_from_dict
from credit_ml.core.progress import Progress, shown_progress
from credit_ml.core.provenance import canonical_json
from credit_ml.governance import diagnose
from credit_ml.governance.audit_checks.mutes import muted, read_mutes
from credit_ml.inference.societies import PROCESSES_FROM
from credit_ml.inference.workers.cluster import cluster_client, over_cluster
from credit_ml.inference.workers.shared import shared_out
from credit_ml.society import Society
from credit_ml.studies import measure
from credit_ml.studies.cells.finished import Finished
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.cells.work import all_names, note_seconds
from credit_ml.studies.measure import Estimates, Fitted, kept_rater
from credit_ml.studies.study import ACROSS, Study
from credit_ml.studies.threads import one_thread_each
from credit_ml.studies.tracking import tracked
from credit_ml.studies.written import command_of, under_question, writable, write_all

#: What the bar of a run counts: society, fits, estimates, societies, raters, across, report.
STAGES = 7


def run_main(
    study: Study,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    client: Any = None,
    track: bool = True,
    progress: bool = True,
    output: str | Path | None = None,
    overwrite: bool = False,
) -> StudyResults:
    """Run a study of one society, as `credit_ml.studies.run_study` says."""
    if client is not None:
        refuse_unshared(study, "client")
    target = writable(Path(output) if output is not None else study.report_path)
    number, cells = checked_workers(workers), _cells(study, folder)
    parameters = study.model_dump(mode="json")
    finished = None if cells is None else _finished(study, cells, target)
    if finished is not None and (found := finished.results(track=track)) is not None:
        return found
    refuse_replacing(target, target.with_suffix(".json"), overwrite=overwrite or output is None)
    with shown_progress(STAGES, enabled=progress, alike=False) as bar:
        began, make = monotonic(), _prepared(study, number, bar, cells)
        asked: dict[str, Any] = {"digest": study.digest(), "question": study.study.question}
        with tracked(study.study.id, parameters, **asked, enabled=track) as record:
            with over_cluster(client):
                results, measured = make()
            if cells is not None and measured:
                # All that one processor does is laid to the last cell: raters share societies.
                note_seconds(cells, {ACROSS: number * (monotonic() - began)})
            bar.start("report")
            models = {each.results.id: (each.rater.scorer, each.sample) for each in measured}
            record.keep(results, write_all(results, target), models)
            bar.done()
    if finished is not None:
        finished.note(record.kept)
    return results


def _finished(study: Study, cells: Cells, target: Path) -> Finished:
    told = [study.model_dump(mode="json"), study.source]
    return Finished.of(cells, all_names(study.blocks()), target, told)


def _prepared(
    study: Study, workers: int, bar: Progress, cells: Cells | None
) -> Callable[[], tuple[StudyResults, list[Fitted]]]:
    """Return what makes the results; a study that cannot be fitted is refused before that."""
    kept = None if cells is None else _kept(study, cells)
    if kept is not None:
        found = kept
        return lambda: (found, [])
    society, raters = _fitted(study, workers, bar)
    return partial(_results, study, society, raters, workers, bar, cells)


def refuse_unshared(study: Study, place: str) -> None:
    """Refuse a cluster that would be left without work.

    Raises
    ------
    StudyError
        When the study measures no society but its own.
    """
    problem = f"has nothing to share out: the study '{study.study.id}' makes no other societies"
    remedy = "leave it out, or set resample_societies"
    StudyError.unless(study.makes_others(), place, problem, remedy)


def without_report(study: Study, *, workers: int | None = None) -> StudyResults:
    """Return a study's findings; nothing is kept, tracked or written."""
    number, bar = checked_workers(workers), Progress()
    return _results(study, *_fitted(study, number, bar), number, bar, None)[0]


def _cells(study: Study, folder: str | Path | None) -> Cells | None:
    """Return where cells are kept; None where nobody named a folder and none can be made."""
    try:
        return study.cells(folder).writable()
    except StudyError:
        if folder is not None:
            raise
        return None


def _kept(study: Study, cells: Cells) -> StudyResults | None:
    """Return the results of a study whose cells are all there."""
    raters = [kept_rater(cells, agency) for agency in study.agencies()]
    content = cells.read(ACROSS)
    if content is None or None in raters:
        return None
    across = json.loads(content)
    findings = tuple(map(finding_from_dict, across["findings"]))
    fired = tuple(Diagnostic(**each) for each in across["diagnostics"])
    return _put_together(study, [each for each in raters if each], across["data"], findings, fired)


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
    study: Study,
    society: Society,
    raters: list[Rater],
    workers: int,
    bar: Progress,
    cells: Cells | None,
) -> tuple[StudyResults, list[Fitted]]:
    if workers > 1:
        # Imported once here: threads must not race through its import-time warnings.
        from credit_ml.explanation.shapley.shap_values import load_shap

        load_shap()
    share = partial(_shared, society, workers, bar)
    first = [each is raters[0] for each in raters]
    asked = list(zip(raters, first, strict=True))
    own = list(share("estimates", partial(_estimated, study, society), asked))
    bar.start("societies")
    others = measure.resample_societies(study, society, raters, own, workers=workers)
    interruption.check()
    bar.done()
    pairs = zip(own, others, strict=True)
    estimates = [measure.over_others(*each, study.intervals) for each in pairs]
    told = list(zip(raters, estimates, strict=True))
    fitted = list(share("raters", partial(_measured, study, society, cells), told))
    across = partial(_across, study, society, fitted, estimates[0])
    found = tuple(chain.from_iterable(share("all raters", across, measure.across(study))))
    data = _data(study, society)
    with one_thread_each():
        fired = diagnose(measure.case_of(study, society, each) for each in fitted)
    if cells is not None:
        kept = {"data": data, "findings": [each.to_dict() for each in found]}
        kept |= {"diagnostics": list(map(asdict, fired))}
        cells.keep(ACROSS, canonical_json(kept).encode())
    return _put_together(study, [each.results for each in fitted], data, found, fired), fitted


def _shared(
    society: Society, workers: int, bar: Progress, what: str, work: Any, items: list[Any]
) -> Iterator[Any]:
    """Yield what is made of each item: by processes where the society is large, else by threads.

    With a cluster it is threads: they hand it the other societies that they ask for.
    """
    from joblib import Parallel, delayed

    bar.start(what)
    number = max(1, min(workers, len(items)))
    if len(society) >= PROCESSES_FROM and cluster_client() is None:
        yield from shared_out(work, items, workers=number)
    else:
        jobs = [delayed(copy_context().run)(work, each) for each in items]
        yield from Parallel(number, prefer="threads")(jobs)
    interruption.check()
    bar.done()


def _estimated(study: Study, society: Society, asked: tuple[Rater, bool]) -> Estimates:
    with one_thread_each():
        return measure.estimate(study, asked[0], society, first=asked[1])


def _measured(
    study: Study, society: Society, cells: Cells | None, told: tuple[Rater, Estimates]
) -> Fitted:
    with one_thread_each():
        return measure.measure(study, told[0], society, told[1], cells)


def _across(
    study: Study, society: Society, fitted: list[Fitted], own: Estimates, instrument: str
) -> tuple[Finding, ...]:
    with one_thread_each():
        return measure.measure_across(study, society, fitted, own, instrument)


def _data(study: Study, society: Society) -> dict[str, Any]:
    """Return what the report says of the people."""
    return {
        "name": Path(study.world.name).stem,
        "kind": "simulated",
        "people": len(society),
        "features": society.records.shape[1],
        "outcome_rate": float(society.outcome["kept"].mean()),
        "digest": society.digest(),
    }


def _put_together(
    study: Study,
    raters: Sequence[RaterResults],
    data: Mapping[str, Any],
    findings: tuple[Finding, ...],
    fired: Sequence[Diagnostic],
) -> StudyResults:
    return under_question(
        study.study.model_dump(),
        configuration=study.digest(),
        command=command_of(study.source, study.study.id),
        data=data,
        world=study.make_world().to_dict(),
        raters=tuple(raters),
        findings=findings,
        settings=settings_of(study),
        # Muting changes no cell.
        diagnostics=muted(fired, read_mutes(study.mute, StudyError, "mute")),
    )


def settings_of(study: Study) -> dict[str, object]:
    """Return what a study chose, as its page tells it."""
    told = study.model_dump(mode="json", exclude={"study", "world", "report"})
    told |= study.report.settings() | {"mute": study.mute or None}
    optional = ("lead", "mute")
    return {key: value for key, value in told.items() if key not in optional or value is not None}


def checked_workers(workers: int | None) -> int:
    """Return a number of workers; all processors when None, StudyError below 1."""
    if workers is None:
        return cores()
    StudyError.unless(not workers < 1, "workers", f"are {workers}", "give at least 1")
    return workers
