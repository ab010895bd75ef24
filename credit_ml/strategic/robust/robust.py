"""Raters trained for people who respond: a raised line, or rounds with the response inside."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.agencies.refit import refit
from credit_ml.agencies.shifted import raised
from credit_ml.core import Dataset, Finding, InputError
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled
from credit_ml.response.aftermath import FixedChance, Respond, checked_aftermath
from credit_ml.scoring import display_name, score_function
from credit_ml.strategic.measured import decided, mean_of, quantile_of
from credit_ml.strategic.performative.rounds import (
    Round,
    Setting,
    check_rounds,
    measured,
    parts_of,
    rounds_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Shares of people who train, who choose among candidates, and who are measured.
SHARES = (0.5, 0.25, 0.25)
ROUNDS = "round of training"
COLUMNS = ["candidate", "people", "measure", "estimate", "low", "high", "unit"]


@dataclass(frozen=True, kw_only=True)
class RobustAnswer(Finding):
    """Candidates for a rater that expects a response, and the one chosen.

    Accuracy after the response, of those who chose among candidates (``people == "choosing"``)
    and of those who did not (``"held out"``); `gain` is the chosen rater's accuracy minus the
    naive one's, person by person, among the latter: 0 is a robust rater no better than naive.
    """

    kind: ClassVar[str] = "robust_answer"
    citations: ClassVar[tuple[str, ...]] = (
        "Hardt, M., Megiddo, N., Papadimitriou, C. and Wootters, M. (2016). Strategic "
        "classification. ITCS, 111-122.",
        "Levanon, S. and Rosenfeld, N. (2021). Strategic classification made practical. ICML, "
        "6243-6253.",
    )

    rater: Any = field(default=None, repr=False, compare=False)
    """The chosen rater; None in a stored finding."""
    naive: Any = field(default=None, repr=False, compare=False)
    """The rater that expects no response, fitted to the same people."""

    @property
    def gain(self) -> tuple[float, float, float]:
        """Accuracy gained over the naive rater after the response, with its interval."""
        found = self.table[self.table["measure"] == "gain"].iloc[0]
        return float(found["estimate"]), float(found["low"]), float(found["high"])

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw accuracy after the response by candidate, the chosen one marked."""
        axes = axes_or_new(axes)
        rows = self.table[self.table["measure"] == "accuracy"]
        for number, (people, own) in enumerate(rows.groupby("people", sort=False)):
            error = 100 * own[["low", "high"]].sub(own["estimate"], axis=0).abs().to_numpy().T
            axes.errorbar(own["candidate"], 100 * own["estimate"], yerr=error, fmt="o-", ms=4.0,
                          elinewidth=1.0, color=PALETTE[number], label=str(people))  # fmt: skip
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
        return {
            "robust_answer.gain": self.gain[0],
            "robust_answer.chosen": float(self.parameters["chosen"]),
        }


