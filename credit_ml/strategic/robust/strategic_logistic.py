"""Logistic regression that is trained through people's response to it."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult, minimize
from scipy.special import expit
from sklearn.utils.validation import check_is_fitted, validate_data

from credit_ml.core import Array, ModelError
from credit_ml.scoring import LogOddsClassifier
from credit_ml.scoring.target import checked_target
from credit_ml.strategic.performative.responses import CostKind, check_prices

#: Power of the smooth maximum that stands for the largest of weight over price.
_POWER = 16.0
#: Weights below this count as none, so that the reach is smooth at 0.
_TINY = 1e-9


class StrategicLogistic(LogOddsClassifier):
    """Logistic regression on decisions as they will be after people have responded.

    People below the threshold of a linear score move onto it if their reach suffices
    (`CrossThreshold`), so that the decision after the response is ``score + reach_i(w) >= 0``.
    Fitted is ::

        min |w|**2 / 2 + C sum_i log(1 + exp(-y_i (w x_i + b + reach_i(w))))

    with y of -1 and 1. Nobody's reach is 0 at price infinity or value 0, and it is then
    scikit-learn's LogisticRegression. Where all have the same means, it is that with the
    intercept lowered by the reach: a raised threshold (Hardt et al. 2016). Where means differ,
    weights turn from what the rich can buy.

    The objective is not convex: L-BFGS starts from the naive weights, with and without the
    threshold raised by the mean reach, and the better end is kept.

    Cost: two runs of L-BFGS, a few dozen passes over the table each.

    Parameters
    ----------
    price : float or mapping of str to float
        Price of moving a column by 1, the same for all or by column; columns without one
        cannot be moved.
    cost : {"quadratic", "linear"}
        Form of the cost; see `CrossThreshold`.
    value : float
        What the decision is worth to a person of means 1.
    C : float
        Inverse strength of the pull of weights towards 0, as in LogisticRegression.
    max_iter : int
        Steps of L-BFGS at most.

    References
    ----------
    Levanon, S. and Rosenfeld, N. (2021). Strategic classification made practical. ICML,
    6243-6253.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> naive = StrategicLogistic(value=0.0).fit(X, [0, 0, 1, 1])
    >>> wary = StrategicLogistic(value=1.0).fit(X, [0, 0, 1, 1])
    >>> bool(wary.intercept_[0] < naive.intercept_[0])
    True
    """

    coef_: Array
    """Weights, shape (1, columns)."""
    intercept_: Array
    """Shape (1,)."""

    def __init__(
        self,
        *,
        price: float | dict[str, float] = 1.0,
        cost: CostKind = "quadratic",
        value: float = 1.0,
        C: float = 1.0,
        max_iter: int = 1000,
    ) -> None:
        self.price = price
        self.cost = cost
        self.value = value
        self.C = C
        self.max_iter = max_iter

    def fit(
        self, X: pd.DataFrame | ArrayLike, y: ArrayLike, means: ArrayLike | None = None
    ) -> Self:
        """Fit the weights.

        Parameters
        ----------
        X : array-like of shape (people, columns)
        y : array-like of two classes
        means : array-like, optional
            Means of each person, such as income; all 1 by default.

        Raises
        ------
        MenuError
            When a price, the value or the form of cost cannot be used.
        ModelError
            When `y` has not two outcomes, `C` or means are out of range, or L-BFGS fails.
        """
        if not self.C > 0:
            raise ModelError("StrategicLogistic, C", f"is {self.C}", "give a number above 0")
        values = validate_data(self, X, dtype=np.float64)
        self.classes_, kept = checked_target(y, people=len(values))
        wealth = np.ones(len(values)) if means is None else np.asarray(means, dtype=np.float64)
        if wealth.shape != (len(values),) or not (wealth >= 0).all():
            raise ModelError("means", "are not one number of at least 0 a person", "give those")
        reach = self._reach()
        sign = np.where(kept == 1, 1.0, -1.0)
        problem = _Problem(values, sign, reach, reach.scales(wealth), float(self.C))
        weights, intercept, self.n_iter_ = problem.solve(int(self.max_iter))
        self.coef_, self.intercept_ = weights[None, :], np.array([intercept])
        return self

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> Array:
        """Log-odds of the favourable outcome of records as they stand, shape (people,)."""
        check_is_fitted(self)
        values = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray(values @ self.coef_[0] + self.intercept_[0])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = False
        tags.input_tags.categorical = False
        # It decides about records after a response, and refuses some as they stand.
        tags.classifier_tags.poor_score = self.value != 0
        return tags

    def _reach(self) -> "Reach":
        columns = getattr(self, "feature_names_in_", range(self.n_features_in_))
        names = [str(name) for name in columns]
        prices = self.price if isinstance(self.price, dict) else dict.fromkeys(names, self.price)
        for name in prices:
            problem = f"column '{name}' is not in X"
            ModelError.unless(name in names, "price", problem, f"known: {names}")
        check_prices(prices, self.cost, self.value)
        each = np.array([prices.get(name, np.inf) for name in names], dtype=np.float64)
        return Reach(prices=each, cost=self.cost, value=self.value)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The most that a person of means m rises under weights w, for costs as in `CrossThreshold`.

        sqrt(value m sum_j w_j**2 / price_j)    or    value m max_j |w_j| / price_j

    It is ``scales(m) * size(w)``; 0 is nobody moving: no value, or weights only on columns
    without a price.
    """

    prices: Array
    """One a column; infinite where it cannot be moved."""
    cost: CostKind
    value: float

    def scales(self, means: Array) -> Array:
        """What multiplies the size of the weights for each person; shape (people,)."""
        paid = self.value * means
        return np.sqrt(paid) if self.cost == "quadratic" else paid

    def size(self, weights: Array) -> tuple[float, Array]:
        """Size of the weights in the norm dual to the cost, smoothed, and its derivative.

        For a linear cost the maximum becomes a power mean of power 16, which exceeds it by a
        share of at most ``columns**(1/16) - 1``.
        """
        if not np.isfinite(self.prices).any():
            return 0.0, np.zeros(len(weights))
        if self.cost == "quadratic":
            size = float(np.sqrt((weights**2 / self.prices).sum() + _TINY**2))
            return size - _TINY, weights / self.prices / size
        rounded = np.sqrt(weights**2 + _TINY**2)
        each = rounded / self.prices
        top = float(each.max())
        size = top * float(((each / top) ** _POWER).sum()) ** (1 / _POWER)
        return size, (each / size) ** (_POWER - 1) * weights / rounded / self.prices


