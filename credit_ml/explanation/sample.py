"""Whom a model is asked about: people it may be judged on, a sample of them, their groups."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Dataset, InputError, Streams, TableError
from credit_ml.scoring import CrossFitted


class Group(NamedTuple):
    """Some of the people, under the name of a sensitive feature."""

    sensitive: str
    """Name of the feature; "overall" for everybody."""
    name: str
    """Value of the feature; "all" for everybody."""
    member: NDArray[np.bool_]
    """Who belongs to it, shape (people,)."""


class Unseen(NamedTuple):
    """A model, and people that it may be judged on."""

    model: Any
    dataset: Dataset
    rows: NDArray[np.intp]
    """Where the people stand in the dataset that was given."""


def unseen_by(model: Any, dataset: Dataset) -> Unseen:
    """Return a model and people; of a CrossFitted the first fold's, which it did not see.

    Raises
    ------
    TableError
        When a CrossFitted belongs to another table.
    """
    if not isinstance(model, CrossFitted):
        return Unseen(model, dataset, np.arange(len(dataset)))
    check_fitted_on(model, dataset)
    fold = model.folds[0]
    return Unseen(fold.model, dataset.take(fold.rows), fold.rows)


def check_fitted_on(model: CrossFitted, dataset: Dataset) -> None:
    """Raise TableError when a cross-fitted model is of another number of people."""
    if len(model) != len(dataset):
        raise TableError(
            dataset.name,
            f"has {len(dataset)} rows, the cross-fitted model {len(model)}",
            "give the table that it was fitted on",
        )


def sampled(dataset: Dataset, people: int, *, seed: int, stream: str) -> NDArray[np.intp]:
    """Return positions of `people` drawn without replacement, rising; all when there are fewer.

    Raises
    ------
    InputError
        When fewer than 2 are asked for, whose mean has no interval.
    """
    if people < 2:
        raise InputError("people", f"is {people}", "give at least 2")
    generator = Streams(seed).generator(stream)
    size = min(people, len(dataset))
    return np.sort(generator.choice(len(dataset), size, replace=False)).astype(np.intp)


def groups_of(dataset: Dataset, sensitive: str | None) -> list[Group]:
    """Everybody, and each group of a sensitive feature that has any people.

    Raises
    ------
    TableError
        When there is no such sensitive feature.
    """
    found = [Group("overall", "all", np.ones(len(dataset), dtype=bool))]
    if sensitive is None:
        return found
    values = dataset.groups(sensitive)
    each = [
        Group(sensitive, str(name), (values == name).to_numpy()) for name in values.cat.categories
    ]
    return found + [group for group in each if group.member.any()]
