"""The loss of a rater on the people it makes, and the rater for which it is least."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_expit

from credit_ml.core import (
    Dataset,
    Finding,
    InputError,
    ModelError,
    cited,
    conform,
    need_known,
    refuse_weights,
)
from credit_ml.core.figure import Axes, named_points
from credit_ml.core.files import beside
from credit_ml.core.tables.arrays import Array
from credit_ml.response.aftermath import FixedChance, Respond, checked_aftermath
from credit_ml.scoring import display_name, score_function
from credit_ml.strategic.held_out import Measures, decided
from credit_ml.strategic.performative.responses import linear_weights

Loss = Literal["log", "zero_one"]

#: A simplex in more dimensions than this needs too many responses to be trusted.
MOST_DIMENSIONS = 8
UNITS: dict[Loss, str] = {"log": "nats a person", "zero_one": "share of decisions"}


def performative_risk(
    rater: Any,
    dataset: Dataset,
    respond: Respond,
    *,
    loss: Loss = "log",
    threshold: float | None = None,
    seed: int = 0,
) -> float:
    """Mean loss of a rater on the people it makes: ``PR(theta) = E_D(theta) loss(theta)``.

    0 is a rater that is right and sure of it about everybody after they responded. Give people
    whom the rater was not trained on.

    Cost: one response and one scoring.

    Parameters
    ----------
    rater : Rater or classifier
    dataset : Dataset
        People as they are, with an outcome.
    respond : Respond
        What people do about a rater.
    loss : {"log", "zero_one"}
        Log loss of its probability, or whether the first decision is wrong.
    threshold : float, optional
        Of the first decision; an agency's first privilege or 0.5 by default.
    seed : int
        Of chance in improvements.

    Raises
    ------
    InputError
        When the loss is unknown.
    ModelError
        When the rater cannot give what the loss needs.

    References
    ----------
    Perdomo, Zrnic, Mendler-Dünner and Hardt (2020).

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import LinearShift
    >>> frame = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0], "paid": [1, 1, 0, 0]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> performative_risk(model, people, LinearShift(strength=9.0), loss="zero_one")
    0.5
    """
    refuse_weights(dataset, "performative_risk")
    return float(_losses(rater, dataset, respond, loss, threshold, seed).mean())


@dataclass(frozen=True, kw_only=True)
class PerformativeOptimum(Finding):
    """Performative risks of several raters, the least of them, and how far each is above it.

    Examples
    --------
    >>> rows = [{"rater": "stable", "quantity": "difference", "measure": "performative_risk",
    ...          "estimate": 0.2, "low": 0.1, "high": 0.3}]
    >>> PerformativeOptimum(table=conform(rows), title="").above_optimum("stable")
    (0.2, 0.1, 0.3)
    """

    kind: ClassVar[str] = "performative_optimum"
    labels: ClassVar[tuple[str, ...]] = ("rater",)
    citations = cited("perdomo_2020")

    rater: Any = field(default=None, repr=False, compare=False)
    """The rater of least risk; None in a stored finding."""

    def above_optimum(self, rater: str) -> tuple[float, float, float]:
        """Risk of a candidate above the least, with its paired interval.

        Raises
        ------
        InputError
            When there is no such candidate.
        """
        rows = self.table[self.table["quantity"] == "difference"]
        need_known(InputError, "rater", rater, list(rows["rater"]))
        found = rows[rows["rater"] == rater].iloc[0]
        return float(found["estimate"]), float(found["low"]), float(found["high"])

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the risk of each rater before and after the response."""
        rows = self.table[self.table["quantity"] == "value"]
        said = {"risk_before": "before the response", "performative_risk": "after it"}
        axes = named_points(axes, rows, "rater", "measure", said)
        axes.set_xlabel(f"mean {self.parameters['loss'].replace('_', '-')} loss")
        return axes

    def metrics(self) -> dict[str, float]:
        """Every risk, and how far each is above the least, by rater."""
        names = {"value": "", "difference": ".above_optimum"}
        return {
            f"{self.kind}.{row['rater']}.{row['measure']}{names[row['quantity']]}": row["estimate"]
            for row in self.table.to_dict("records")
        }