def shifted_threshold(
    rater: Any,
    dataset: Dataset,
    respond: Respond,
    *,
    shifts: Sequence[float] | None = None,
    earlier: Any = None,
    threshold: float | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> RobustAnswer:
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
    earlier : array-like, optional
        Outcomes of an earlier period that train the rater; everybody then trains.
    threshold : float, optional
        Of the first decision; an agency's first privilege or 0.5 by default.
    intervals : float
        Level of normal intervals over people.
    seed : int
        Of the split, of chance and of the scorer.

    Raises
    ------
    ModelError
        When the rater goes by published rules, or cannot be refitted.
    InputError
        When a shift is not finite.

    References
    ----------
    Hardt, Megiddo, Papadimitriou and Wootters (2016); see `RobustAnswer.citations`.
    """
    quantile = quantile_of(intervals)
    train, choose, test = _parts(dataset, earlier, seed)
    taught = dataset.take(train)
    lessons = FixedChance(dataset, outcome=earlier, seed=seed).outcome[train]
    naive = refit(rater, taught, taught.X, lessons, seed=seed)
    given = _likely_shifts(naive, taught, threshold) if shifts is None else list(shifts)
    if not np.isfinite(given).all():
        raise InputError("shifts", "are not all finite", "give log-odds")
    chance = FixedChance(dataset, seed=seed)
    tried = []
    for shift in sorted({0.0, *map(float, given)}, key=abs):
        force = raised(naive, shift)
        after = checked_aftermath(respond(force, dataset), dataset)
        tried.append((shift, Round(number=0, rater=force, shift=np.nan, aftermath=after,
                                   kept=chance.kept(after.probability))))  # fmt: skip
    return _chosen(
        rater, tried, (choose, test), threshold, quantile,
        title=f"Thresholds raised for people who respond: {display_name(rater)}",
        candidates="thresholds raised by (log-odds)", intervals=intervals, seed=seed,
    )  # fmt: skip


def robust_by_rounds(
    rater: Any,
    dataset: Dataset,
    respond: Respond,
    *,
    rounds: int = 10,
    tolerance: float = 0.01,
    earlier: Any = None,
    threshold: float | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> RobustAnswer:
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
    rounds : int
        Refits at most.
    tolerance : float
        Shift of the score, in SDs, at which it stands still.
    earlier : array-like, optional
        Outcomes of an earlier period that train the rater; everybody then trains.
    threshold : float, optional
        Of the first decision; an agency's first privilege or 0.5 by default.
    intervals : float
        Level of normal intervals over people.
    seed : int
        Of the split, of chance and of the scorer.

    Raises
    ------
    InputError
        When rounds or tolerance are out of range.
    ModelError
        When the rater cannot be refitted.

    References
    ----------
    Perdomo et al. (2020); Levanon and Rosenfeld (2021).
    """
    check_rounds(rounds, tolerance)
    quantile = quantile_of(intervals)
    train, choose, test = _parts(dataset, earlier, seed)
    setting = Setting(dataset=dataset, respond=respond, train=train, rounds=rounds,
                      tolerance=tolerance, seed=seed, earlier=earlier)  # fmt: skip
    tried = [(float(each.number), each) for each in rounds_of(rater, setting)]
    still = tried[-1][1].shift <= tolerance
    found = _chosen(
        rater, tried, (choose, test), threshold, quantile,
        title=f"Trained on responses: {display_name(rater)}", candidates=ROUNDS,
        intervals=intervals, seed=seed,
    )  # fmt: skip
    ended = "stood still" if still else "did not converge"
    return replace(found, notes=(f"Training {ended} at round {tried[-1][0]:.0f}.", *found.notes))


def _parts(dataset: Dataset, earlier: Any, seed: int) -> list[NDArray[np.intp]]:
    if earlier is None:
        return parts_of(len(dataset), SHARES, seed=seed)
    return [np.arange(len(dataset)), *parts_of(len(dataset), (0.5, 0.5), seed=seed)]


def _likely_shifts(naive: Any, people: Dataset, threshold: float | None) -> list[float]:
    granted = decided(naive, people.X, threshold)
    if not granted.any():
        return []
    above = score_function(naive, "log_odds")(people.X)[granted]
    shares = [0.05, *np.arange(1, 10) / 10, 0.95]
    return [float(each) for each in np.quantile(above, shares) - above.min()]


def _chosen(
    rater: Any, tried: list[tuple[float, Round]], parts: tuple[Any, Any],
    threshold: float | None, quantile: float, *, title: str, candidates: str, intervals: float,
    seed: int,
) -> RobustAnswer:  # fmt: skip
    rows, right = [], {}
    for name, each in tried:
        for people, part in zip(("choosing", "held out"), parts, strict=True):
            found = measured(each, part, threshold)
            right[name, people] = np.asarray(found.granted == (found.kept == 1), dtype=np.float64)
            rows.append((name, people, "accuracy", *mean_of(right[name, people], quantile)))
    best, force = max(tried, key=lambda pair: right[pair[0], "choosing"].mean())
    gain = right[best, "held out"] - right[tried[0][0], "held out"]
    rows.append((best, "held out", "gain", *mean_of(gain, quantile)))
    table = pd.DataFrame(rows, columns=COLUMNS[:-1]).assign(unit="share of decisions")
    return RobustAnswer(
        table=table,
        title=title,
        parameters={
            "rater": display_name(rater), "chosen": best, "candidates": candidates,
            "tried": len(tried), "intervals": intervals,
        },
        seed=seed,
        notes=(
            "Candidates are chosen by some people and measured on others; none of them were "
            "trained on, but where an earlier period trains.",
        ),
        rater=force.rater,
        naive=tried[0][1].rater,
    )  # fmt: skip
