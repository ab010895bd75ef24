"""Crossing the line of a linear score: how far people's means take them, and where they land."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, MenuError, ModelError, Origin, known_names, refuse_unknown
from credit_ml.response.aftermath import Aftermath
from credit_ml.scoring import display_name, good_class

Array = NDArray[np.float64]
CostKind = Literal["quadratic", "linear"]

#: Power of the smooth maximum that stands for the largest of weight over price.
_POWER = 16.0
#: Weights below this count as none, so that the reach is smooth at 0.
_TINY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What it costs to move columns, and what the decision is worth.

    A move d costs ``sum_j price_j d_j**2`` (quadratic) or ``sum_j price_j |d_j|`` (linear), and
    a person with means m pays up to ``value * m``. Under a linear score with weights w that
    raises the score by at most the reach

        sqrt(value m sum_j w_j**2 / price_j)    or    value m max_j |w_j| / price_j

    A reach of 0 is nobody moving: no value, or weights only on columns without a price.
    """

    prices: Mapping[str, float]
    """Price of each column that can be moved; others stay."""
    cost: CostKind = "quadratic"
    value: float = 1.0
    """What the decision is worth to a person of means 1."""

    def __post_init__(self) -> None:
        if self.cost not in get_args(CostKind):
            refuse_unknown(MenuError, "cost", str(self.cost), get_args(CostKind))
        for column, price in self.prices.items():
            if not price > 0:
                raise MenuError(f"prices, {column}", f"is {price:g}", "give a price above 0")
        if not self.value >= 0:
            raise MenuError("value", f"is {self.value:g}", "give at least 0")

    def reach(self, weights: Array, prices: Array, means: Array) -> Array:
        """Most that each person's score rises, exactly; shape (people,)."""
        return self.scales(means) * self.size(weights, prices)

    def scales(self, means: Array) -> Array:
        """What multiplies the size of the weights for each person; shape (people,)."""
        paid = self.value * means
        return np.sqrt(paid) if self.cost == "quadratic" else paid

    def size(self, weights: Array, prices: Array) -> float:
        """Size of the weights in the norm dual to the cost."""
        if not len(prices):
            return 0.0
        if self.cost == "quadratic":
            return float(np.sqrt((weights**2 / prices).sum()))
        return float((np.abs(weights) / prices).max())

    def smooth_size(self, weights: Array, prices: Array) -> tuple[float, Array]:
        """Size of the weights, smoothed, and its derivative.

        For a linear cost the maximum becomes a power mean of power 16, which exceeds it by a
        share of at most ``columns**(1/16) - 1``.
        """
        if not len(prices):
            return 0.0, np.zeros(0)
        if self.cost == "quadratic":
            size = float(np.sqrt((weights**2 / prices).sum() + _TINY**2))
            return size - _TINY, weights / prices / size
        rounded = np.sqrt(weights**2 + _TINY**2)
        each = rounded / prices
        top = float(each.max())
        size = top * float(((each / top) ** _POWER).sum()) ** (1 / _POWER)
        return size, (each / size) ** (_POWER - 1) * weights / rounded / prices

    def step(self, weights: Array, prices: Array) -> Array:
        """Cheapest move that raises a linear score by 1."""
        if self.cost == "quadratic":
            return weights / prices / self.size(weights, prices) ** 2
        move = np.zeros(len(weights))
        best = int(np.argmax(np.abs(weights) / prices))
        move[best] = 1 / weights[best]
        return move

    def price_of(self, rise: Array, weights: Array, prices: Array) -> Array:
        """Least cost of raising a linear score by some amounts."""
        share = rise / self.size(weights, prices)
        return share**2 if self.cost == "quadratic" else share


