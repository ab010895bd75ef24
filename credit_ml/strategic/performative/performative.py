"""The loss of a rater on the people it makes, and the rater for which it is least."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_expit

from credit_ml.core import Dataset, Finding, InputError, refuse_unknown
from credit_ml.core.figure import PALETTE, axes_or_new, styled
from credit_ml.response.aftermath import FixedChance, Respond, checked_aftermath
from credit_ml.scoring import score_function
from credit_ml.strategic.measured import decided, mean_of, quantile_of
from credit_ml.strategic.performative.trajectory import PERDOMO

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Loss = Literal["log", "zero_one"]

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
    return float(_losses(rater, dataset, respond, loss, threshold, seed).mean())


@dataclass(frozen=True, kw_only=True)
class PerformativeOptimum(Finding):
    """Performative risks of several raters, the least of them, and how far one is above it."""

    kind: ClassVar[str] = "performative_optimum"
    citations: ClassVar[tuple[str, ...]] = (PERDOMO,)

    rater: Any = field(default=None, repr=False, compare=False)
    """The rater of least risk; None in a stored finding."""

    @property
    def gap(self) -> tuple[float, float, float]:
        """Risk of the stable rater above the least, with its paired interval."""
        rows = self.table[(self.table["rater"] == self.parameters["stable"])
                          & (self.table["measure"] == "above_optimum")]  # fmt: skip
        if rows.empty:
            raise InputError("stable", "was not named", "give the name of the stable candidate")
        found = rows.iloc[0]
        return float(found["estimate"]), float(found["low"]), float(found["high"])

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the risk of each rater before and after the response."""
        names = list(self.table["rater"].unique())
        axes = axes_or_new(axes, height=1.5 + 0.45 * len(names))
        for number, measure in enumerate(("risk_before", "performative_risk")):
            rows = self.table[self.table["measure"] == measure]
            place = [-names.index(name) - 0.16 * (number - 0.5) for name in rows["rater"]]
            error = rows[["low", "high"]].sub(rows["estimate"], axis=0).abs().to_numpy().T
            axes.errorbar(
                rows["estimate"], place, xerr=error, fmt="o", ms=4.5, elinewidth=1.2,
                color=PALETTE[number], label=("before the response", "after it")[number],
            )  # fmt: skip
        axes.set_yticks([-place for place in range(len(names))], names)
        axes.set_xlabel(f"mean {self.parameters['loss'].replace('_', '-')} loss")
        axes.grid(axis="x")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        return axes

    def metrics(self) -> dict[str, float]:
        """Every risk, by rater."""
        return {
            f"performative_optimum.{row['rater']}.{row['measure']}": row["estimate"]
            for row in self.table.to_dict("records")
        }


def performative_optimum(
    candidates: Mapping[str, Any],
    dataset: Dataset,
    respond: Respond,
    *,
    stable: str | None = None,
    loss: Loss = "log",
    threshold: float | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> PerformativeOptimum:
    """The rater of least performative risk among given ones, exactly: every one is tried.

    ``theta_PO = argmin_theta PR(theta)``. A stable rater, at which retraining stands still, need
    not be it: `above_optimum` is each rater's risk minus the least, person by person, and 0 for
    the optimum.

    Cost: one response a candidate.

    Parameters
    ----------
    candidates : mapping of str to rater
        By name, such as raised lines, strengths of regularisation, sets of features, and the
        last rater of a `Trajectory`.
    dataset : Dataset
        People whom none was trained on, with an outcome.
    respond : Respond
        What people do about a rater.
    stable : str, optional
        Name of the candidate at which retraining stands still, for `PerformativeOptimum.gap`.
    loss : {"log", "zero_one"}
        See `performative_risk`.
    threshold : float, optional
        Of the first decision; an agency's first privilege or 0.5 by default.
    intervals : float
        Level of normal intervals over people.
    seed : int
        Of chance in improvements.

    Raises
    ------
    InputError
        When there are no candidates, or `stable` is none of them.

    References
    ----------
    Perdomo, Zrnic, Mendler-Dünner and Hardt (2020), definitions 2.1 and 2.3.
    """
    if not candidates:
        raise InputError("candidates", "are empty", "give raters by name")
    if stable is not None and stable not in candidates:
        refuse_unknown(InputError, "stable", stable, candidates)
    quantile = quantile_of(intervals)
    after = {name: _losses(rater, dataset, respond, loss, threshold, seed)
             for name, rater in candidates.items()}  # fmt: skip
    best = min(after, key=lambda name: float(after[name].mean()))
    rows = []
    for name, rater in candidates.items():
        before = _loss_of(rater, dataset.X, _outcome(dataset), loss, threshold)
        for measure, values in (("risk_before", before), ("performative_risk", after[name]),
                                ("above_optimum", after[name] - after[best])):  # fmt: skip
            rows.append((name, measure, *mean_of(values, quantile), UNITS[loss]))
    return PerformativeOptimum(
        table=pd.DataFrame(
            rows, columns=["rater", "measure", "estimate", "low", "high", "unit"]
        ),
        title="Raters by their loss on the people they make",
        parameters={
            "optimum": best, "stable": stable, "loss": loss, "people": len(dataset),
            "candidates": list(candidates), "intervals": intervals,
        },
        seed=seed,
        notes=(
            "The optimum is that of the candidates given, chosen by the same people who are "
            "measured: where candidates are close, its own risk is a little flattered.",
        ),
        rater=candidates[best],
    )  # fmt: skip


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


def _outcome(dataset: Dataset) -> NDArray[np.int8]:
    return dataset.outcome(needed_for="a risk").to_numpy(dtype=np.int8)
