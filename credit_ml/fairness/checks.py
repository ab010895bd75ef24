"""What the instruments of this package take: decisions, numbers, names of features."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import (
    FEWEST_CLUSTERS,
    Dataset,
    InputError,
    TableError,
    enough_clusters,
    refuse_unknown,
)

#: What intervals count: people, clusters of them, or clusters where the data name any.
Over = Literal["auto", "people", "clusters"]


def named_features(
    sensitive: str | Sequence[str] | None, dataset: Dataset, *, needed: bool
) -> list[str]:
    """Return the sensitive features asked for, all by default.

    Raises
    ------
    TableError
        When one is absent or named twice, or there is none though one is needed.
    """
    if sensitive is None:
        names = [str(name) for name in dataset.sensitive.columns]
    else:
        names = [sensitive] if isinstance(sensitive, str) else list(sensitive)
    if needed and not names:
        raise TableError(dataset.name, "has no sensitive feature", "name one in sensitive=")
    for name in names:
        dataset.groups(name)
        if names.count(name) > 1:
            raise TableError("sensitive", f"names '{name}' twice", "name it once")
    return names


def aligned(values: npt.ArrayLike, place: str, index: pd.Index) -> np.ndarray:
    """Return one value a person, or raise TableError when lengths or row labels differ."""
    array = np.asarray(values)
    if array.shape != (len(index),):
        raise TableError(
            place, f"has shape {array.shape}", f"give one value for each of {len(index):,} people"
        )
    if isinstance(values, pd.Series) and not values.index.equals(index):
        raise TableError(
            place, "has other row labels than the dataset", "give .to_numpy() in its order"
        )
    return array


def binary(values: npt.ArrayLike, place: str, index: pd.Index) -> np.ndarray:
    """Return 0 and 1 as bytes, or raise TableError for any other value."""
    array = aligned(values, place, index)
    if array.dtype == bool:
        return array.view(np.uint8)
    missing = int(pd.isna(array).sum())
    if missing:
        raise TableError(place, f"is missing in {missing} rows", "drop or fill those rows")
    wrong = ~((array == 0) | (array == 1))
    if np.any(wrong):
        shown = array[np.argmax(wrong)]
        raise TableError(place, f"holds {shown!s}", "give True and False, or 1 and 0")
    return array.astype(np.uint8)


def finite(values: npt.ArrayLike, place: str, index: pd.Index) -> np.ndarray:
    """Return finite numbers as float64, or raise TableError for any other value."""
    array = aligned(values, place, index)
    if array.dtype.kind not in "iuf":
        raise TableError(place, f"holds {array.dtype} values", "give numbers")
    array = array.astype("float64", copy=False)
    if not np.isfinite(array.sum()):
        wrong = int((~np.isfinite(array)).sum())
        raise TableError(place, f"is not finite in {wrong} rows", "give everybody a score")
    return array


def probabilities(values: npt.ArrayLike, dataset: Dataset) -> np.ndarray:
    """Return finite numbers from 0 to 1, one a person, or raise TableError."""
    chance = finite(values, "probability", dataset.X.index)
    if chance.min() < 0 or chance.max() > 1:
        shown = chance.min() if chance.min() < 0 else chance.max()
        raise TableError("probability", f"holds {shown:g}", "give numbers from 0 to 1")
    return chance


def over_clusters(dataset: Dataset, asked: Over) -> tuple[np.ndarray | None, str]:
    """Everybody's cluster when intervals are to count clusters, else None; and a note on it.

    Raises
    ------
    InputError
        When the option is unknown, or clusters are asked for and there are too few.
    """
    if asked not in get_args(Over):
        refuse_unknown(InputError, "intervals_over", str(asked), get_args(Over))
    clusters = None if asked == "people" else dataset.clusters()
    number = 0 if clusters is None else len(np.unique(clusters))
    note = over_note(number, asked)
    return (clusters if enough_clusters(clusters) else None), note


def over_note(number: int, asked: Over) -> str:
    """The sentence that says what intervals count, given how many clusters there are.

    Raises
    ------
    InputError
        When clusters are asked for and there are too few.
    """
    if asked != "people" and number >= FEWEST_CLUSTERS:
        return (
            f"Intervals count {number:,} clusters, whose people share chances. Differences "
            "between groups need no more; a group's own level also moves with what all clusters "
            "share, such as ties between them, which one table cannot show."
        )
    if asked == "clusters":
        raise InputError(
            "intervals_over",
            f"is 'clusters', and there are {number}",
            f"name a cluster column with at least {FEWEST_CLUSTERS}, or count people",
        )
    few = f" (there are {number} clusters, too few to tell)" if number else ""
    return f"Intervals count people as independent of each other{few}."
