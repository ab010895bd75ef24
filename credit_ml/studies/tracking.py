"""The record of a run in mlflow: one parent, a nested run a rater and a regime.

mlflow is told everything at the end, by one process, once a run: single values cost
milliseconds each, and several processes that start a new database break it. A Ctrl-C waits
for what is being written: a database whose write it cuts in two stays locked, and the run
could not even be called KILLED.
"""

import hashlib
import os
import posixpath
import re
import subprocess
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from credit_ml.core import (
    Finding,
    RaterResults,
    StudyError,
    StudyResults,
    instruments,
    interruption,
)
from credit_ml.reports.provenance import flat
from credit_ml.studies.predictions import with_refuters
from credit_ml.studies.record_model import keep_model
from credit_ml.studies.record_store import (
    PROCESS,
    WAITS,
    KeptRecord,
    close_dead,
    local_store,
    make_store,
    place_of,
    quiet_mlflow,
    refuse_dead_store,
    this_process,
    try_store,
)
from credit_ml.studies.written import read_results

#: Fitted scorers by rater, each with a few rows that it reads.
Models = Mapping[str, tuple[Any, pd.DataFrame]]

#: Start of the names of experiments, one a study, and of models.
PREFIX = "credit_ml"
#: Figures kept of each kind of finding a rater; the first shows the pair a report follows.
FIGURES = 1
#: Bytes of a key at most: mlflow counts letters, and folders of runs have files of such names.
_LONGEST = 250
#: Tag in which mlflow shows what an experiment, a run or a model is about.
NOTE = "mlflow.note.content"
#: Tag that says which command makes a run again.
COMMAND = "credit_ml.command"
#: So mlflow opens an experiment at its runs; it guesses at chats where the tag is absent.
KIND = {"mlflow.experimentKind": "custom_model_development"}


class Record:
    """What a run may tell the tracker; this one forgets it."""

    left = "results are there"
    """What is said to be there when the store fails."""
    kept: KeptRecord | None = None
    """What was kept, once all of it was."""

    def keep(
        self, results: StudyResults, files: Sequence[Path], models: Models | None = None
    ) -> None:
        """Keep findings, files and fitted models."""


@contextmanager
def tracked(
    name: str, parameters: Mapping[str, Any], *, digest: str, question: str, enabled: bool
) -> Iterator[Record]:
    """Keep a run's record; it ends FINISHED, FAILED on an error, KILLED on Ctrl-C.

    Parameters
    ----------
    name : str
        Name of the run.
    parameters : mapping
        Nested plain values; flat dotted names are tracked.
    digest : str
        Of the configuration, kept as a tag.
    question : str
        What the study asks, told on the pages of its runs, its experiment and its models.
    enabled : bool
        Without it nothing is imported or kept.
    """
    if not enabled:
        yield Record()
        return
    mlflow = quiet_mlflow()
    refuse_dead_store(mlflow, "start it, set MLFLOW_TRACKING_URI, or keep no record (--no-track)")
    record = Record()
    try:
        with ExitStack() as stack:
            try:
                tags = {"credit_ml.configuration": digest, NOTE: question, **_commit()}
                with interruption.deferred():
                    run_id = stack.enter_context(_opened(mlflow, name, tags))
                    _batch(run_id, parameters=parameters)
                record = _Mlflow(mlflow, run_id, name, question)
            except Exception as error:  # no record is worth a result, whatever the store says
                _warn(mlflow, error, "results are made all the same")
            yield record
    except (_Unkept, mlflow.exceptions.MlflowException) as error:
        _warn(mlflow, error.__cause__ or error, record.left)


class _Unkept(Exception):
    """The store failed after everything was computed and written; its cause says how."""


def _warn(mlflow: Any, error: BaseException, left: str) -> None:
    interruption.check()  # a library may have made another error of Ctrl-C
    said = next(iter(str(error).splitlines()), type(error).__name__)[:200]
    warnings.warn(f"{place_of(mlflow)}: kept no whole record ({said}); {left}", stacklevel=4)


def _opened(mlflow: Any, name: str, tags: Mapping[str, str]) -> AbstractContextManager[str]:
    """Make what a run stands in, and return the run that is to be entered."""
    nested = mlflow.active_run() is not None
    with warnings.catch_warnings():
        # What mlflow's tables ask of SQLAlchemy is for mlflow to mend, and is said once a process.
        warnings.filterwarnings("ignore", message=".*loader strategy is deprecated")
        make_store(mlflow)
        try_store(mlflow)
        if not nested:
            _experiment(mlflow, name, tags[NOTE])
    return _run(mlflow, name, nested=nested, tags=tags)


def _experiment(mlflow: Any, name: str, question: str) -> None:
    """Enter the study's experiment, and end what a killed process left running in it."""
    given = os.environ.get("MLFLOW_EXPERIMENT_NAME")
    experiment = given or f"{PREFIX}.{name}"
    found = mlflow.set_experiment(experiment)
    if not given:
        _describe(mlflow, found, {NOTE: question, **KIND})
    close_dead(experiment)


