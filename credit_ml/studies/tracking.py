"""The record of a run in mlflow: one parent, a nested run a rater and a regime.

mlflow is told everything at the end, by one process, once a run: single values cost
milliseconds each, and several processes that start a new database break it. A Ctrl-C waits
for what is being written: a database whose write it cuts in two stays locked, and the run
could not even be called KILLED.
"""

import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from credit_ml.core import Finding, RaterResults, StudyError, StudyResults, interruption
from credit_ml.studies.predictions import with_refuters
from credit_ml.studies.record.files import write_findings
from credit_ml.studies.record.model import NOTE, keep_model
from credit_ml.studies.record.numbers import (
    NestedPart,
    OfModel,
    numbers_of,
    parts_of,
    tell,
    tracking_key,
)
from credit_ml.studies.record.store import (
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
                # A tag's page cuts longer ones.
                question = " ".join(question.split())  # a line's end would cut what mlflow shows
                tags = {"credit_ml.configuration": digest[:16], NOTE: question, **_commit()}
                with interruption.deferred():
                    run_id = stack.enter_context(_opened(mlflow, name, tags))
                    tell(run_id, parameters=parameters)
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
            _forget_process(mlflow, run)
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt) or interruption.asked()
        with interruption.deferred():
            if run is not None and not finished:
                # A store that died is told of by the error that said so first.
                with suppress(Exception), _hasty():
                    mlflow.end_run("KILLED" if stopped else "FAILED")
                    _forget_process(mlflow, run)
        raise


def _forget_process(mlflow: Any, run: Any) -> None:
    """Take off the tag that only a run that goes on needs."""
    mlflow.MlflowClient().delete_tag(run.info.run_id, PROCESS)


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
        told: dict[str, Any] = {"metrics": numbers_of(results.findings)}
        self._found(self.run_id, results.findings, files, tags=self._tags(results), **told)
        for rater in results.raters:
            with _run(self.mlflow, rater.id, tags=self._tags(results, rater.name)) as run_id:
                self._input(results)
                fitted = (models or {}).get(rater.id)
                model = self._model(rater, results, *fitted) if fitted else None
                parts, own = list(parts_of(rater)), numbers_of(rater.findings)
                nested = {name for part in parts for name in part.metrics}
                told = {"metrics": {name: own[name] for name in own if name not in nested}}
                told |= {"model": model}
                told |= {"parameters": {"rater": rater.name, "agency": rater.agency}}
                self._found(run_id, rater.findings, **told)
                for part in parts:
                    self._nested(rater, part, results)

    def _tags(self, results: StudyResults, part: str = "") -> dict[str, str]:
        """Return what a run says on its page: which part of the study it is, if not the whole."""
        said = f"{part}, of the study: {self.question}" if part else self.question
        return {NOTE: said, COMMAND: str(results.provenance.get("command", ""))}

    def _nested(self, rater: RaterResults, part: NestedPart, results: StudyResults) -> None:
        """Give a regime, or what else an instrument says, a run of its own."""
        tags = self._tags(results, f"{rater.name}, {part.what} '{part.value}'")
        told = {"rater": rater.name, part.what: part.value}
        with _run(self.mlflow, f"{rater.id}, {part.value}", tags=tags) as run_id:
            self._input(results)
            tell(run_id, parameters=told, metrics=part.named_alike())

    @interruption.deferred()
    def _input(self, results: StudyResults) -> None:
        from mlflow.data.code_dataset_source import CodeDatasetSource
        from mlflow.data.meta_dataset import MetaDataset

        # Hashing a million rows as mlflow does costs seconds; the digest is already known.
        made = {f"credit_ml.{results.data.get('kind')}": str(results.data.get("name"))}
        name, digest = _people(results)
        dataset = MetaDataset(  # type: ignore[abstract]
            CodeDatasetSource(tags=made), name=name, digest=digest
        )
        self.mlflow.log_input(dataset, context="people")

    def _found(
        self,
        run_id: str,
        findings: tuple[Finding, ...],
        files: Sequence[Path] = (),
        *,
        tags: Mapping[str, str] | None = None,
        **told: Any,
    ) -> None:
        """Tell a run's files, and then what else there is, each at once."""
        with tempfile.TemporaryDirectory() as place:
            tables = write_findings(findings, Path(place))
            for file in files:
                shutil.copy(file, place)
            # Before the numbers: for its first file mlflow reads all numbers of a run.
            with interruption.deferred():
                self.mlflow.log_artifacts(place)
        tell(run_id, tags={**(tags or {}), **tables}, **told)

    def _model(
        self, rater: RaterResults, results: StudyResults, scorer: Any, sample: pd.DataFrame
    ) -> OfModel:
        name = tracking_key(f"{PREFIX}.{self.name}.{rater.id}")
        note = f"{rater.name}, fitted in the study '{self.name}': {self.question}"
        registered = re.sub(r"[/:]", "_", name)
        with interruption.deferred():
            model_id = keep_model(self.mlflow, rater, registered, scorer, sample, note)
        return OfModel(model_id, *_people(results))


def _people(results: StudyResults) -> tuple[str, str]:
    """What a study's people are called, and their digest, as long as mlflow takes it."""
    return str(results.data.get("name", "table")), str(results.data.get("digest", ""))[:16]


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


def _commit() -> dict[str, str]:
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"mlflow.source.git.commit": found.stdout.strip()}
