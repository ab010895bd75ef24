"""Where repeated refitting leads: to a stable rater, or nowhere within the horizon."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.agencies.refit import is_fixed, refit
from credit_ml.core import Dataset, Finding, InputError
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled
from credit_ml.response.aftermath import Respond
from credit_ml.scoring import Output, display_name
from credit_ml.strategic.measured import quantile_of, row, rows_of
from credit_ml.strategic.performative.rounds import (
    Retrain,
    Round,
    Setting,
    check_rounds,
    measured,
    parts_of,
    rounds_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ["round", "measure", "group", "reference_group", "estimate", "low", "high", "unit"]
PERDOMO = (
    "Perdomo, J. C., Zrnic, T., Mendler-Dünner, C. and Hardt, M. (2020). Performative "
    "prediction. ICML, 7599-7609."
)


@dataclass(frozen=True, kw_only=True)
class Trajectory(Finding):
    """Repeated refitting: one row a round and measure."""

    kind: ClassVar[str] = "trajectory"
    citations: ClassVar[tuple[str, ...]] = (PERDOMO,)

    raters: tuple[Any, ...] = field(default=(), repr=False, compare=False)
    """The rater of each round; empty in a stored finding and over several runs."""

    @property
    def converged(self) -> bool:
        """Whether the score stood still within the tolerance, in every run."""
        return self.converged_at is not None

    @property
    def converged_at(self) -> int | None:
        """Round at which the score stood still, the latest of the runs; None if it never did."""
        found: int | None = self.parameters["converged_at"]
        return found

    @property
    def by_round(self) -> pd.DataFrame:
        """Estimates of everybody with one row a round, and gaps by ``selection_gap: group``."""
        gap = self.table["measure"] == "selection_gap"
        named = self.table["measure"].where(~gap, "selection_gap: " + self.table["group"])
        wide = self.table.assign(measure=named).pivot_table(
            index="round", columns="measure", values="estimate", sort=False
        )
        return wide.rename_axis(columns=None)

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the shift of the score by round on a log scale, beside the tolerance."""
        axes = axes_or_new(axes)
        shifts = self.table[(self.table["measure"] == "shift") & (self.table["round"] > 0)]
        # A log scale has no zero: a score that stands still exactly is drawn at the foot.
        positive = shifts.loc[shifts["estimate"] > 0, "estimate"]
        tolerance = float(self.parameters["tolerance"])
        foot = min([tolerance or 1e-12, *positive]) / 10
        drawn = shifts["estimate"].clip(lower=foot)
        if shifts["low"].notna().any():
            axes.fill_between(shifts["round"], shifts["low"].clip(lower=foot),
                              shifts["high"].clip(lower=foot), color=PALETTE[0], alpha=0.2,
                              linewidth=0)  # fmt: skip
        axes.plot(shifts["round"], drawn, "o-", ms=4.5, color=PALETTE[0], label="refitted")
        if tolerance > 0:
            axes.axhline(tolerance, color=INK, lw=0.8, ls="--", label="tolerance")
        axes.set_yscale("log")
        axes.set_xticks(sorted(set(shifts["round"])))
        axes.set_xlabel("round of refitting")
        axes.set_ylabel("mean change of the score (SD)")
        axes.grid(axis="y")
        axes.legend()
        return axes

    def metrics(self) -> dict[str, float]:
        """Measures of the first and the last round, and whether refitting converged."""
        last = self.table["round"].max()
        found = {"trajectory.converged": float(self.converged), "trajectory.rounds": float(last)}
        for number, name in ((0, "first"), (last, "last")):
            for each in self.table[self.table["round"] == number].to_dict("records"):
                end = "" if each["group"] == "all" else f".{each['group']}"
                found[f"trajectory.{name}.{each['measure']}{end}"] = each["estimate"]
        return found