class _Problem:
    """The penalised loss after the response, in units of each column's spread."""

    def __init__(self, X: Array, sign: Array, reach: Reach, scales: Array, C: float) -> None:
        # Columns of very unlike spread would take L-BFGS thousands of steps.
        spread = X.std(axis=0)
        self.spread = np.where(spread > 1e-12, spread, 1.0)
        self.centre = X.mean(axis=0)
        self.X, self.sign = (X - self.centre) / self.spread, sign
        self.reach, self.scales, self.C = reach, scales, C

    def loss(self, given: Array, scales: Array) -> tuple[float, Array]:
        """Objective and gradient at standardised weights, the intercept last."""
        weights, intercept = given[:-1] / self.spread, given[-1]
        size, slope = self.reach.size(weights)
        margin = self.sign * (self.X @ given[:-1] + intercept + scales * size)
        pull = -self.sign * expit(-margin)
        gradient = np.append(self.C * (self.X.T @ pull), self.C * pull.sum())
        gradient[:-1] += (weights + self.C * float(pull @ scales) * slope) / self.spread
        value = self.C * float(np.logaddexp(0, -margin).sum()) + float(weights @ weights) / 2
        return value, gradient

    def solve(self, steps: int) -> tuple[Array, float, int]:
        """Weights and intercept in the units of X, and steps taken."""
        none = np.zeros_like(self.scales)
        naive = self._descend(np.zeros(self.X.shape[1] + 1), none, steps)
        size, _ = self.reach.size(naive.x[:-1] / self.spread)
        higher = naive.x.copy()
        higher[-1] -= size * self.scales.mean()
        ends = [self._descend(start, self.scales, steps) for start in (naive.x, higher)]
        best = min(ends, key=lambda end: float(end.fun))
        if np.abs(best.jac).max() > 1e-3 * self.C * len(self.X):
            problem = f"did not converge ({best.message})"
            raise ModelError("StrategicLogistic", problem, "raise max_iter, or lower C")
        weights = best.x[:-1] / self.spread
        return weights, float(best.x[-1] - weights @ self.centre), int(best.nit)

    def _descend(self, start: Array, scales: Array, steps: int) -> OptimizeResult:
        options = {"maxiter": steps, "gtol": 1e-8, "ftol": 1e-14}
        return minimize(self.loss, start, (scales,), "L-BFGS-B", jac=True, options=options)