@dataclass(frozen=True, kw_only=True)
class CrossTheLine:
    """People refused by a linear score move just onto its line, if they can pay for it.

    All moves are cosmetic, the formula is known to all, and nobody who is granted already, or
    cannot reach the line, moves at all: the exact best response to a linear score of known
    weights for a decision worth a fixed sum.
    """

    effort: Effort
    means: str | None = None
    """Column of ``dataset.context`` with people's means, such as ``income``; None: all have 1."""

    def __call__(self, rater: Any, dataset: Dataset) -> Aftermath:
        """Move everybody who can reach the line onto it."""
        weights, intercept = linear_weights(rater, dataset.X)
        values = _numbers(dataset.X)
        short = -(values @ weights + intercept)
        own, prices = movable(self.effort, list(dataset.X.columns))
        means = np.ones(len(dataset))
        if self.means is not None:
            means = dataset.context[self.means].to_numpy(dtype=np.float64)
        reach = self.effort.reach(weights[own], prices, means)
        acted = (short > 0) & (short <= reach) & (reach > 0)
        spending = np.zeros(len(dataset))
        if acted.any():
            # A hair beyond the line, for sums do not land on it, least of all in float32.
            rise = np.where(acted, short + 1e-6 * (1 + np.abs(short)), 0.0)
            values[:, own] += np.outer(rise, self.effort.step(weights[own], prices))
            spending = self.effort.price_of(np.where(acted, short, 0.0), weights[own], prices)
        moved = own if acted.any() else own[:0]
        return Aftermath(X=_with(dataset.X, values, moved), probability=known_chances(dataset),
                         acted=acted, cosmetic=acted, spending=spending / means)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LinearShift:
    """Everybody moves along the weights of a linear score: ``x' = x + strength * w`` (on S).

    The best response to utility ``<w, x>`` with cost ``|x' - x|**2 / (2 strength)`` in the
    columns S (Perdomo et al. 2020); cosmetic. Strength 0 moves nobody.
    """

    strength: float
    columns: Sequence[str] | None = field(default=None)
    """Columns S that can be moved; all by default."""

    def __call__(self, rater: Any, dataset: Dataset) -> Aftermath:
        """Move everybody by the same vector."""
        weights, _ = linear_weights(rater, dataset.X)
        known = [str(name) for name in dataset.X.columns]
        for column in self.columns or ():
            if column not in known:
                raise MenuError("columns", f"'{column}' is unknown", known_names(column, known))
        moves = np.array([self.columns is None or name in self.columns for name in known])
        step = np.where(moves, self.strength * weights, 0.0)
        acted = np.full(len(dataset), bool(np.any(step)))
        cost = float(step @ step) / (2 * self.strength) if self.strength else 0.0
        X = _with(dataset.X, _numbers(dataset.X) + step, np.flatnonzero(step))
        return Aftermath(X=X, probability=known_chances(dataset), acted=acted, cosmetic=acted,
                         spending=np.full(len(dataset), cost))  # fmt: skip


def linear_weights(rater: Any, X: pd.DataFrame) -> tuple[Array, float]:
    """Weight of each column of X in a linear score's log-odds, and its intercept.

    Raises
    ------
    ModelError
        When the rater has no weight for each column it reads, or reads a column that X lacks.
    """
    found = np.ravel(getattr(rater, "coef_", ()))
    names = [str(name) for name in getattr(rater, "feature_names_in_", X.columns)]
    if len(found) != len(names) or not set(names) <= set(map(str, X.columns)):
        raise ModelError(
            display_name(rater), "has no weight for each column of the table",
            "give a linear model of these columns, such as LogisticRegression",
        )  # fmt: skip
    if (
        hasattr(rater, "classes_")
        and good_class(rater, display_name(rater), None, None, Origin.of(X)) != 1
    ):
        raise ModelError(display_name(rater), "has the good outcome as its first class",
                         "fit it on Dataset.y, where 1 is good")  # fmt: skip
    by_name = dict(zip(names, found, strict=True))
    weights = np.array([by_name.get(str(name), 0.0) for name in X.columns], dtype=np.float64)
    return weights, float(np.ravel(rater.intercept_)[0])


def movable(effort: Effort, columns: list[str]) -> tuple[NDArray[np.intp], Array]:
    """Positions and prices of the columns that can be moved.

    Raises
    ------
    MenuError
        When a price is given for a column that is not there.
    """
    for name in effort.prices:
        if name not in columns:
            raise MenuError("prices", f"column '{name}' is unknown", known_names(name, columns))
    own = np.array([columns.index(name) for name in effort.prices], dtype=np.intp)
    return own, np.array(list(effort.prices.values()), dtype=np.float64)


def known_chances(dataset: Dataset) -> Array | None:
    """True chances of keeping as they are, where the table knows them."""
    if "probability" not in dataset.context.columns:
        return None
    return dataset.context["probability"].to_numpy(dtype=np.float64)


def _with(X: pd.DataFrame, values: Array, columns: NDArray[np.intp]) -> pd.DataFrame:
    """The table with some columns replaced; the others keep their type."""
    return X.assign(**{str(X.columns[each]): values[:, each] for each in columns})


def _numbers(X: pd.DataFrame) -> Array:
    try:
        return X.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    except (TypeError, ValueError) as error:
        raise ModelError(
            "a linear score", "reads numbers, and X holds others", "encode X"
        ) from error
