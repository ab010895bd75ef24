"""What people decide in: themselves, the score, what they can do, and whom they know."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from credit_ml.core import Array, Dataset, Rows
from credit_ml.response.aim import Aim, worth_of
from credit_ml.response.economy import Economy
from credit_ml.response.menu import Action, Bundle
from credit_ml.response.objective import Objective
from credit_ml.scoring import ScoreFunction


@dataclass(frozen=True, kw_only=True)
class StandardUnits:
    """Numeric columns in standard units; what is missing stands at the mean."""

    columns: tuple[str, ...]
    middle: Array
    scale: Array
    """Standard deviations, infinite for a column that is the same for everybody."""

    @classmethod
    def of(cls, X: pd.DataFrame) -> "StandardUnits":
        """Read the columns of a table that hold numbers."""
        columns = tuple(str(name) for name in X.columns if X[name].dtype.kind in "iufb")
        values = X[list(columns)].to_numpy(dtype=np.float64, na_value=np.nan)
        seen = np.isfinite(values)
        count = np.maximum(seen.sum(axis=0), 1)
        middle = np.where(seen, values, 0.0).sum(axis=0) / count
        spread = np.sqrt((np.where(seen, values - middle, 0.0) ** 2).sum(axis=0) / count)
        return cls(columns=columns, middle=middle, scale=np.where(spread > 1e-12, spread, np.inf))

    def __call__(self, X: pd.DataFrame) -> Array:
        """Return a table in standard units."""
        values = X[list(self.columns)].to_numpy(dtype=np.float64, na_value=np.nan)
        return np.nan_to_num((values - self.middle) / self.scale)


def best_linear(Z: Array, scores: Array) -> tuple[Array, float]:
    """Weights of the best linear approximation of scores, and its share of their variance.

    Of a linear score they are its own, and the share is 1.

    Examples
    --------
    >>> weights, share = best_linear(np.array([[0.0], [1.0], [2.0]]), np.array([5.0, 7.0, 9.0]))
    >>> weights.round(9).tolist(), round(share, 9)
    ([2.0], 1.0)
    """
    centred, moved = scores - scores.mean(), Z - Z.mean(axis=0)
    weights: Array = np.linalg.lstsq(moved, centred, rcond=1e-10)[0]
    left = centred - moved @ weights
    total = float(centred @ centred)
    return weights, 1.0 if total == 0 else 1 - float(left @ left) / total


@dataclass(frozen=True, kw_only=True)
class DecisionProblem:
    """Everything that is the same under every regime.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> problem.scores.tolist(), [action.id for action in problem.actions]
    ([600.0, 500.0, 400.0], ['pay_on_time'])
    """

    model: Any
    """The rater's model, as given."""
    score: ScoreFunction
    """What it gives to a table."""
    people: Dataset
    """Those who are followed, before anybody acts."""
    everyone: Dataset
    """Those whom they may learn from; the people followed are among them."""
    rows: Rows
    """Where the people followed stand among everyone."""
    actions: tuple[Action, ...]
    aims: tuple[Aim, ...]
    """What is granted, then what is imposed; the first is the decision that is measured."""
    economy: Economy
    """What actions cost whom, and who may take them."""
    margin: float = 0.0
    """Points that people want above a threshold before they count on it."""
    temperature: float = 0.0
    """Response noise, share of a year's income (quantal response); 0 is to take the best."""
    creditworthy: Array | None = None
    """Chance that each of the people followed keeps an obligation, or the outcome on file."""
    ties: csr_array | None = None
    """Who knows whom among everyone; None when that is unknown."""
    seed: int = 0
    _moves: dict[int, dict[str, Array]] = field(default_factory=dict, repr=False, compare=False)

    def bundle(self, mask: int) -> Bundle:
        """Return the actions whose bits are set."""
        return Bundle(tuple(a for n, a in enumerate(self.actions) if mask >> n & 1))

    def moves(self, mask: int) -> dict[str, Array]:
        """How far a bundle would move each column for each person followed; asked once each.

        Where a column is missing for a person, nothing moves. Columns of categories are left out:
        no weight a unit says what another category is worth.
        """
        if mask not in self._moves:
            X, bundle = self.people.X, self.bundle(mask)
            moved, names = bundle.apply(X), set(self.standard.columns).intersection(bundle.columns)
            self._moves[mask] = {
                name: np.nan_to_num(_numbers(moved[name]) - _numbers(X[name]))
                for name in sorted(names)
            }
        return self._moves[mask]

    def objective(self, spread: Array | None = None) -> Objective:
        """What a score is worth to people who know it up to an error of this SD, or exactly."""
        return Objective.of(
            self.aims,
            margin=self.margin,
            temperature=self.temperature,
            seed=self.seed,
            spread=spread,
        )

    def worth(self, scores: Array) -> Array:
        """Value of what people of these scores hold, less what falls on them."""
        if any(aim.imposed or aim.share is not None for aim in self.aims):
            return worth_of(self.aims, scores)
        return self.objective().worth(scores)

    @cached_property
    def everyone_scores(self) -> Array:
        """Scores of everyone before anybody acts."""
        return self.score(self.everyone.X)

    @cached_property
    def scores(self) -> Array:
        """Scores of the people followed, before anybody acts."""
        found: Array = self.everyone_scores[self.rows]
        return found

    @cached_property
    def standard(self) -> StandardUnits:
        """Standard units of everyone's numeric columns."""
        return StandardUnits.of(self.everyone.X)

    @cached_property
    def surrogate(self) -> tuple[Array, float]:
        """Weights of the best linear approximation of the score, and its share of the variance."""
        return best_linear(self.standard(self.everyone.X), self.everyone_scores)

    @cached_property
    def spread(self) -> float:
        """Standard deviation of everyone's scores."""
        return float(np.std(self.everyone_scores))


def _numbers(values: pd.Series) -> Array:
    return values.to_numpy(dtype=np.float64, na_value=np.nan)
