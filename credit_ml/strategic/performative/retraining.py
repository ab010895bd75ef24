"""Retraining, round after round: people respond, the rater is fitted to what it then finds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.agencies.refit import is_fixed, refit
from credit_ml.core import Dataset, InputError, Rows, Streams, TableError
from credit_ml.response.aftermath import Aftermath, FixedChance, Respond, checked_aftermath
from credit_ml.scoring import Output, score_function
from credit_ml.strategic.held_out import HeldOut, first_threshold


class Learn(Protocol):
    """How a rater learns from records and outcomes of some people; `refit` by default."""

    def __call__(
        self, rater: Any, dataset: Dataset, X: pd.DataFrame, y: NDArray[np.int8], *, seed: int
    ) -> Any:
        """Return the next rater."""
        ...


@dataclass(frozen=True, kw_only=True)
class Retraining:
    """How a rater is trained again on people who respond to it, and on whom it is measured.

    Raises
    ------
    InputError
        When max_iter, tol or held_out are out of range.

    Examples
    --------
    >>> Retraining(max_iter=25, tol=0.0, seed=1).held_out
    0.5
    """

    max_iter: int = 10
    """Refits at most."""
    tol: float = 0.01
    """Shift of the score, in its SDs, at which it counts as standing still."""
    held_out: float = 0.5
    """Share of people who are measured and not trained on, where there are no earlier outcomes."""
    earlier: Any = None
    """Outcomes of an earlier period of the same people, as agencies train on
    (``society.outcome["kept_before"]``); everybody then trains and is measured."""
    threshold: float | None = None
    """Of the first decision; an agency's first privilege or 0.5 by default."""
    output: Output = "score"
    """The number whose change is the shift."""
    learn: Learn = refit
    """Another way to learn than `refit`, such as a `GradientStep`."""
    seed: int = 0
    """Of the split, of chance and of the scorer, the same in every round."""

    def __post_init__(self) -> None:
        InputError.unless(self.max_iter >= 1, "max_iter", f"is {self.max_iter}", "give at least 1")
        if not self.tol >= 0:
            raise InputError("tol", f"is {self.tol!r}", "give SDs of the score, at least 0")
        if not 0 < self.held_out < 1:
            raise InputError("held_out", f"is {self.held_out!r}", "give a share between 0 and 1")

    def parts(self, people: int, *of_measured: float) -> list[Rows]:
        """Positions of those trained on, and of those measured, in parts of given shares."""
        shares = of_measured or (1.0,)
        if self.earlier is not None:
            return [np.arange(people), *parts_of(people, shares, seed=self.seed)]
        left = [self.held_out * share for share in shares]
        return parts_of(people, (1 - self.held_out, *left), seed=self.seed)


@dataclass(frozen=True, kw_only=True)
class Round:
    """A rater in force and what people did about it."""

    rater: Any
    number: int = 0
    shift: float = np.nan
    """Mean absolute change of the score since the round before, in SDs; NaN in round 0."""
    aftermath: Aftermath
    """Everybody after the response, in the order of the table."""
    kept: NDArray[np.int8]
    """Outcomes after it, of the period that is measured."""

    @classmethod
    def of(cls, rater: Any, dataset: Dataset, respond: Respond, chance: FixedChance) -> Self:
        """Let people respond to a rater in force."""
        after = checked_aftermath(respond(rater, dataset), dataset)
        return cls(rater=rater, aftermath=after, kept=chance.kept(after.probability))

    def measured(self, rows: Rows, threshold: float | None) -> HeldOut:
        """What the rater makes of some people after they responded."""
        scores = score_function(self.rater)(rows_at(self.aftermath.X, rows))
        return HeldOut(
            scores=scores,
            granted=scores >= first_threshold(self.rater, threshold),
            kept=self.kept[rows],
            acted=np.asarray(self.aftermath.acted, dtype=bool)[rows],
            spending=np.asarray(self.aftermath.spending, dtype=np.float64)[rows],
        )

    def notes(self, how: Retraining) -> list[str]:
        """Say how retraining ended in this round, and what a reader must know."""
        ended = f"Refitting stood still at round {self.number} (within {how.tol:g} SD)."
        if not self.shift <= how.tol:
            ended = (
                f"Refitting did not converge within {self.number} rounds: the last moved the score "
                f"by {self.shift:.3g} SD, the tolerance being {how.tol:g}."
            )
        who = "Those measured were never trained on."
        if how.earlier is not None:
            who = (
                "The rater learns from outcomes of an earlier period and is measured on those of "
                "the next, of the same people."
            )
        people = "People respond in every round from their original records to the rater in force."
        said = [ended, people, who]
        if is_fixed(self.rater):
            said.append("The rater goes by published rules, which are never refitted.")
        if self.aftermath.probability is None:
            said.append("Chances after the response are unknown: the outcomes on file stand.")
        return said


#: Retraining as it is by default.
BY_DEFAULT = Retraining()


def rounds_of(
    rater: Any, dataset: Dataset, respond: Respond, retraining: Retraining, train: Rows
) -> Iterator[Round]:
    """Fit, let people respond, and fit again, until the score stands still or rounds are over.

    Round 0 is the rater fitted to the untouched records of those trained on (positions, rising),
    so that nobody measured was trained on in any round, and rounds differ by the response alone.
    """
    seed, output = retraining.seed, retraining.output
    taught = dataset if len(train) == len(dataset) else dataset.take(train)
    past = now = FixedChance(dataset, seed=seed)
    if retraining.earlier is not None:
        past = FixedChance(dataset, outcome=retraining.earlier, seed=seed, period="earlier")
    force = refit(rater, taught, taught.X, past.outcome[train], seed=seed)
    scores = score_function(force, output)(dataset.X)
    unit = float(np.std(scores)) or 1.0
    shift = np.nan
    for number in range(retraining.max_iter + 1):
        latest = replace(Round.of(force, dataset, respond, now), number=number, shift=shift)
        yield latest
        if shift <= retraining.tol or number == retraining.max_iter:
            return
        y = past.kept(latest.aftermath.probability)[train]
        X = rows_at(latest.aftermath.X, train)
        force = retraining.learn(force, taught, X, y, seed=seed)
        before, scores = scores, score_function(force, output)(dataset.X)
        shift = float(np.abs(scores - before).mean()) / unit


def rows_at(X: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """The table at some rising positions, counted anew; itself where they are all of it."""
    return X if len(rows) == len(X) else X.iloc[rows].reset_index(drop=True)


def parts_of(people: int, shares: tuple[float, ...], *, seed: int) -> list[Rows]:
    """Positions of people in random parts of given shares, each in rising order.

    Raises
    ------
    TableError
        When a part would be empty.
    """
    if len(shares) == 1:
        return [np.arange(people)]
    order = Streams(seed).generator("answers.parts").permutation(people)
    ends = np.rint(np.cumsum(shares) * people).astype(int)[:-1]
    parts = [np.sort(part) for part in np.split(order, ends)]
    if min(map(len, parts)) == 0:
        raise TableError("dataset", f"has {people} people for {len(parts)} parts", "give more")
    return parts