def performative_optimum(
    candidates: Mapping[str, Any],
    dataset: Dataset,
    respond: Respond,
    *,
    loss: Loss = "log",
    threshold: float | None = None,
    intervals: float = 0.95,
    over: str = "auto",
    seed: int = 0,
) -> PerformativeOptimum:
    """The rater of least performative risk among given ones, exactly: every one is tried.

    ``theta_PO = argmin_theta PR(theta)``. A stable rater, at which retraining stands still, need
    not be it: differences are each rater's risk minus the least, person by person, and 0 for the
    optimum.

    Cost: one response a candidate.

    Parameters
    ----------
    candidates : mapping of str to rater
        By name, such as raised thresholds, strengths of regularisation, sets of features, and
        the last rater of a `Trajectory`.
    dataset : Dataset
        People whom none was trained on, with an outcome.
    respond : Respond
        What people do about a rater.
    loss : {"log", "zero_one"}
        See `performative_risk`.
    threshold : float, optional
        Of the first decision; an agency's first privilege or 0.5 by default.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        What intervals count.
    seed : int
        Of chance in improvements.

    Raises
    ------
    InputError
        When there are no candidates.

    References
    ----------
    Perdomo, Zrnic, Mendler-Dünner and Hardt (2020), definitions 2.1 and 2.3.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.agencies import raised
    >>> from credit_ml.strategic import CrossThreshold
    >>> frame = pd.DataFrame({"show": [0.0, 1.0, 2.0, 3.0], "paid": [0, 0, 1, 1]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> raters = {"naive": model, "wary": raised(model, 1.0)}
    >>> respond = CrossThreshold(prices={"show": 1.0})
    >>> performative_optimum(raters, people, respond, loss="zero_one").parameters["optimum"]
    'wary'
    """
    refuse_weights(dataset, "performative_optimum")
    InputError.unless(candidates, "candidates", "are empty", "give raters by name")
    measures = Measures(dataset=dataset, intervals=intervals, over=over)
    after = {
        name: measures.people.mean(_losses(rater, dataset, respond, loss, threshold, seed))
        for name, rater in candidates.items()
    }
    best = min(after, key=lambda name: float(after[name]))
    outcome = dataset.outcome(needed_for="a risk").to_numpy(dtype=np.int8)
    rows: list[dict[str, Any]] = []
    for name, rater in candidates.items():
        before = measures.people.mean(_loss_of(rater, dataset.X, outcome, loss, threshold))
        above = measures.row("performative_risk", after[name] - after[best])
        values = {"risk_before": before, "performative_risk": after[name]}
        own = [measures.row(measure, each) for measure, each in values.items()]
        rows += [{"rater": name, **each} for each in (*own, above | {"quantity": "difference"})]
    asked = {"optimum": best, "loss": loss, "candidates": list(candidates)}
    return PerformativeOptimum(
        table=conform(rows, unit=UNITS[loss]),
        title="Raters by their loss on the people they make",
        parameters={**asked, **measures.parameters},
        seed=seed,
        notes=(*beside(__file__)["notes"], measures.people.note),
        rater=candidates[best],
    )


@dataclass(frozen=True, kw_only=True)
class LinearMinimum:
    """A linear rater that was searched for, and whether the search ended well.

    Examples
    --------
    >>> LinearMinimum(rater=None, risk=0.3, converged=True, responses=120).risk
    0.3
    """

    rater: Any
    risk: float
    """Performative risk, with the penalty."""
    converged: bool
    responses: int
    """Responses that the search took."""


