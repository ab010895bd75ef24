"""How people respond to a linear score that all know: across its threshold, or along its weights.

Both are responses for `repeated_refitting` and its kin, as are the regimes of disclosure
(`credit_ml.disclosure.Responding`) and any function of a rater and a dataset.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, MenuError, ModelError, Origin, known_names, need_known
from credit_ml.core.tables.arrays import Array, Mask, Rows
from credit_ml.core.tables.frames import with_columns
from credit_ml.response.aftermath import Aftermath
from credit_ml.scoring import display_name, good_class
from credit_ml.strategic.closed_form.linear_response import LinearScore, linear_response
from credit_ml.strategic.costs.forms import OneSided, Quadratic

CostKind = Literal["quadratic", "linear"]


@dataclass(frozen=True, kw_only=True)
class CrossThreshold:
    """People refused by a linear score move just onto its threshold, if they can pay for it.

    A move d costs ``sum_j price_j d_j**2`` (quadratic) or ``sum_j price_j |d_j|`` (linear), and
    a person of means m pays up to ``value * m``. All moves are cosmetic, the formula is known to
    all, and nobody who is granted already, or cannot reach the threshold, moves at all: the exact
    best response to a linear score of known weights for a decision worth a fixed sum.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> frame = pd.DataFrame({"show": [0.0, 1.0, 2.0, 3.0], "paid": [0, 0, 1, 1]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> after = CrossThreshold(prices={"show": 1.0}, value=1.0)(model, people)
    >>> after.X["show"].round(2).tolist()
    [0.0, 1.5, 2.0, 3.0]
    """

    prices: Mapping[str, float]
    """Price of each column that can be moved; others stay."""
    cost: CostKind = "quadratic"
    value: float = 1.0
    """What the decision is worth to a person of means 1."""
    means: str | None = None
    """Column of ``dataset.context`` with people's means, such as ``income``; None: all have 1."""

    def __post_init__(self) -> None:
        check_prices(self.prices, self.cost, self.value)

    def __call__(self, rater: Any, dataset: Dataset) -> Aftermath:
        """Move everybody who can reach the threshold onto it."""
        weights, intercept = linear_weights(rater, dataset.X)
        values = _numbers(dataset.X)
        prices = np.full(len(weights), np.inf)
        own = _positions("prices", self.prices, dataset.X)
        prices[own] = list(self.prices.values())
        means = np.asarray(dataset.context.get(self.means, np.ones(len(dataset))), dtype=np.float64)
        quadratic = self.cost == "quadratic"
        found = linear_response(
            values,
            LinearScore(weights=weights, intercept=intercept),
            cost=Quadratic(weights=prices) if quadratic else OneSided(up=prices, down=prices),
            value=self.value * means,
            # A hair beyond, for sums of float32 do not land where those of float64 do.
            margin=1e-6 * (1 + float(np.abs(values @ weights + intercept).max(initial=0.0))),
        )
        moved = own if found.moved.any() else own[:0]
        spending = np.divide(found.cost, means, out=np.zeros(len(dataset)), where=found.moved)
        return _cosmetic(dataset, found.X, moved, found.moved, spending)


@dataclass(frozen=True, kw_only=True)
class LinearShift:
    """Everybody moves along the weights of a linear score: ``x' = x + strength * w`` (on S).

    The best response to utility ``<w, x>`` with cost ``|x' - x|**2 / (2 strength)`` in the
    columns S (Perdomo et al. 2020); cosmetic. Strength 0 moves nobody.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> frame = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0], "paid": [1, 1, 0, 0]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> after = LinearShift(strength=0.5)(model, people)
    >>> bool(np.allclose(after.X["late"] - people.X["late"], 0.5 * model.coef_[0, 0]))
    True
    """

    strength: float
    columns: Sequence[str] | None = None
    """Columns S that can be moved; all by default."""

    def __call__(self, rater: Any, dataset: Dataset) -> Aftermath:
        """Move everybody by the same vector."""
        weights, _ = linear_weights(rater, dataset.X)
        known = [str(name) for name in dataset.X.columns]
        own = _positions("columns", known if self.columns is None else self.columns, dataset.X)
        step = np.zeros(len(known))
        step[own] = self.strength * weights[own]
        acted = np.full(len(dataset), bool(np.any(step)))
        cost = float(step @ step) / (2 * self.strength) if self.strength else 0.0
        values, spending = _numbers(dataset.X) + step, np.full(len(dataset), cost)
        return _cosmetic(dataset, values, np.flatnonzero(step), acted, spending)


def check_prices(prices: Mapping[str, float], cost: str, value: float) -> None:
    """Refuse a form of cost that is unknown, and prices or a value that nobody could pay.

    Raises
    ------
    MenuError
        When the form is unknown, a price is not above 0, or the value is below 0.
    """
    need_known(MenuError, "cost", cost, get_args(CostKind))
    for column, price in prices.items():
        MenuError.unless(price > 0, f"prices, {column}", f"is {price:g}", "give a price above 0")
    MenuError.unless(value >= 0, "value", f"is {value:g}", "give at least 0")


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
        problem = "has no weight for each column of the table"
        remedy = "give a linear model of these columns, such as LogisticRegression"
        raise ModelError(display_name(rater), problem, remedy)
    if hasattr(rater, "classes_") and good_class(rater, origin=Origin.of(X)) != 1:
        problem, remedy = "has the good outcome as its first class", "fit it on Dataset.y"
        raise ModelError(display_name(rater), problem, remedy)
    by_name = dict(zip(names, found, strict=True))
    weights = np.array([by_name.get(str(name), 0.0) for name in X.columns], dtype=np.float64)
    return weights, float(np.ravel(rater.intercept_)[0])


def known_chances(dataset: Dataset) -> Array | None:
    """True chances of keeping as they are, where the table knows them."""
    if "probability" not in dataset.context.columns:
        return None
    return dataset.context["probability"].to_numpy(dtype=np.float64)


def _positions(place: str, names: Mapping[str, float] | Sequence[str], X: pd.DataFrame) -> Any:
    known = [str(name) for name in X.columns]
    for name in names:
        if name not in known:
            raise MenuError(place, f"column '{name}' is unknown", known_names(name, known))
    return np.array([known.index(name) for name in names], dtype=np.intp)


def _cosmetic(
    dataset: Dataset, values: Array, moved: Rows, acted: Mask, spending: Array
) -> Aftermath:
    """Return moves that change records alone; columns that nobody moves keep their type."""
    X = with_columns(dataset.X, {str(dataset.X.columns[each]): values[:, each] for each in moved})
    chances = known_chances(dataset)
    return Aftermath(X=X, probability=chances, acted=acted, cosmetic=acted, spending=spending)


def _numbers(X: pd.DataFrame) -> Array:
    try:
        return X.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    except (TypeError, ValueError) as error:
        problem = "reads numbers, and X holds others"
        raise ModelError("a linear score", problem, "encode X") from error
