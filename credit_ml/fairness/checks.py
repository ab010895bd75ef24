"""What the instruments of this package take: decisions, numbers, names of features."""

import functools
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, TableError
from credit_ml.core.renamed import renamed_keywords
from credit_ml.core.tables.columns import KNOWN_ALONE
from credit_ml.inference import features_of


def named_features(sensitive: str | Sequence[str] | None, dataset: Dataset) -> list[str]:
    """Return the sensitive features asked for, all by default.

    Raises
    ------
    TableError
        When one is absent or named twice, or there is none.
    """
    names = features_of(dataset, sensitive)
    TableError.unless(names, dataset.name, "has no sensitive feature", "name one in sensitive=")
    return names


def aligned(values: npt.ArrayLike, place: str, index: pd.Index) -> np.ndarray:
    """Return one value a person, or raise TableError when lengths or row labels differ."""
    asked = hasattr(values, "predict")
    remedy = "give what it says of them: model.predict(dataset.X) == 1, or scores >= threshold"
    TableError.unless(not asked, place, f"are a model, {type(values).__name__}", remedy)
    array = np.asarray(values)
    if array.shape != (len(index),):
        remedy = f"give one value for each of {len(index):,} people"
        raise TableError(place, f"has shape {array.shape}", remedy)
    if isinstance(values, pd.Series) and not values.index.equals(index):
        problem = "has other row labels than the dataset"
        raise TableError(place, problem, "give .to_numpy() in its order")
    return array


def binary(values: npt.ArrayLike, place: str, index: pd.Index) -> np.ndarray:
    """Return 0 and 1 as bytes, or raise TableError for any other value."""
    array = aligned(values, place, index)
    if array.dtype == bool:
        return array.view(np.uint8)
    missing = int(pd.isna(array).sum())
    if missing:
        raise TableError(place, f"is missing in {missing} rows", KNOWN_ALONE)
    wrong = ~((array == 0) | (array == 1))
    if np.any(wrong):
        shown = array[np.argmax(wrong)]
        remedy = "give True and False, or 1 and 0, such as scores >= threshold"
        raise TableError(place, f"holds {shown!s}", remedy)
    return array.astype(np.uint8)


def finite(values: npt.ArrayLike, place: str, index: pd.Index) -> np.ndarray:
    """Return finite numbers as float64, or raise TableError for any other value."""
    array = aligned(values, place, index)
    if array.dtype.kind not in "iuf":
        raise TableError(place, f"holds {array.dtype} values", "give numbers")
    array = array.astype("float64", copy=False)
    if not np.isfinite(array.sum()):
        wrong = int((~np.isfinite(array)).sum())
        remedy = f"give everybody a number, or {KNOWN_ALONE}"
        raise TableError(place, f"is not finite in {wrong} rows", remedy)
    return array


def probabilities(values: npt.ArrayLike, dataset: Dataset) -> np.ndarray:
    """Return finite numbers from 0 to 1, one a person, or raise TableError."""
    chance = finite(values, "probability", dataset.X.index)
    if chance.min() < 0 or chance.max() > 1:
        shown = chance.min() if chance.min() < 0 else chance.max()
        raise TableError("probability", f"holds {shown:g}", "give numbers from 0 to 1")
    return chance


def tracked_name(name: str) -> str:
    """Return a metric's name with only what every experiment tracker takes.

    Examples
    --------
    >>> tracked_name("fairness.selection_rate.age band.<30")
    'fairness.selection_rate.age_band._30'
    """
    return re.sub(r"[^\w.\-/]", "_", name)


_Target = TypeVar("_Target", bound=Callable[..., Any])


def old_options(**renamed: str) -> Callable[[_Target], _Target]:
    """Let a function be called as once: with `replicates`, `seed`, `intervals_over` and others.

    `replicates` and `seed` do nothing now; the others (old="new") have other names.
    """

    def decorate(target: _Target) -> _Target:
        known = renamed_keywords(intervals_over="over", **renamed)(target)

        @functools.wraps(target)
        def call(*arguments: Any, **keywords: Any) -> Any:
            for old in ("replicates", "seed"):
                if keywords.pop(old, None) is not None:
                    said = f"{target.__name__}({old}=) does nothing: intervals have no chance in"
                    warnings.warn(f"{said} them", FutureWarning, stacklevel=2)
            return known(*arguments, **keywords)

        return cast("_Target", call)

    return decorate
