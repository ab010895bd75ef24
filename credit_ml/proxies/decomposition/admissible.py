"""Prices that no proxy can have moved, and how far a score is from the nearest of them."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy import optimize

from credit_ml.core import Array, Dataset, Finding, ModelError, TableError, beside, conform
from credit_ml.inference import Estimate, Over, People, checked_level
from credit_ml.proxies.decomposition.components import LINDHOLM
from credit_ml.proxies.renamed_options import clustered_as_over
from credit_ml.scoring import LogisticScorer, Output, ScoreFunction, display_name, score_function
from credit_ml.scoring.target import fitted


@dataclass(frozen=True, kw_only=True, eq=False)
class Admissible:
    """The admissible price nearest to a score: ``c + sum_d v_d E[Y | X, A = d]``."""

    constant: float
    weights: Array
    """One a group, none negative, sum 1."""
    expected: tuple[ScoreFunction, ...]
    """``E[Y | X, A = d]`` of each group, as a function of the table."""

    def __call__(self, X: pd.DataFrame) -> Array:
        """Price of each person, from X alone."""
        expected = np.column_stack([price(X) for price in self.expected])
        return self.constant + expected @ self.weights


class ProxyDiscrimination(Finding):
    """How much of a score's variance is inferred from who people are, and by whom it differs.

    Examples
    --------
    >>> rows = [{"measure": "demographic_unfairness", "sensitive": "sex", "estimate": 0.1}]
    >>> ProxyDiscrimination(table=conform(rows), title="").metrics()
    {'proxies.demographic_unfairness.sex': 0.1}
    """

    kind: ClassVar[str] = "proxy_discrimination"
    tracked_as: ClassVar[str] = "proxies.{measure}.{sensitive}"
    citations: ClassVar[tuple[str, ...]] = LINDHOLM


@clustered_as_over
def proxy_discrimination(
    model: Any,
    dataset: Dataset,
    *,
    sensitive: str,
    outcome: Any = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> ProxyDiscrimination:
    """Distance of a score from what may be charged without inferring who people are.

    - ``proxy_discrimination``: ``min over c, v of E[(s(X) - c - sum_d v_d mu(X, d))^2] / var s``
      with ``mu(X, d) = E[Y | X, A = d]``, v not negative and of sum 1. 0 means that the score is
      such an average, whose weights do not depend on X: nothing was inferred; 1 that all of it
      that varies is inferred or made up.
    - ``demographic_unfairness``: ``var(E[s | A]) / var s``. 0 means equal means in all groups.

    The two are different things: a price may have equal means and infer, or infer nothing and
    have unequal means. What the models for Y cannot express counts as proxy discrimination too;
    their noise lets some admissible price come near by chance, so that it is too small in small
    tables (0.77 with 6,000 people in one world where the truth is 1).

    Cost: one fit a group.

    Parameters
    ----------
    model : rater, classifier or callable
        Its probability (of a callable, what it returns) is the score.
    outcome : classifier, optional
        Unfitted, trained in each group for ``E[Y | X, A = d]``; `LogisticScorer` by default.
    intervals : float
        Level; intervals take the models for Y as they are.
    over : {"auto", "people", "clusters"}
        As in `decompose`.

    Raises
    ------
    TableError
        When the dataset has no outcome, or a group lacks one of the outcomes.
    ModelError
        When the score is the same for everybody.

    References
    ----------
    Lindholm et al. (2026): the normalised L2 distance of a price from the closest admissible one.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> table = pd.DataFrame({"late": random.random(900), "sex": random.choice(["f", "m"], 900)})
    >>> table["kept"] = (random.random(900) > table["late"]).astype(int)
    >>> data = Dataset.from_frame(table, target="kept", sensitive=["sex"])
    >>> found = proxy_discrimination(lambda X: 1 - X["late"], data, sensitive="sex").table
    >>> bool(found.set_index("measure")["estimate"]["proxy_discrimination"] < 0.05)
    True
    """
    checked_level(intervals)
    people = People.of(dataset, over=over)
    score = price_of(model, dataset)
    price = score(dataset.X)
    varies, problem = float(price.var()) > 0, "gives everybody one score"
    ModelError.unless(varies, display_name(model), problem, "give one that varies")
    nearest = nearest_admissible(price, dataset, sensitive, outcome)
    shares = {
        "proxy_discrimination": _distance(people, price, nearest(dataset.X)),
        "demographic_unfairness": _between(people, price, dataset, sensitive),
    }
    labels = {"quantity": "value", "sensitive": sensitive, "group": "all"}
    rows = [labels | {"measure": name} | share.facts(intervals) for name, share in shares.items()]
    groups = dataset.groups(sensitive).cat.categories
    present = [str(g) for g in groups if (dataset.groups(sensitive) == g).any()]
    weights = dict(zip(present, map(float, nearest.weights), strict=True))
    asked: dict[str, Any] = {"model": display_name(model), "sensitive": sensitive}
    asked |= {"intervals": intervals, "weights": weights, "constant": nearest.constant}
    return ProxyDiscrimination(
        table=conform(rows),
        title=f"What the score infers of {sensitive}: {display_name(model)}",
        parameters=asked,
        notes=tuple(beside(__file__)["notes"]),
    )


def price_of(model: Any, dataset: Dataset) -> ScoreFunction:
    """Return the model's probability, or what a function returns, as a price."""
    output: Output = "probability" if hasattr(model, "predict_proba") else "score"
    return score_function(model, output, dataset=dataset)


