"""Where repeated refitting leads: to a stable rater, or nowhere within the horizon."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from credit_ml.core import Dataset, Finding, InputError, beside, cited, conform, refuse_weights
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, plain_logarithms
from credit_ml.inference import People, kept_references
from credit_ml.response.aftermath import Respond
from credit_ml.scoring import display_name
from credit_ml.strategic.held_out import UNITS, Measures
from credit_ml.strategic.performative.retraining import BY_DEFAULT, Retraining, rounds_of

#: Columns that name a fact of a round.
FACT = ["round", "quantity", "measure", "sensitive", "group", "reference_group", "unit"]


@dataclass(frozen=True, kw_only=True)
class Trajectory(Finding):
    """Repeated refitting: one row a round and measure.

    Examples
    --------
    >>> table = conform([{"round": 1, "measure": "shift", "estimate": 0.0, "unit": ""}])
    >>> found = Trajectory(table=table, title="", parameters={"converged_at": 1})
    >>> found.converged, found.by_round["shift"].tolist()
    (True, [0.0])
    """

    kind: ClassVar[str] = "trajectory"
    labels: ClassVar[tuple[str, ...]] = ("round",)
    citations = cited("perdomo_2020")

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
        """Estimates of everybody with one row a round, and differences by ``measure: group``."""
        differs = self.table["quantity"] == "difference"
        named = self.table["measure"] + (": " + self.table["group"]).where(differs, "")
        table = self.table.assign(measure=named)
        wide = table.pivot_table("estimate", "round", "measure", sort=False)
        return wide.rename_axis(columns=None)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the shift of the score by round on a log scale, beside the tolerance."""
        axes = axes_or_new(axes)
        shifts = self.table[(self.table["measure"] == "shift") & (self.table["round"] > 0)]
        # A log scale has no zero: a score that stands still exactly is drawn at the foot.
        positive = shifts.loc[shifts["estimate"] > 0, "estimate"]
        tolerance = float(self.parameters["tol"])
        foot = min([tolerance or 1e-12, *positive]) / 10
        ends = shifts[["estimate", "low", "high"]].clip(lower=foot)
        if shifts["low"].notna().any():
            low, high = ends["low"], ends["high"]
            axes.fill_between(shifts["round"], low, high, color=PALETTE[0], alpha=0.2, lw=0)
        look: dict[str, Any] = {"ms": 4.5, "color": PALETTE[0], "label": "refitted"}
        axes.plot(shifts["round"], ends["estimate"], "o-", **look)
        if tolerance > 0:
            axes.axhline(tolerance, color=INK, lw=0.8, ls="--", label="tolerance")
        plain_logarithms(axes, "y")
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
    retraining: Retraining = BY_DEFAULT,
    sensitive: str | Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | str | None = None,
    intervals: float = 0.95,
    over: str = "auto",
) -> Trajectory:
    """Refit a rater to people who responded to it, until its score stands still.

    Round t fits ``theta_t = argmin loss(theta) on D(theta_(t-1))``, where D is what people
    present after responding, from their original records, to the rater in force; a fixed point
    is performatively stable (Perdomo et al. 2020). The shift of round t is the mean absolute
    change of the score on the original records since the round before, in SDs of the score of
    round 0; 0 is a rater that refitting leaves as it is. Refitting ends when the shift is
    within the tolerance, or after the last round; whether it converged is in the finding and in
    its notes, with the trajectory either way.

    Accuracy, AUC and differences are those of people who were not trained on: half of the
    table, or everybody where `earlier` outcomes train the rater.

    Cost: one response and one fit a round, and one response more.

    Parameters
    ----------
    rater : Rater or scikit-learn classifier
        Its kind is what is refitted; round 0 fits it to untouched records.
    dataset : Dataset
        People as they are, with an outcome; ``context["probability"]`` is their true chance.
    respond : Respond
        What people do about a rater.
    retraining : Retraining
        How often at most, the tolerance, who is trained on, and how.
    sensitive : str or sequence of str, optional
        Features whose differences in selection are followed; all by default.
    reference_groups : mapping or str, optional
        Group that others are compared with, by feature; the most numerous by default.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        What intervals count.

    Raises
    ------
    TableError
        When there is no outcome, or the response loses people or columns.
    ModelError
        When the rater cannot be refitted, or has no first decision.

    References
    ----------
    Perdomo, Zrnic, Mendler-Dünner and Hardt (2020); see `Trajectory.citations`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import LinearShift
    >>> random = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"late": random.normal(size=400)})
    >>> frame["paid"] = (random.normal(size=400) > frame["late"]).astype(int)
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> how = Retraining(output="log_odds")
    >>> found = repeated_refitting(model, people, LinearShift(strength=0.5), retraining=how)
    >>> found.converged, found.converged_at
    (True, 2)
    """
    refuse_weights(dataset, "repeated_refitting")
    train, test = retraining.parts(len(dataset))
    held = dataset.take(test)
    references = kept_references(dataset, held, sensitive, reference_groups)
    groups = {"sensitive": sensitive, "reference_groups": references}
    measures = Measures(dataset=held, intervals=intervals, over=over, **groups)
    rounds, table = [], []
    for each in rounds_of(rater, dataset, respond, retraining, train):
        rounds.append(each)
        rows = measures.rows(each.measured(test, retraining.threshold))
        shift = {"measure": "shift", "estimate": each.shift, "unit": UNITS["shift"]}
        table += [{"round": each.number, **one} for one in (shift, *rows)]
    name, last = display_name(rater), rounds[-1]
    asked = {"rater": name, "max_iter": retraining.max_iter, "tol": retraining.tol, "runs": 1}
    at = last.number if last.shift <= retraining.tol else None
    return Trajectory(
        table=conform(table),
        title=f"Repeated refitting: {name}",
        parameters={**asked, **measures.parameters, "people": len(dataset), "converged_at": at},
        seed=retraining.seed,
        notes=(*last.notes(retraining), measures.people.note),
        raters=tuple(each.rater for each in rounds),
    )