def repeated_refitting(
    rater: Any,
    dataset: Dataset,
    respond: Respond,
    *,
    rounds: int = 10,
    tolerance: float = 0.01,
    earlier: Any = None,
    held_out: float = 0.5,
    threshold: float | None = None,
    sensitive: str | None = None,
    output: Output = "score",
    retrain: Retrain = refit,
    intervals: float = 0.95,
    seed: int = 0,
) -> Trajectory:
    """Refit a rater to people who responded to it, until its score stands still.

    Round t fits ``theta_t = argmin loss(theta) on D(theta_(t-1))``, where D is what people
    present after responding, from their original records, to the rater in force; a fixed point
    is performatively stable (Perdomo et al. 2020). The shift of round t is the mean absolute
    change of the score on the original records since the round before, in SDs of the score of
    round 0; 0 is a rater that refitting leaves as it is. Refitting ends when the shift is
    within the tolerance, or after `rounds`; whether it converged is in the finding and in its
    notes, with the trajectory either way.

    Accuracy, AUC and gaps are those of people who were not trained on: half of the table, or
    everybody where `earlier` outcomes train the rater.

    Cost: one response and one fit a round, and one response more.

    Parameters
    ----------
    rater : Rater or scikit-learn classifier
        Its kind is what is refitted; round 0 fits it to untouched records.
    dataset : Dataset
        People as they are, with an outcome; ``context["probability"]`` is their true chance.
    respond : Respond
        What people do about a rater.
    rounds : int
        Refits at most.
    tolerance : float
        Shift at which the score counts as standing still.
    earlier : array-like, optional
        Outcomes of an earlier period of the same people, as agencies train on
        (``society.outcome["kept_before"]``); everybody then trains and is measured.
    held_out : float
        Share of people who are measured, where there are no earlier outcomes.
    threshold : float, optional
        Of the first decision; an agency's first privilege or 0.5 by default.
    sensitive : str, optional
        Feature whose gaps in selection are followed, each group's to the most numerous.
    output : {"score", "log_odds", "probability"}
        The number whose shift is followed.
    retrain : Retrain
        Another way to learn than `refit`, such as one step of gradient descent.
    intervals : float
        Level of normal intervals over people.
    seed : int
        Of the split, of chance and of the scorer, the same in every round.

    Raises
    ------
    InputError
        When rounds, tolerance, held_out or intervals are out of range.
    TableError
        When there is no outcome, or the response loses people or columns.
    ModelError
        When the rater cannot be refitted, or has no first decision.

    References
    ----------
    Perdomo, Zrnic, Mendler-Dünner and Hardt (2020); see `Trajectory.citations`.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import LinearShift
    >>> random = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"late": random.normal(size=400)})
    >>> frame["paid"] = (random.normal(size=400) > frame["late"]).astype(int)
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> found = repeated_refitting(model, people, LinearShift(strength=0.5), output="log_odds")
    >>> found.converged, found.converged_at
    (True, 2)
    """
    check_rounds(rounds, tolerance)
    quantile = quantile_of(intervals)
    train, test = split(dataset, held_out, earlier, seed)
    setting = Setting(
        dataset=dataset, respond=respond, train=train, rounds=rounds, tolerance=tolerance,
        seed=seed, earlier=earlier, output=output, retrain=retrain,
    )  # fmt: skip
    people = dataset.take(test)
    found, table = [], []
    for each in rounds_of(rater, setting):
        found.append(each)
        rows = rows_of(measured(each, test, threshold), people, sensitive=sensitive,
                       quantile=quantile)  # fmt: skip
        table += [{"round": each.number, **one} for one in (row("shift", each.shift), *rows)]
    at = converged_at(found, tolerance)
    return Trajectory(
        table=pd.DataFrame(table, columns=COLUMNS),
        title=f"Repeated refitting: {display_name(rater)}",
        parameters={
            "rater": display_name(rater), "rounds": rounds, "tolerance": tolerance,
            "converged_at": at, "people": len(dataset), "measured": len(test), "runs": 1,
            "sensitive": sensitive, "intervals": intervals,
        },
        seed=seed,
        notes=notes_of(rater, found, tolerance, earlier is not None),
        raters=tuple(each.rater for each in found),
    )  # fmt: skip


def split(dataset: Dataset, held_out: float, earlier: Any, seed: int) -> tuple[Any, Any]:
    """Positions of those trained on and of those measured.

    Raises
    ------
    InputError
        When the share held out is not between 0 and 1.
    """
    if not 0 < held_out < 1:
        raise InputError("held_out", f"is {held_out!r}", "give a share between 0 and 1")
    if earlier is not None:
        everybody = np.arange(len(dataset))
        return everybody, everybody
    return tuple(parts_of(len(dataset), (1 - held_out, held_out), seed=seed))  # type: ignore[return-value]


def converged_at(found: list[Round], tolerance: float) -> int | None:
    """Round whose shift was the first within the tolerance."""
    return next((each.number for each in found if each.shift <= tolerance), None)


def notes_of(
    rater: Any,
    found: list[Round],
    tolerance: float,
    earlier: bool,  # noqa: FBT001
) -> tuple[str, ...]:
    """Say how it ended, and what a reader must know."""
    at, last = converged_at(found, tolerance), found[-1]
    ended = (
        f"Refitting stood still at round {at} (within {tolerance:g} SD)."
        if at is not None
        else f"Refitting did not converge within {last.number} rounds: the last moved the score "
        f"by {last.shift:.3g} SD, the tolerance being {tolerance:g}."
    )
    who = (
        "The rater learns from outcomes of an earlier period and is measured on those of the "
        "next, of the same people."
        if earlier
        else "Those measured were never trained on."
    )
    fixed = ("The rater goes by published rules, which are never refitted.",)
    known = "Chances after the response are unknown: the outcomes on file stand."
    return (
        ended,
        "People respond in every round from their original records to the rater in force.",
        who,
        *(fixed if is_fixed(rater) else ()),
        *((known,) if last.aftermath.probability is None else ()),
    )