def nearest_admissible(
    price: Array, dataset: Dataset, sensitive: str, outcome: Any = None
) -> Admissible:
    """Closest admissible price in mean square, with models of the outcome by group.

    Raises
    ------
    TableError
        When the dataset has no outcome, or a group lacks one of the outcomes.
    """
    from sklearn.base import clone

    kept = dataset.outcome(needed_for="proxy discrimination")
    groups = dataset.groups(sensitive)
    weights, models = dataset.relative_weights(), list[ScoreFunction]()
    counted = np.ones(len(price), dtype=bool) if weights is None else weights > 0
    for group in groups.cat.categories:
        own = (groups == group).to_numpy() & counted
        if not own.any():
            continue
        if kept[own].nunique() < 2:
            place = f"{dataset.name}, {sensitive}"
            raise TableError(place, f"'{group}' has one outcome only", "merge it with another")
        fresh = clone(LogisticScorer() if outcome is None else outcome)
        fitted(fresh, dataset.X[own], kept[own], None if weights is None else weights[own])
        models.append(score_function(fresh, "probability", direction="higher_is_better"))
    expected = np.column_stack([model(dataset.X) for model in models])
    middle, centre = (np.average(each, axis=0, weights=weights) for each in (price, expected))
    root = np.ones(len(price)) if weights is None else np.sqrt(weights)
    shares = simplex_weights(root * (price - middle), root[:, None] * (expected - centre))
    constant = float(middle - centre @ shares)
    return Admissible(constant=constant, weights=shares, expected=tuple(models))


def simplex_weights(target: Array, columns: Array) -> Array:
    """Weights, none negative and of sum 1, whose average of columns is nearest to the target.

    Examples
    --------
    >>> columns = np.array([[2.0, 0.0], [-2.0, 0.0]])
    >>> simplex_weights(np.array([1.0, -1.0]), columns).round(3).tolist()
    [0.5, 0.5]
    """
    size = columns.shape[1]
    scale = float(np.sqrt((columns**2).mean())) or 1.0
    gram = columns.T @ columns / len(columns) / scale**2
    along = columns.T @ target / len(columns) / scale**2
    found = optimize.minimize(
        lambda v: 0.5 * float(v @ gram @ v) - float(along @ v),
        np.full(size, 1 / size),
        jac=lambda v: gram @ v - along,
        bounds=[(0.0, 1.0)] * size,
        constraints={"type": "eq", "fun": lambda v: v.sum() - 1, "jac": lambda v: np.ones(size)},
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 500},
    )
    weights = np.clip(np.asarray(found.x, dtype=np.float64), 0.0, None)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _distance(people: People, price: Array, nearest: Array) -> Estimate:
    each = people.each / people.each.sum()
    square, gap = (price - each @ price) ** 2, (price - nearest) ** 2
    variance = float(each @ square)
    share = float(each @ gap) / variance
    # Weights minimise the distance, so their own error moves it in the second order only.
    terms = gap - share * square
    return people.from_influence(share, each * terms / variance, bounds=(0.0, np.inf))


def _between(people: People, price: Array, dataset: Dataset, sensitive: str) -> Estimate:
    codes = dataset.groups(sensitive).cat.codes.to_numpy()
    each = people.each / people.each.sum()
    number = np.bincount(codes, each)
    mean = np.bincount(codes, each * price) / np.where(number > 0, number, 1.0)
    off, own = mean[codes] - each @ price, price - mean[codes]
    square, present = (price - each @ price) ** 2, int((number > 0).sum())
    variance, between = float(each @ square), float(each @ off**2)
    # Means of finite groups differ by chance: so much is taken off.
    chance = float(each @ own**2) * (present - 1) * float(each @ each)
    share = max(between - chance, 0.0) / variance
    terms = 2 * off * own + off**2 - between - share * (square - variance)
    return people.from_influence(share, each * terms / variance, bounds=(0.0, 1.0))
