"""Retraining, round after round: people respond, the rater is fitted to what it then finds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.agencies.refit import refit
from credit_ml.core import Dataset, InputError, Streams, TableError
from credit_ml.response.aftermath import (
    Aftermath,
    FixedChance,
    Respond,
    checked_aftermath,
)
from credit_ml.scoring import Output, score_function
from credit_ml.strategic.measured import Measured, line_of

Array = NDArray[np.float64]


class Retrain(Protocol):
    """How a rater learns from records and outcomes of some people; `refit` by default."""

    def __call__(
        self, rater: Any, dataset: Dataset, X: pd.DataFrame, y: NDArray[np.int8], *, seed: int
    ) -> Any:
        """Return the next rater."""
        ...


@dataclass(frozen=True, kw_only=True)
class Round:
    """A rater in force and what people did about it."""

    number: int
    rater: Any
    shift: float
    """Mean absolute change of the score since the round before, in SDs; NaN in round 0."""
    aftermath: Aftermath
    """Everybody after the response, in the order of the table."""
    kept: NDArray[np.int8]
    """Outcomes after it, of the period that is measured."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Who is trained on, who is measured, and when retraining ends."""

    dataset: Dataset
    respond: Respond
    train: NDArray[np.intp]
    """Positions of the people trained on, rising."""
    rounds: int
    tolerance: float
    seed: int
    earlier: Any = None
    """Outcomes of an earlier period to train on; the table's own if None."""
    output: Output = "score"
    """The number whose change is the shift."""
    retrain: Retrain = refit


def rounds_of(rater: Any, setting: Setting) -> Iterator[Round]:
    """Fit, let people respond, and fit again, until the score stands still or rounds are over.

    Round 0 is the rater fitted to the untouched records of those trained on, so that nobody
    measured was trained on in any round, and so that rounds differ by the response alone.
    """
    people, train = setting.dataset, setting.train
    taught = people if len(train) == len(people) else people.take(train)
    now = FixedChance(people, seed=setting.seed)
    past = now
    if setting.earlier is not None:
        past = FixedChance(people, outcome=setting.earlier, seed=setting.seed, period="earlier")
    force = refit(rater, taught, taught.X, past.outcome[train], seed=setting.seed)
    scores = score_function(force, setting.output)(people.X)
    unit = float(np.std(scores)) or 1.0
    shift = np.nan
    for number in range(setting.rounds + 1):
        after = checked_aftermath(setting.respond(force, people), people)
        kept = now.kept(after.probability)
        yield Round(number=number, rater=force, shift=shift, aftermath=after, kept=kept)
        if shift <= setting.tolerance or number == setting.rounds:
            return
        X = rows_at(after.X, train)
        y = past.kept(after.probability)[train]
        force = setting.retrain(force, taught, X, y, seed=setting.seed)
        before, scores = scores, score_function(force, setting.output)(people.X)
        shift = float(np.abs(scores - before).mean()) / unit


def measured(found: Round, rows: NDArray[np.intp], threshold: float | None) -> Measured:
    """What the rater of a round makes of some people after they responded."""
    scores = score_function(found.rater)(rows_at(found.aftermath.X, rows))
    return Measured(
        scores=scores,
        granted=scores >= line_of(found.rater, threshold),
        kept=found.kept[rows],
        acted=np.asarray(found.aftermath.acted, dtype=bool)[rows],
        spending=np.asarray(found.aftermath.spending, dtype=np.float64)[rows],
    )


def rows_at(X: pd.DataFrame, rows: NDArray[np.intp]) -> pd.DataFrame:
    """The table at some rising positions, counted anew; itself where they are all of it."""
    return X if len(rows) == len(X) else X.iloc[rows].reset_index(drop=True)


def parts_of(people: int, shares: tuple[float, ...], *, seed: int) -> list[NDArray[np.intp]]:
    """Positions of people in random parts of given shares, each in rising order.

    Raises
    ------
    TableError
        When a part would be empty.
    """
    order = Streams(seed).generator("answers.parts").permutation(people)
    ends = np.rint(np.cumsum(shares) * people).astype(int)[:-1]
    parts = [np.sort(part) for part in np.split(order, ends)]
    if min(map(len, parts)) == 0:
        raise TableError("dataset", f"has {people} people for {len(parts)} parts", "give more")
    return parts


def check_rounds(rounds: int, tolerance: float) -> None:
    """Refuse a horizon without rounds and a tolerance that is no distance.

    Raises
    ------
    InputError
        When rounds are below 1 or the tolerance is below 0.
    """
    if rounds < 1:
        raise InputError("rounds", f"is {rounds}", "give at least 1")
    if not tolerance >= 0:
        raise InputError("tolerance", f"is {tolerance!r}", "give SDs of the score, at least 0")
