"""Whom a model is asked about: people it may be judged on, a sample of them, their groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from credit_ml.core import Dataset, InputError, Mask, Streams, TableError
from credit_ml.inference import Estimate, Over, People, checked_level, groups_of
from credit_ml.inference.contributions import UNBOUNDED
from credit_ml.scoring import CrossFitted, display_name


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
    """Raise TableError when a cross-fitted model is of another number of people.

    Examples
    --------
    >>> import pandas as pd
    >>> from credit_ml.scoring import Scorecard, cross_fit
    >>> frame = pd.DataFrame({"late": np.arange(40) % 4, "paid": [1, 0] * 20})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> check_fitted_on(cross_fit(Scorecard(), data, folds=2, seed=0), data)
    """
    if len(model) != len(dataset):
        problem = f"has {len(dataset)} rows, the cross-fitted model {len(model)}"
        raise TableError(dataset.name, problem, "give the table that it was fitted on")


@dataclass(frozen=True, kw_only=True)
class ExplainedPeople:
    """Some of the people that a model may be judged on, and how sure numbers of them are."""

    name: str
    """Of the model."""
    model: Any
    """Who is asked: of a CrossFitted one fold's model."""
    dataset: Dataset
    rows: NDArray[np.intp]
    """Where the people stand in the dataset that was given."""
    people: People
    groups: tuple[tuple[str, str, Mask], ...]
    """Everybody, then each group: feature, group, who."""
    level: float
    """Of intervals."""

    def facts(self, estimate: Callable[[Mask], Estimate], **labels: Any) -> list[dict[str, Any]]:
        """Return one row a group: what is estimated of its members."""
        return [
            labels | {"sensitive": feature, "group": group} | estimate(who).facts(self.level)
            for feature, group, who in self.groups
        ]

    def means(
        self, values: ArrayLike, bounds: tuple[float, float] = UNBOUNDED, **labels: Any
    ) -> list[dict[str, Any]]:
        """Return one row a group: the mean of its members' values."""
        return self.facts(partial(self.people.mean, values, bounds=bounds), **labels)

    def parameters(self, **own: Any) -> dict[str, Any]:
        """Return what was asked, as a finding keeps it."""
        counts = {"people": len(self.dataset), "intervals_over": self.people.counted}
        return {"rater": self.name, "intervals": self.level} | counts | own


def sample_of(
    model: Any,
    dataset: Dataset,
    sensitive: str | Sequence[str] | None,
    *,
    people: int,
    intervals: float,
    over: Over,
    seed: int,
) -> ExplainedPeople:
    """Draw people without replacement, in their order; all when there are fewer.

    Raises
    ------
    InputError
        When fewer than 2 are asked for, whose mean has no interval, or the level is out of range.
    TableError
        When there is no such sensitive feature, or a CrossFitted belongs to another table.
    """
    InputError.unless(people >= 2, "people", f"is {people}", "give at least 2")
    asked, known, place = unseen_by(model, dataset)
    generator = Streams(seed).generator("explanation.people")
    drawn = np.sort(generator.choice(len(known), min(people, len(known)), replace=False))
    sample = known.take(drawn)
    return ExplainedPeople(
        name=display_name(model),
        model=asked,
        dataset=sample,
        rows=place[drawn],
        people=People.of(sample, over=over),
        groups=tuple(groups_of(sample, sensitive or ())),
        level=checked_level(intervals),
    )
