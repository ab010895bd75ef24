"""Raters trained for people who respond: a raised threshold, or rounds with the response inside."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from credit_ml.agencies.refit import refit
from credit_ml.agencies.shifted import raised
from credit_ml.core import Dataset, Finding, InputError, beside, cited, conform, refuse_weights
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points
from credit_ml.response.aftermath import FixedChance, Respond
from credit_ml.scoring import display_name, score_function
from credit_ml.strategic.held_out import Measures, decided
from credit_ml.strategic.performative.retraining import BY_DEFAULT, Retraining, Round, rounds_of

ROUNDS = "round of training"
#: Who chooses among candidates, and who measures them; half each of those not trained on.
PARTS = ("choosing", "held out")


@dataclass(frozen=True, kw_only=True)
class RobustTraining(Finding):
    """Candidates for a rater that expects a response, and the one chosen.

    Accuracy after the response, of those who chose among candidates (``part == "choosing"``)
    and of those who did not (``"held out"``); `gain` is the chosen rater's accuracy minus the
    naive one's, person by person, among the latter: 0 is a robust rater no better than naive.

    Examples
    --------
    >>> rows = [{"quantity": "difference", "measure": "accuracy", "estimate": 0.1, "low": 0.0,
    ...          "high": 0.2, "candidate": 2.0, "part": "held out"}]
    >>> RobustTraining(table=conform(rows), title="").gain
    (0.1, 0.0, 0.2)
    """

    kind: ClassVar[str] = "robust_training"
    labels: ClassVar[tuple[str, ...]] = ("candidate", "part")
    citations = cited("hardt_2016b", "levanon_2021")

    rater: Any = field(default=None, repr=False, compare=False)
    """The chosen rater; None in a stored finding."""
    naive: Any = field(default=None, repr=False, compare=False)
    """The rater that expects no response, fitted to the same people."""

    @property
    def gain(self) -> tuple[float, float, float]:
        """Accuracy gained over the naive rater after the response, with its interval."""
        found = self.table[self.table["quantity"] == "difference"].iloc[0]
        return float(found["estimate"]), float(found["low"]), float(found["high"])

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw accuracy after the response by candidate, the chosen one marked."""
        axes = axes_or_new(axes)
        rows = self.table[self.table["quantity"] == "value"]
        for number, (part, own) in enumerate(rows.groupby("part", sort=False)):
            look = {"fmt": "o-", "color": PALETTE[number], "label": str(part)}
            points(axes, own, own["candidate"], scale=100, upright=True, **look)
        axes.axvline(self.parameters["chosen"], color=INK, lw=0.8, ls="--", label="chosen")
        if self.parameters["candidates"] == ROUNDS:
            axes.set_xticks(sorted(set(rows["candidate"])))
        axes.set_xlabel(self.parameters["candidates"])
        axes.set_ylabel("right decisions after the response (%)")
        axes.grid(axis="y")
        axes.legend()
        return axes

    def metrics(self) -> dict[str, float]:
        """Gain over the naive rater, and the candidate chosen."""
        chosen = float(self.parameters["chosen"])
        return {"robust_training.gain": self.gain[0], "robust_training.chosen": chosen}


def shifted_threshold(
    rater: Any,
    dataset: Dataset,
    respond: Respond,
    *,
    shifts: Sequence[float] | None = None,
    retraining: Retraining = BY_DEFAULT,
    intervals: float = 0.95,
    over: str = "auto",
) -> RobustTraining:
    """The naive score with its thresholds raised by what people would pay for.

    Under separable costs the best rule for people who respond is a raised threshold (Hardt et
    al. 2016); the shift is the candidate of greatest accuracy after the response among people
    who were not trained on, found by trying every one. Of equals the smallest wins; a shift of
    0, the naive rater, is always tried.

    Cost: one fit, and one response a candidate.

    Parameters
    ----------
    rater : Rater or scikit-learn classifier
    dataset : Dataset
        People as they are, with an outcome.
    respond : Respond
        What people do about a rater.
    shifts : sequence of float, optional
        Log-odds to raise thresholds by; by default those at which 5, 10, 20, ... 90 or 95 % of
        the people whom the naive rater grants it would lose the first decision.
    retraining : Retraining
        Who is trained on, and the first decision; `max_iter` and `tol` play no part.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        What intervals count.

    Raises
    ------
    ModelError
        When the rater goes by published rules, or cannot be refitted.
    InputError
        When a shift is not finite.

    References
    ----------
    Hardt, Megiddo, Papadimitriou and Wootters (2016); see `RobustTraining.citations`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import CrossThreshold
    >>> random = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"show": random.normal(size=800)})
    >>> frame["paid"] = (random.normal(size=800) < frame["show"]).astype(int)
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> game = CrossThreshold(prices={"show": 1.0})
    >>> shifted_threshold(model, people, game, shifts=[1.0, 2.0]).parameters["chosen"]
    2.0
    """
    refuse_weights(dataset, "shifted_threshold")
    train, *parts = retraining.parts(len(dataset), 0.5, 0.5)
    taught = dataset.take(train)
    lessons = FixedChance(dataset, outcome=retraining.earlier, seed=retraining.seed).outcome[train]
    naive = refit(rater, taught, taught.X, lessons, seed=retraining.seed)
    given = _likely_shifts(naive, taught, retraining.threshold) if shifts is None else list(shifts)
    InputError.unless(np.isfinite(given).all(), "shifts", "are not all finite", "give log-odds")
    chance = FixedChance(dataset, seed=retraining.seed)
    candidates = {
        shift: Round.of(raised(naive, shift), dataset, respond, chance)
        for shift in sorted({0.0, *map(float, given)}, key=abs)
    }
    name, said = display_name(rater), "thresholds raised by (log-odds)"
    asked = {"rater": name, "candidates": said, "intervals": intervals, "over": over}
    found = _chosen(candidates, dataset, parts, retraining, asked)
    return replace(found, title=f"Thresholds raised for people who respond: {name}")


