"""A fitted scorer in mlflow: with signature, example, its own code, and a registered name."""

import json
import re
import shutil
import tempfile
import warnings
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.core import RaterResults
from credit_ml.core.provenance import versions

#: Packages that a scorer is made of; the layers see to it that they read no other of ours.
CODE = ("core", "inference", "grammar", "society", "datasets", "scoring", "agencies")
#: Tags in which mlflow shows what something is about, and as which versions a model is registered.
NOTE, VERSIONS = "mlflow.note.content", "mlflow.modelVersions"
#: Rows kept beside a model to show what it reads.
EXAMPLES = 3


def keep_model(
    mlflow: Any, rater: RaterResults, registered: str, scorer: Any, sample: pd.DataFrame, note: str
) -> str:
    """Keep a scorer in the active run, and as the next version of a registered model; its id.

    mlflow's own registering writes two lines a model on stderr that no setting takes away.

    Parameters
    ----------
    mlflow : module
    rater : RaterResults
        Whose model it is: all models of an experiment stand in one table.
    registered : str
        Name of the model, as mlflow takes it.
    scorer : estimator
    sample : DataFrame
        A few rows that it reads.
    note : str
        What the model's page says it is.
    """
    from mlflow import MlflowClient

    told = {"agency": rater.agency.get("id", rater.id), "scorer": rater.scorer_kind}
    logged = _logged(mlflow, re.sub(r"[/:.%\"']", "_", rater.id), scorer, sample, params=told)
    client = MlflowClient()
    try:
        client.create_registered_model(registered, description=note)
    except mlflow.exceptions.MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    made = client.create_model_version(
        registered,
        f"models:/{logged.model_id}",
        run_id=logged.run_id,
        description=note,
        model_id=logged.model_id,
    )
    # Without them a logged model's page says that it is not registered, and has no description.
    versions_made = json.dumps([{"name": registered, "version": str(made.version)}])
    client.set_logged_model_tags(logged.model_id, {VERSIONS: versions_made, NOTE: note})
    return str(logged.model_id)


def _logged(mlflow: Any, name: str, scorer: Any, sample: pd.DataFrame, **told: Any) -> Any:
    from mlflow.models import infer_signature

    numeric = pd.api.types.is_numeric_dtype
    shown = sample.apply(lambda each: each.astype("float64" if numeric(each) else str))
    signature = infer_signature(shown, scorer.predict(sample))
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        # mlflow reads the type hints of its own wrapper and warns of what it finds there.
        warnings.filterwarnings("ignore", message=".*type hint")
        # So does pandas 3 of how mlflow 3.17 compares the example's index.
        warnings.filterwarnings("ignore", message="Operation with range")
        return mlflow.sklearn.log_model(
            scorer,
            name=name,
            signature=signature,
            input_example=shown.head(EXAMPLES),
            # Named, because finding them out costs twenty seconds a model. This package's code
            # lies in the model, so that it is read where the package is not installed.
            pip_requirements=needed_packages(),
            code_paths=[str(_code_of_scorers(Path(folder)))],
            serialization_format="cloudpickle",
            **told,
        )


def _code_of_scorers(folder: Path) -> Path:
    """Copy the package without its rooms above scorers: a fifth of the files, five times a run."""
    package = Path(__file__).parents[2]
    above = {each.name for each in package.iterdir() if each.is_dir()} - set(CODE)
    left = shutil.ignore_patterns("__pycache__")

    def leave(place: str, names: list[str]) -> set[str]:
        return left(place, names) | (above if Path(place) == package else set())

    return Path(shutil.copytree(package, folder / package.name, ignore=leave))


@cache
def needed_packages() -> list[str]:
    """Return the packages that a logged model needs beside its own code, as they are here.

    Examples
    --------
    >>> any(each.startswith("scikit-learn==") for each in needed_packages())
    True
    """
    try:
        asked = requires("credit-ml") or []
    except PackageNotFoundError:  # a copy of the sources that nobody installed
        return [f"{name}=={found}" for name, found in versions().items() if name != "credit-ml"]
    names = (re.split(r"[^A-Za-z0-9._-]", each)[0] for each in asked if "extra ==" not in each)
    return [f"{name}=={version(name)}" for name in names]
