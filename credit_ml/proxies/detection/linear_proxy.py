"""The strongest proxy inside a score that adds up: Yeom's search in linear models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from scipy import optimize

from credit_ml.core import (
    Array,
    Dataset,
    Finding,
    InputError,
    Streams,
    beside,
    cited,
    conform,
    refuse_weights,
)
from credit_ml.core.renamed import renamed_keywords
from credit_ml.inference import comparisons_of
from credit_ml.scoring import Output, additive_terms, display_name

#: Starts of the search, beside all columns and each one alone.
STARTS = 6


class LinearProxy(Finding):
    """The most influential component of an additive score that predicts the sensitive feature.

    Rows with ``column`` "(component)" hold its influence as the estimate, with the association
    and the proven `bound`; the others hold each column's share in it.

    Examples
    --------
    >>> row = {"sensitive": "sex", "group": "f", "column": "(component)", "estimate": 0.4}
    >>> LinearProxy(table=conform([row]), title="").metrics()
    {'proxies.linear.sex.f': 0.4}
    """

    kind: ClassVar[str] = "linear_proxy"
    labels: ClassVar[tuple[str, ...]] = ("column",)
    tracked_as: ClassVar[str] = "proxies.linear.{sensitive}.{group}"
    tracked_rows: ClassVar[dict[str, str]] = {"column": "(component)"}
    citations = cited("yeom_2018")


class Component(NamedTuple):
    """Some of a sum: each term's share in [0, 1]."""

    shares: Array
    association: float
    """Squared correlation with the group."""
    influence: float
    """Variance over the whole sum's; above 1 where other terms work against it."""
    bound: float
    """No component with as much association has more influence than this."""


@renamed_keywords(reference_group="reference_groups")
def linear_proxy(
    model: Any,
    dataset: Dataset,
    *,
    sensitive: str,
    association: float = 0.1,
    output: Output = "score",
    reference_groups: str | Mapping[str, str] | None = None,
    seed: int = 0,
) -> LinearProxy:
    """Hunt for the component of an additive score that most uses what predicts the group.

    A component of ``score = constant + sum_i t_i`` is ``P = sum_i a_i t_i`` with all a_i in
    [0, 1]. Its association is ``cor(P, group)^2``, its influence ``var(P) / var(score)``. Found is
    the component of most influence among those with at least that association; 0 means
    that there is none. Maximising a variance is no convex problem: the search climbs from
    several starts, and `bound` is proven from the other side by the dual of Yeom's second-order
    cone programme, which bounds the deviation of P by the sum of the terms' deviations.

    Cost: one pass over the table, and a search that took 2 s with 30 columns.

    Parameters
    ----------
    model : rater or scikit-learn model
        Additive on the output: see `additive_terms`.
    association : float
        Least squared correlation with the group, in (0, 1).
    reference_groups : str or mapping of str to str, optional
        The most numerous group by default; people of other groups than the two are left out.
    seed : int
        Of the starts.

    Raises
    ------
    InputError
        When the association is not between 0 and 1.
    ModelError
        When the score is not additive.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.linear_model import LinearRegression
    >>> random = np.random.default_rng(0)
    >>> X = pd.DataFrame({"late": random.normal(size=200), "job": random.normal(size=200)})
    >>> sex = np.where(X["late"] > 0, "f", "m")
    >>> data = Dataset.from_frame(X.assign(sex=sex), target=None, sensitive=["sex"])
    >>> score = LinearRegression().fit(data.X, X["late"] + X["job"])
    >>> found = linear_proxy(score, data, sensitive="sex", association=0.5).table
    >>> bool(found.set_index("column")["estimate"]["late"] > 0.99)
    True
    """
    refuse_weights(dataset, "linear_proxy")
    problem, remedy = f"is {association}", "give a number between 0 and 1"
    InputError.unless(0 < association < 1, "association", problem, remedy)
    terms = additive_terms(model, dataset.X, output, dataset=dataset)
    factor = {column: name for name, columns in dataset.factors.items() for column in columns}
    rows: list[dict[str, Any]] = []
    for pair in comparisons_of(dataset, sensitive, reference_groups, needed=True):
        both = pair.inside | pair.outside
        members = pair.inside[both].astype(np.float64)
        numbers = terms.to_numpy(dtype=np.float64)[both]
        found = strongest_component(numbers, members, association, seed=seed)
        labels = pair.labels | {"people": int(both.sum())}
        part = labels | {"quantity": "component", "measure": "share"}
        for column, share in zip(map(str, terms.columns), map(float, found.shares), strict=True):
            rows.append(part | {"column": column, "factor": factor[column], "estimate": share})
        whole = {"quantity": "total", "measure": "influence", "estimate": found.influence}
        whole |= {"association": found.association, "bound": found.bound}
        rows.append(labels | whole | {"column": "(component)", "factor": ""})
    return LinearProxy(
        table=conform(rows),
        title=f"The strongest proxy inside the score: {display_name(model)}",
        parameters={"model": display_name(model), "output": output, "association": association},
        seed=seed,
        notes=tuple(beside(__file__)["notes"]),
    )