def robust_retraining(
    rater: Any,
    dataset: Dataset,
    respond: Respond,
    *,
    retraining: Retraining = BY_DEFAULT,
    intervals: float = 0.95,
    over: str = "auto",
) -> RobustTraining:
    """Train on what people present in response, round after round, and keep the best round.

    Any rater, any response: each round fits the rater to the records that people present to
    the round before, until its score stands still; of all rounds, the one of greatest accuracy
    after the response among people who were not trained on is kept, for the last round is not
    always the best. Round 0 is the naive rater.

    Cost: that of `repeated_refitting`.

    Parameters
    ----------
    rater : Rater or scikit-learn classifier
    dataset : Dataset
        People as they are, with an outcome.
    respond : Respond
        What people do about a rater.
    retraining : Retraining
        How often at most, the tolerance, who is trained on, and retraining.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        What intervals count.

    Raises
    ------
    ModelError
        When the rater cannot be refitted.

    References
    ----------
    Perdomo et al. (2020); Levanon and Rosenfeld (2021).

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import LinearShift
    >>> random = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"show": random.normal(size=800)})
    >>> frame["paid"] = (random.normal(size=800) < frame["show"]).astype(int)
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> found = robust_retraining(model, people, LinearShift(strength=1.0))
    >>> found.gain[0] > 0
    True
    """
    refuse_weights(dataset, "robust_retraining")
    train, *parts = retraining.parts(len(dataset), 0.5, 0.5)
    rounds = list(rounds_of(rater, dataset, respond, retraining, train))
    name, candidates = display_name(rater), {float(each.number): each for each in rounds}
    asked = {"rater": name, "candidates": ROUNDS, "intervals": intervals, "over": over}
    found = _chosen(candidates, dataset, parts, retraining, asked)
    ended = "stood still" if rounds[-1].shift <= retraining.tol else "did not converge"
    notes = (f"Training {ended} at round {rounds[-1].number}.", *found.notes)
    return replace(found, title=f"Trained on responses: {name}", notes=notes)


def _likely_shifts(naive: Any, people: Dataset, threshold: float | None) -> list[float]:
    granted = decided(naive, people.X, threshold)
    if not granted.any():
        return []
    above = score_function(naive, "log_odds")(people.X)[granted]
    shares = [0.05, *np.arange(1, 10) / 10, 0.95]
    return [float(each) for each in np.quantile(above, shares) - above.min()]


def _chosen(
    candidates: dict[float, Round],
    dataset: Dataset,
    parts: Sequence[Any],
    how: Retraining,
    asked: dict[str, Any],
) -> RobustTraining:
    """Choose the candidate of greatest accuracy among some people, and measure it on others."""
    rows, right = [], {}
    counted = {"intervals": asked["intervals"], "over": asked["over"]}
    for name, part in zip(PARTS, parts, strict=True):
        measures = Measures(dataset=dataset.take(part), **counted)
        for number, each in candidates.items():
            found = each.measured(part, how.threshold)
            right[number, name] = measures.people.share(found.right)
            labels = {"candidate": number, "part": name}
            rows.append(measures.row("accuracy", right[number, name], **labels))
    best = max(candidates, key=lambda number: float(right[number, PARTS[0]]))
    first = next(iter(candidates))
    gain = right[best, PARTS[1]] - right[first, PARTS[1]]
    labels = {"quantity": "difference", "candidate": best, "part": PARTS[1]}
    rows.append(measures.row("accuracy", gain, **labels))
    return RobustTraining(
        table=conform(rows),
        title="",
        parameters={**asked, "chosen": best, "candidates_tried": len(candidates)},
        seed=how.seed,
        notes=tuple(beside(__file__)["notes"]),
        rater=candidates[best].rater,
        naive=candidates[first].rater,
    )
