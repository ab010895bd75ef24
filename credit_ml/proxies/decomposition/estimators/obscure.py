"""Interventions that leave the model as it is: make a factor tell nothing, and ask again."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, InputError, Rows, Streams
from credit_ml.core.tables.frames import with_columns
from credit_ml.inference import Comparison
from credit_ml.proxies.decomposition.components import Components
from credit_ml.proxies.decomposition.estimators.estimator import Estimator, GapComponents, GapTask
from credit_ml.proxies.decomposition.estimators.repair import banded, moved, repaired
from credit_ml.scoring import ScoreFunction


class Obscured(Estimator):
    """How much the gap falls when one factor at a time is made to tell nothing."""

    kind = "intervention"

    @abstractmethod
    def without(self, score: ScoreFunction, task: GapTask) -> tuple[Array, Array]:
        """Scores with each factor obscured in turn, and how each person moves their mean.

        Both of shape (people, factors); the second differs from the first where what was made
        of a factor is fixed by the group's own people (`moved`).
        """

    def decomposed(self, task: GapTask) -> GapComponents:
        """Differences of group means of what each person's score loses."""
        score = task.score(task.one_model(self))
        left, moves = self.without(score, task)
        return falls(score(task.dataset.X), left, moves, task, rater=score.name, unit=score.unit)


class GradientFeatureAuditing(Obscured):
    """Fall of the gap when a factor's columns are repaired to one distribution for all groups."""

    id: ClassVar[str] = "gradient_feature_auditing"

    def without(self, score: ScoreFunction, task: GapTask) -> tuple[Array, Array]:
        """Repair each factor in turn."""
        dataset, streams, groups = task.dataset, Streams(task.seed), task.codes
        found, moves = [], []
        for columns in dataset.factors.values():
            new = {}
            for column in columns:
                generator = streams.generator(f"proxies.repair.{column}")
                new[column] = repaired(dataset.X[column], groups, generator)
            found.append(score(with_columns(dataset.X, new)))
            # Every group has the same values of a repaired column, whoever its people are.
            made = np.column_stack([banded(column) for column in new.values()])
            moves.append(moved(found[-1], made, groups))
        return np.column_stack(found), np.column_stack(moves)


@dataclass(frozen=True, kw_only=True)
class Permuted(Obscured):
    """Fall of the gap when everybody gets somebody else's factor."""

    id: ClassVar[str] = "permute"

    repeats: int = 5
    """Deals over which scores are averaged."""

    def without(self, score: ScoreFunction, task: GapTask) -> tuple[Array, Array]:
        """Deal each factor again."""
        problem = f"is {self.repeats}"
        InputError.unless(self.repeats >= 1, "permute, repeats", problem, "give at least 1")
        found = task.once(self, lambda: self._after_deals(score, task))
        return found, found

    def _after_deals(self, score: ScoreFunction, task: GapTask) -> Array:
        """Mean score over deals with each factor dealt, which no group is asked for."""
        dataset = task.dataset
        generator = Streams(task.seed).generator("proxies.permute")
        found = np.zeros((len(dataset), len(dataset.factors)))
        for _ in range(self.repeats):
            order = generator.permutation(len(dataset))
            for k, columns in enumerate(dataset.factors.values()):
                found[:, k] += score(dealt(dataset, columns, order)) / self.repeats
        return found


def dealt(dataset: Dataset, columns: tuple[str, ...], order: Rows) -> pd.DataFrame:
    """Give person i the columns of person order[i]."""
    other = dataset.X[list(columns)].iloc[order].set_axis(dataset.X.index)
    return with_columns(dataset.X, {column: other[column] for column in columns})


def falls(
    scores: Array, left: Array, moves: Array, task: GapTask, *, rater: str, unit: str
) -> GapComponents:
    """Differences of group means: what each factor's obscuring takes, and the gap last.

    Parameters
    ----------
    scores : ndarray of shape (people,)
    left, moves : ndarray of shape (people, factors)
        Scores that are left, and how each person moves their group mean.
    """
    people, names = task.people, tuple(task.dataset.factors)

    def components(pair: Comparison) -> Components:
        means = Components.of_means(people, pair, names, scores[:, None] - left, scores)
        errors = pair.difference(people.mean, scores[:, None] - moves)
        return replace(means, estimate=replace(errors, value=means.estimate.value))

    return task.answer(rater, unit, components)