def strongest_component(
    terms: Array, group: Array, association: float, *, seed: int = 0
) -> Component:
    """Maximise ``var(P)`` over shares in [0, 1] with ``cor(P, group)^2 >= association``.

    Parameters
    ----------
    terms : ndarray of shape (people, columns)
    group : ndarray of shape (people,)

    Returns
    -------
    Component
        All shares 0 when no component is so associated.
    """
    total = float(terms.sum(axis=1).var())
    scale = np.sqrt(total) if total > 0 else 1.0
    centred = (terms - terms.mean(axis=0)) / scale
    indicator = (group - group.mean()) / (group.std() or 1.0)
    covariance = np.atleast_2d(centred.T @ centred) / len(centred)
    along = centred.T @ indicator / len(centred)
    # A component may follow the group or its absence.
    sides = [_Cone(covariance, sign * along, association) for sign in (1.0, -1.0)]
    best, most = np.zeros(len(along)), 0.0
    for side in sides:
        for start in _starts(side, Streams(seed).generator("proxies.linear")):
            shares = side.climbed(start)
            variance = float(shares @ covariance @ shares)
            if side.holds(shares) and variance > most:
                best, most = shares, variance
    correlation = float(along @ best) ** 2 / most if most > 0 else 0.0
    bound = max(side.bound() for side in sides)
    return Component(best, correlation, most, max(bound, most))


def _starts(side: "_Cone", generator: np.random.Generator) -> Iterator[Array]:
    columns = len(side.along)
    yield np.ones(columns)
    yield (side.along > 0).astype(np.float64)
    # Leaving columns out in the order of their correlation passes through good vertices.
    size = np.sqrt(np.maximum(np.diag(side.covariance), 1e-30))
    order = np.argsort(-side.along / size)
    for number in range(1, columns):
        start = np.zeros(columns)
        start[order[:number]] = 1.0
        yield start
    for _ in range(STARTS):
        yield generator.random(columns)


@dataclass(frozen=True, eq=False)
class _Cone:
    """Shares whose component follows the group enough: ``along a >= root |a|``."""

    covariance: Array
    along: Array
    association: float

    def deviation(self, shares: Array) -> float:
        return float(np.sqrt(max(float(shares @ self.covariance @ shares), 0.0) + 1e-18))

    def slack(self, shares: Array) -> float:
        root = float(np.sqrt(self.association))
        return float(self.along @ shares) - root * self.deviation(shares)

    def holds(self, shares: Array) -> bool:
        return self.slack(shares) >= -1e-7 and self.deviation(shares) > 1e-8

    def _turn(self, shares: Array) -> Array:
        return np.asarray(self.covariance @ shares / self.deviation(shares))

    def climbed(self, start: Array) -> Array:
        """Return a local maximum of the variance within the cone and the box."""
        root = self.association**0.5

        def variance(shares: Array) -> tuple[float, Array]:
            turned = self.covariance @ shares
            return -0.5 * float(shares @ turned), -turned

        def slope(shares: Array) -> Array:
            return np.asarray(self.along - root * self._turn(shares))

        how: dict[str, Any] = {"method": "SLSQP", "options": {"maxiter": 100, "ftol": 1e-10}}
        how["constraints"] = {"type": "ineq", "fun": self.slack, "jac": slope}
        box = [(0.0, 1.0)] * len(start)
        found = optimize.minimize(variance, start, jac=True, bounds=box, **how)
        return np.asarray(np.clip(found.x, 0.0, 1.0), dtype=np.float64)

    def bound(self) -> float:
        """Influence that no component of the cone exceeds, by weak duality in one number.

        ``|a| <= c a`` with c the terms' deviations, and for every price of the constraint
        ``max c a <= max (c + price along) a - price root |a|``, a concave problem on a box; the
        least over prices is sought. Also ``|a| <= along a / root``, and the box alone bounds it.
        """
        size = np.sqrt(np.diag(self.covariance))
        box = float(np.abs(self.covariance).sum())
        follows = float(np.maximum(self.along, 0.0).sum()) ** 2 / self.association

        def relaxed(price: float) -> float:
            return self._relaxed(size, float(np.exp(price)))

        how: dict[str, Any] = {"method": "bounded", "options": {"xatol": 1e-3}}
        dual = optimize.minimize_scalar(relaxed, bounds=(-6.0, 8.0), **how)
        return min(box, follows, float(dual.fun) ** 2)

    def _relaxed(self, reward: Array, price: float) -> float:
        """Upper bound of ``max over the box of (reward + price along) a - price root |a|``.

        At the point found, the concave function lies below its tangent plane, whose maximum over
        the box is exact: the bound holds however well the point was found.
        """
        root = self.association**0.5
        linear = reward + price * self.along

        def value(shares: Array) -> tuple[float, Array]:
            worth = float(linear @ shares) - price * root * self.deviation(shares)
            return -worth, -(linear - price * root * self._turn(shares))

        box, middle = [(0.0, 1.0)] * len(linear), np.full(len(linear), 0.5)
        found = optimize.minimize(value, middle, jac=True, bounds=box, method="L-BFGS-B")
        worth, slope = value(found.x)
        rise = np.where(slope < 0, 1.0 - found.x, -found.x)
        return float(-worth - slope @ rise)