def performative_minimum(
    model: Any,
    dataset: Dataset,
    respond: Respond,
    *,
    loss: Loss = "log",
    penalty: float = 0.0,
    max_iter: int = 400,
    seed: int = 0,
) -> LinearMinimum:
    """A linear model of least performative risk, by simplex search (Nelder and Mead).

    Minimised is ``PR(w, b) + penalty |w|**2 / 2`` from the model's own weights, and from them
    with the threshold raised and lowered by half an SD of the score; the best end is kept. A
    local search: nothing says that no better rater exists.

    Cost: one response a step.

    Parameters
    ----------
    model : linear classifier
        Fitted, such as LogisticRegression of at most 7 columns; it is not changed.
    dataset : Dataset
        People to train on.
    respond : Respond
        What people do about a rater.
    loss : {"log", "zero_one"}
        See `performative_risk`.
    penalty : float
        Pull of the weights towards 0; ``1 / (n C)`` for LogisticRegression's C.
    max_iter : int
        Responses at most, from each start.
    seed : int
        Of chance in improvements.

    Raises
    ------
    ModelError
        When the model is not linear, or has too many weights for a simplex.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import LinearShift, performative_risk
    >>> frame = pd.DataFrame({"late": [0.0, 2.0, 1.0, 3.0], "paid": [1, 1, 0, 0]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> respond = LinearShift(strength=0.5)
    >>> best = performative_minimum(model, people, respond, max_iter=50)
    >>> best.risk < performative_risk(model, people, respond)
    True
    """
    refuse_weights(dataset, "performative_minimum")
    weights, intercept = linear_weights(model, dataset.X)
    problem = f"has {len(weights)} weights and an intercept"
    remedy = f"give at most {MOST_DIMENSIONS} numbers to search over"
    ModelError.unless(len(weights) + 1 <= MOST_DIMENSIONS, display_name(model), problem, remedy)
    names = [str(name) for name in getattr(model, "feature_names_in_", dataset.X.columns)]
    order = [list(map(str, dataset.X.columns)).index(name) for name in names]

    def risk(given: Array) -> float:
        force = _with_weights(model, given)
        there = performative_risk(force, dataset, respond, loss=loss, seed=seed)
        return there + penalty * float(given[:-1] @ given[:-1]) / 2

    start = weights[order]
    spread = float(np.std(score_function(model, "log_odds")(dataset.X)))
    options = {"maxfev": max_iter, "xatol": 1e-5, "fatol": 1e-8}
    starts = [np.append(start, intercept + by * spread) for by in (0.0, -0.5, 0.5)]
    ends = [minimize(risk, at, method="Nelder-Mead", options=options) for at in starts]
    best = min(ends, key=lambda end: float(end.fun))
    return LinearMinimum(
        rater=_with_weights(model, best.x),
        risk=float(best.fun),
        converged=bool(best.success),
        responses=sum(int(end.nfev) for end in ends),
    )


def _with_weights(model: Any, given: Array) -> Any:
    changed = copy.deepcopy(model)
    changed.coef_, changed.intercept_ = given[None, :-1].copy(), given[-1:].copy()
    return changed


def _losses(
    rater: Any, dataset: Dataset, respond: Respond, loss: Loss, threshold: float | None, seed: int
) -> Array:
    after = checked_aftermath(respond(rater, dataset), dataset)
    kept = FixedChance(dataset, seed=seed).kept(after.probability)
    return _loss_of(rater, after.X, kept, loss, threshold)


def _loss_of(
    rater: Any, X: pd.DataFrame, kept: NDArray[np.int8], loss: Loss, threshold: float | None
) -> Array:
    need_known(InputError, "loss", loss, get_args(Loss))
    if loss == "zero_one":
        return np.asarray(decided(rater, X, threshold) != (kept == 1), dtype=np.float64)
    log_odds = score_function(rater, "log_odds")(X)
    return np.asarray(-log_expit(np.where(kept == 1, log_odds, -log_odds)))
