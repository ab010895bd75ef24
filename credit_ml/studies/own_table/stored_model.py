"""A fitted model of the user's own from a file or from mlflow; nobody's code is run unasked."""

import tempfile
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

from credit_ml.core import ModelError
from credit_ml.core.files import refuse_absent
from credit_ml.studies.own_table.spec import MODELS
from credit_ml.studies.record.store import quiet_mlflow, refuse_dead_store

#: Where mlflow keeps models.
_MLFLOW = ("models:/", "runs:/", "mlflow-artifacts:/")
#: Libraries that read their own models back from mlflow.
_LIBRARIES = ("sklearn", "xgboost", "lightgbm", "catboost")
#: Types that skops asks about and that hold nothing but the kind of a number, as what
#: scikit-learn's imputers remember of their columns.
_HARMLESS = ("numpy.dtype",)
_TRUST = "if you know who made it, add --trust (trust=True)"
_GIVE = "give a .skops file, models:/NAME/VERSION or runs:/RUN/NAME"


def read_model(place: str | Path, *, trust: bool = False) -> Any:
    """Return a fitted model that skops or mlflow keeps; of a pickle only where it is trusted.

    A file of skops names the types that it needs before any of them is made; those of
    scikit-learn and of this package are known. A pickle runs what its maker put there, so that
    reading one is running a stranger's program.

    Parameters
    ----------
    place : str or Path
        ``m.skops``, ``models:/NAME/VERSION``, ``runs:/RUN/NAME``, a folder that mlflow wrote, or,
        trusted, ``m.joblib`` or ``m.pkl``.
    trust : bool
        Take types that skops does not know, and pickles.

    Raises
    ------
    ModelError
        When there is no such model, it cannot be read, or is not trusted.
    StudyError
        When the server of mlflow does not answer.

    Examples
    --------
    >>> read_model("m.pkl")
    Traceback (most recent call last):
    credit_ml.core.errors.ModelError: model m.pkl: is not there; give a .skops file, \
models:/NAME/VERSION or runs:/RUN/NAME
    """
    if str(place).startswith(_MLFLOW):
        return _of_mlflow(str(place), str(place), trust=trust)
    path, name = Path(place), f"model {place}"
    if path.is_dir():
        return _of_mlflow(str(path), str(path), trust=trust)
    refuse_absent(path, ModelError, _GIVE, place=name)
    if path.suffix == ".skops":
        return _of_skops(path, name, trust=trust)
    ModelError.unless(path.suffix in MODELS, name, "ends in no known way", _GIVE)
    _trusted(trust, name)
    import joblib

    return _read(name, joblib.load, path)


def _trusted(trust: bool, name: str) -> None:  # noqa: FBT001 (read at each call)
    problem = "is no skops but a pickle, which runs whatever its maker put there as it is read"
    ModelError.unless(trust, name, problem, f"write it with skops.io.dump, or {_TRUST}")


def _of_skops(path: Path, name: str, *, trust: bool) -> Any:
    import skops.io

    needed = _read(name, lambda file: skops.io.get_untrusted_types(file=file), path)
    known = ("credit_ml.", *_HARMLESS)
    unknown = [each for each in needed if not each.startswith(known)]
    problem = f"holds types that are not known to be safe: {', '.join(unknown)}"
    ModelError.unless(trust or not unknown, name, problem, _TRUST)
    return _read(name, lambda file: skops.io.load(file, trusted=needed), path)


def _of_mlflow(address: str, name: str, *, trust: bool) -> Any:
    mlflow, name = quiet_mlflow(), f"model {name}"
    refuse_dead_store(mlflow, "start it, or give a .skops file")
    from mlflow.models import Model

    with tempfile.TemporaryDirectory() as folder:
        try:
            kept = mlflow.artifacts.download_artifacts(artifact_uri=address, dst_path=folder)
            flavors = Model.load(kept).flavors
        except (mlflow.exceptions.MlflowException, OSError, ValueError) as error:
            raise ModelError(name, "is not known to mlflow", _GIVE) from error
        own = flavors.get("sklearn", {})
        if own.get("serialization_format") == "skops":
            return _of_skops(Path(kept, own["pickled_model"]), name, trust=trust)
        _trusted(trust, name)
        library = next((each for each in _LIBRARIES if each in flavors), "pyfunc")
        found = _read(name, import_module(f"mlflow.{library}").load_model, kept)
        return found.predict if library == "pyfunc" else found


def _read(name: str, reader: Any, path: object) -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):
            return reader(path)
    except Exception as error:
        said = next(iter(str(error).splitlines()), "")
        problem = f"cannot be read ({type(error).__name__}: {said})"
        remedy = "write it again with the versions that are installed here"
        raise ModelError(name, problem, remedy) from error