def over_runs(runs: Iterable[Trajectory], *, intervals: float = 0.95) -> Trajectory:
    """Put trajectories of several seeds or samples together: means with t intervals over them.

    A run that stood still earlier keeps the measures of its last round, with a shift of 0,
    for a rater at its fixed point is refitted to itself.

    Raises
    ------
    InputError
        When there are fewer than two runs, or they are not of the same rater.

    Examples
    --------
    >>> rows = [[{"round": 0, "measure": "auc", "unit": "", "estimate": auc}] for auc in (0.7, 0.8)]
    >>> asked = {"rater": "model", "converged_at": None}
    >>> runs = [Trajectory(table=conform(each), title="", parameters=asked) for each in rows]
    >>> over_runs(runs).table["estimate"].tolist()
    [0.75]
    """
    given = list(runs)
    names = {each.parameters["rater"] for each in given}
    if len(given) < 2 or len(names) > 1:
        problem = f"are {len(given)} of {sorted(names)}"
        raise InputError("runs", problem, "give two or more of one rater")
    last = max(int(each.table["round"].max()) for each in given)
    every = pd.concat([_lengthened(each.table, last) for each in given], ignore_index=True)
    table = [
        dict(zip(FACT, names, strict=True))
        | People(len(own)).mean(own["estimate"].to_numpy()).facts(intervals)
        | {"people": own["people"].mean(), "runs": len(own), "over": "runs"}
        for names, own in every.groupby(FACT, sort=False)
    ]
    stood = [each.converged_at for each in given if each.converged_at is not None]
    over = {"runs": len(given), "over": "runs", "converged_runs": len(stood)}
    at = max(stood) if len(stood) == len(given) else None
    return Trajectory(
        table=conform(table),
        title=given[0].title,
        parameters={**given[0].parameters, **over, "intervals": intervals, "converged_at": at},
        seed=given[0].seed,
        notes=(
            f"{len(stood)} of {len(given)} runs stood still within the tolerance.",
            *beside(__file__)["notes"],
        ),
    )


def _lengthened(table: pd.DataFrame, last: int) -> pd.DataFrame:
    end = int(table["round"].max())
    still = table[table["round"] == end]
    still = still.assign(estimate=still["estimate"].where(still["measure"] != "shift", 0.0))
    later = [still.assign(round=number) for number in range(end + 1, last + 1)]
    return pd.concat([table, *later], ignore_index=True)
