"""The loss of a rater on the people it makes, and the rater for which it is least."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_expit

from credit_ml.core import Dataset, Finding, InputError, refuse_unknown
from credit_ml.core.figure import PALETTE, axes_or_new, points, styled
from credit_ml.core.schema import conform
from credit_ml.inference import People
from credit_ml.response.aftermath import FixedChance, Respond, checked_aftermath
from credit_ml.scoring import score_function
from credit_ml.strategic.arrays import Array
from credit_ml.strategic.held_out import DECISIONS, decided, row
from credit_ml.strategic.performative.trajectory import PERDOMO

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Loss = Literal["log", "zero_one"]

UNITS: dict[Loss, str] = {"log": "nats a person", "zero_one": DECISIONS}


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
    conforms: ClassVar[bool] = True
    labels: ClassVar[tuple[str, ...]] = ("rater",)
    citations: ClassVar[tuple[str, ...]] = (PERDOMO,)

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
        if rater not in list(rows["rater"]):
            refuse_unknown(InputError, "rater", rater, list(rows["rater"]))
        found = rows[rows["rater"] == rater].iloc[0]
        return float(found["estimate"]), float(found["low"]), float(found["high"])

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the risk of each rater before and after the response."""
        names = list(self.table["rater"].unique())
        axes = axes_or_new(axes, height=1.5 + 0.45 * len(names))
        values = self.table[self.table["quantity"] == "value"]
        for number, measure in enumerate(("risk_before", "performative_risk")):
            rows = values[values["measure"] == measure]
            place = [-names.index(name) - 0.16 * (number - 0.5) for name in rows["rater"]]
            label = ("before the response", "after it")[number]
            points(axes, rows, place, color=PALETTE[number], label=label)
        axes.set_yticks([-place for place in range(len(names))], names)
        axes.set_xlabel(f"mean {self.parameters['loss'].replace('_', '-')} loss")
        axes.grid(axis="x")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
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
    if not candidates:
        raise InputError("candidates", "are empty", "give raters by name")
    people = People.of(dataset, over=over)
    after = {
        name: people.mean(_losses(rater, dataset, respond, loss, threshold, seed))
        for name, rater in candidates.items()
    }
    best = min(after, key=lambda name: float(after[name]))
    outcome = dataset.outcome(needed_for="a risk").to_numpy(dtype=np.int8)
    rows: list[dict[str, Any]] = []
    for name, rater in candidates.items():
        before = people.mean(_loss_of(rater, dataset.X, outcome, loss, threshold))
        named = {"rater": name, "unit": UNITS[loss]}
        rows += [
            row("risk_before", before, intervals, **named),
            row("performative_risk", after[name], intervals, **named),
            row(
                "performative_risk",
                after[name] - after[best],
                intervals,
                quantity="difference",
                **named,
            ),
        ]
    return PerformativeOptimum(
        table=conform(rows),
        title="Raters by their loss on the people they make",
        parameters={
            "optimum": best,
            "loss": loss,
            "people": len(dataset),
            "candidates": list(candidates),
            "intervals": intervals,
            "over": people.counted,
        },
        seed=seed,
        notes=(
            "The optimum is that of the candidates given, chosen by the same people who are "
            "measured: where candidates are close, its own risk is a little flattered.",
            people.note,
        ),
        rater=candidates[best],
    )


def _losses(
    rater: Any, dataset: Dataset, respond: Respond, loss: Loss, threshold: float | None, seed: int
) -> Array:
    after = checked_aftermath(respond(rater, dataset), dataset)
    kept = FixedChance(dataset, seed=seed).kept(after.probability)
    return _loss_of(rater, after.X, kept, loss, threshold)


def _loss_of(
    rater: Any, X: pd.DataFrame, kept: NDArray[np.int8], loss: Loss, threshold: float | None
) -> Array:
    if loss not in get_args(Loss):
        refuse_unknown(InputError, "loss", str(loss), get_args(Loss))
    if loss == "zero_one":
        wrong: Array = (decided(rater, X, threshold) != (kept == 1)).astype(np.float64)
        return wrong
    log_odds = score_function(rater, "log_odds")(X)
    lost: Array = -log_expit(np.where(kept == 1, log_odds, -log_odds))
    return lost