def _describe(mlflow: Any, experiment: Any, tags: Mapping[str, str]) -> None:
    """Say what an experiment of ours is; what somebody wrote there since stays."""
    for key, value in tags.items():
        if key not in experiment.tags:
            mlflow.MlflowClient().set_experiment_tag(experiment.experiment_id, key, value)


@contextmanager
def _run(
    mlflow: Any, name: str, *, nested: bool = True, tags: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Open a run and end it as it deserves; mlflow itself would call Ctrl-C a failure."""
    run, finished = None, False
    try:
        # Between its two halves a run would stay RUNNING for ever.
        with interruption.deferred():
            tags = {**(tags or {}), PROCESS: this_process()}
            run = mlflow.start_run(run_name=name, nested=nested, tags=tags)
        yield run.info.run_id
        interruption.check()
        with interruption.deferred():
            finished = True
            mlflow.end_run("FINISHED")
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt) or interruption.asked()
        with interruption.deferred():
            if run is not None and not finished:
                # A store that died is told of by the error that said so first.
                with suppress(Exception), _hasty():
                    mlflow.end_run("KILLED" if stopped else "FAILED")
        raise


@contextmanager
def _hasty() -> Iterator[None]:
    """Give a server a moment and no second one: it may be the one that has just died."""
    before = {name: os.environ[name] for name in WAITS}
    os.environ.update(dict(zip(WAITS, ("0", "3"), strict=True)))
    try:
        yield
    finally:
        os.environ.update(before)


class _Mlflow(Record):
    def __init__(self, mlflow: Any, run_id: str, name: str, question: str) -> None:
        self.mlflow, self.run_id, self.name, self.question = mlflow, run_id, name, question

    def keep(
        self, results: StudyResults, files: Sequence[Path], models: Models | None = None
    ) -> None:
        self.left = f"nothing is lost: {' and '.join(map(str, files)) or 'results'} are there"
        try:
            refuse_dead_store(self.mlflow, "start it")
            self._keep(results, files, models)
        except Exception as error:
            raise _Unkept from error
        self.kept = KeptRecord(self.mlflow.get_tracking_uri(), self.run_id)

    def _keep(self, results: StudyResults, files: Sequence[Path], models: Models | None) -> None:
        self._input(results)
        self.mlflow.set_tags(self._tags(results))
        # Files before numbers: mlflow reads every number of a run again for each table it takes.
        self._findings(results.findings)
        _batch(self.run_id, metrics=_metrics(results.findings))
        for rater in results.raters:
            with _run(self.mlflow, rater.id, tags=self._tags(results)) as run_id:
                self._input(results)
                self._findings(rater.findings)
                if models and rater.id in models:
                    self._model(rater, *models[rater.id])
                told = {"rater": rater.name, "agency": rater.agency}
                _batch(run_id, parameters=told, metrics=_metrics(rater.findings))
                self._nested(rater, results)
        for file in files:
            with interruption.deferred():
                self.mlflow.log_artifact(str(file))

    def _tags(self, results: StudyResults) -> dict[str, str]:
        """Return what a run below the study's own says on its page."""
        return {NOTE: self.question, COMMAND: str(results.provenance.get("command", ""))}

    def _nested(self, rater: RaterResults, results: StudyResults) -> None:
        """Give each regime, or what else an instrument says, a run of its own.

        Its metrics are named as those of its siblings, so that they stand in one column.
        """
        for each in (each for each in instruments().values() if each.nested_by):
            for finding in (found for kind in each.kinds for found in rater.of_kind(kind)):
                measured = finding.metrics()
                for value in map(str, finding.table[each.nested_by].unique()):
                    start = f"{finding.kind}.{value}."
                    own = {
                        f"{finding.kind}.{name.removeprefix(start)}": measured[name]
                        for name in measured
                        if name.startswith(start)
                    }
                    tags = self._tags(results)
                    with _run(self.mlflow, f"{rater.id}, {value}", tags=tags) as run_id:
                        self._input(results)
                        told = {"rater": rater.name, each.nested_by: value}
                        _batch(run_id, parameters=told, metrics=own)

    @interruption.deferred()
    def _input(self, results: StudyResults) -> None:
        from mlflow.data.code_dataset_source import CodeDatasetSource
        from mlflow.data.meta_dataset import MetaDataset

        # Hashing a million rows as mlflow does costs seconds; the digest is already known.
        made = {f"credit_ml.{results.data.get('kind')}": str(results.data.get("name"))}
        dataset = MetaDataset(  # type: ignore[abstract]
            CodeDatasetSource(tags=made),
            name=str(results.data.get("name", "table")),
            digest=str(results.data.get("digest", ""))[:16],
        )
        self.mlflow.log_input(dataset, context="people")

    def _findings(self, findings: tuple[Finding, ...]) -> None:
        seen: Counter[str] = Counter()
        for finding in findings:
            seen[finding.kind] += 1
            name = f"{finding.kind}_{seen[finding.kind]}"
            self._finding(finding, name, drawn=seen[finding.kind] <= FIGURES)

    @interruption.deferred()
    def _finding(self, finding: Finding, name: str, *, drawn: bool) -> None:
        import numpy as np
        from matplotlib import pyplot as plt
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        plain = finding.table.astype(object).where(finding.table.notna(), None)
        self.mlflow.log_table(plain, f"tables/{name}.json")
        self.mlflow.log_dict(finding.to_dict(), f"findings/{name}.json")
        if drawn and type(finding).plot is not Finding.plot:  # some have nothing to draw
            figure: Any = finding.plot().figure
            # Drawn once: `log_figure` draws twice, to lay out and to save.
            canvas: Any = FigureCanvasAgg(figure)
            canvas.draw()
            self.mlflow.log_image(
                np.array(canvas.buffer_rgba()), artifact_file=f"figures/{name}.png"
            )
            plt.close(figure)

    def _model(self, rater: RaterResults, scorer: Any, sample: pd.DataFrame) -> None:
        name = tracking_key(f"{PREFIX}.{self.name}.{rater.id}")
        note = f"{rater.name}, fitted in the study '{self.name}': {self.question}"
        registered = re.sub(r"[/:]", "_", name)
        with interruption.deferred():
            keep_model(self.mlflow, rater.id, registered, scorer, sample, note)


def stored_results(run: str) -> StudyResults:
    """Return the results of a tracked run, or of a results file.

    Of a study of the package whose checks did not say yet what they say of its refutation, that is
    read from its file (`credit_ml.studies.predictions.with_refuters`).

    Raises
    ------
    StudyError
        When there is no such run or file, or it holds no results.

    Examples
    --------
    >>> stored_results("absent.json")
    Traceback (most recent call last):
    credit_ml.core.errors.StudyError: absent.json: is not there; give a results file of a run
    """
    # A run's id has no ending and lies in no folder.
    if Path(run).suffix or len(Path(run).parts) > 1 or Path(run).exists():
        return with_refuters(read_results(run))
    mlflow, place = quiet_mlflow(), f"run {run}"
    store = local_store(mlflow)
    known = store is None or store.exists()
    StudyError.unless(known, place, f"is unknown: there is no {store}", "give a run's id")
    refuse_dead_store(mlflow, "start it, or give a results file")
    try:
        with tempfile.TemporaryDirectory() as folder:
            kept = _moved(mlflow.get_run(run).info.artifact_uri, store)
            found = mlflow.artifacts.list_artifacts(artifact_uri=kept)
            names = [Path(each.path).name for each in found if each.path.endswith(".json")]
            StudyError.unless(names, place, "holds no results", "give the id of a study's run")
            file = f"{kept.rstrip('/')}/{names[0]}"
            held = mlflow.artifacts.download_artifacts(artifact_uri=file, dst_path=folder)
            return with_refuters(read_results(held))
    except mlflow.exceptions.MlflowException as error:
        raise StudyError(place, "is not known to mlflow", "give a run's id") from error


def _moved(kept: str, store: Path | None) -> str:
    """Return where a run's files lie now: beside the store, where its folder was moved."""
    path = Path(unquote(urlsplit(kept).path))
    if store is None or path.exists():
        return kept
    # Below the store's folder mlflow names .../mlruns/EXPERIMENT/RUN/artifacts.
    return str(store.parent.joinpath(*path.parts[-4:]))


@interruption.deferred()
def _batch(
    run_id: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    metrics: Mapping[str, float] | None = None,
) -> None:
    import time

    from mlflow import MlflowClient
    from mlflow.entities import Metric, Param

    now = int(time.time() * 1000)
    # mlflow takes at most 100 parameters and 1,000 metrics in one call.
    told = [Param(tracking_key(name), str(value)[:6000]) for name, value in flat(parameters or {})]
    measured = [
        Metric(tracking_key(name), float(value), now, 0) for name, value in (metrics or {}).items()
    ]
    client = MlflowClient()
    for start in range(0, max(len(told), 1), 100):
        client.log_batch(run_id, params=told[start : start + 100])
    for start in range(0, len(measured), 1000):
        client.log_batch(run_id, metrics=measured[start : start + 1000])


def _metrics(findings: tuple[Finding, ...]) -> dict[str, float]:
    return {
        name: value
        for finding in findings
        for name, value in finding.metrics().items()
        if value == value and abs(value) != float("inf")
    }


def tracking_key(name: str) -> str:
    """Return a name as mlflow takes it; two names never become one.

    Letters of any language stay. A name with other signs, one that mlflow would read as another
    path, or a long one is cut and ends with a checksum of the whole.

    Examples
    --------
    >>> tracking_key("audit.收入"), tracking_key("revenu €") == tracking_key("revenu $")
    ('audit.收入', False)
    """
    plain = re.sub(r"[^\w\-. /]", "_", name)
    one_path = posixpath.normpath(name) == name and not name.startswith((".", "/"))
    if plain == name and one_path and len(name.encode()) <= _LONGEST:
        return name
    checksum = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:12]
    start = plain.replace("/", "_").encode(errors="replace")[: _LONGEST - len(checksum) - 1]
    return f"{start.decode(errors='ignore').lstrip('.')}.{checksum}"


def _commit() -> dict[str, str]:
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"mlflow.source.git.commit": found.stdout.strip()}
