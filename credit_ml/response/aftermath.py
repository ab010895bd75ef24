"""What a rater finds after people responded to it: their records, and what they keep then."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, Dataset, Mask, Streams, TableError


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """People after they responded to the rater in force, one row or value a person.

    Examples
    --------
    >>> nobody, X = np.zeros(2, dtype=bool), pd.DataFrame({"late": [0, 3]})
    >>> after = Aftermath(X=X, probability=None, acted=nobody, cosmetic=nobody,
    ...                   spending=np.zeros(2))
    >>> after.acted.any()
    np.False_
    """

    X: pd.DataFrame
    """Records after the response."""
    probability: Array | None
    """True chance of keeping an obligation after it (improvements move it); None if unknown."""
    acted: Mask
    """Who did anything."""
    cosmetic: Mask
    """Who did anything that moves records only."""
    spending: Array
    """Shares of own yearly income."""


class Respond(Protocol):
    """The distribution map D(theta): from the rater in force to what people then present.

    People respond from the records in `dataset`, whatever they did to an earlier rater. Any
    function will do; `credit_ml.strategic` and `credit_ml.disclosure.Responding` have several.

    Examples
    --------
    >>> def nobody(rater, dataset):
    ...     none = np.zeros(len(dataset), dtype=bool)
    ...     return Aftermath(X=dataset.X, probability=None, acted=none, cosmetic=none,
    ...                      spending=np.zeros(len(dataset)))
    >>> respond: Respond = nobody
    """

    def __call__(self, rater: Any, dataset: Dataset) -> Aftermath:
        """Return everybody of `dataset` after responding to `rater`."""
        ...


class FixedChance:
    """Outcomes after an improvement: ``y' = [u < p']``, one u a person, the same every round.

    u is drawn given the outcome on file, from U(0, p) where it was kept and from U(p, 1) where
    it was broken, so that whoever's p stays as it was has the outcome on file, and only an
    improvement can turn a broken obligation into one kept. Where p or p' is unknown the
    outcome on file stands.

    Cost: one draw a person when made, one comparison a person when asked.

    Parameters
    ----------
    dataset : Dataset
        With an outcome; p is ``dataset.context["probability"]`` where it is there.
    outcome : array-like, optional
        0 or 1 a person; the table's own by default, or that of an earlier period.
    seed : int
        Of the draws.
    period : str
        Names the stream, so that two periods have chances of their own.

    Raises
    ------
    TableError
        When there is no outcome, or it or p does not fit.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": [0, 3], "paid": [1, 0], "probability": [0.7, 0.4]})
    >>> table = Dataset.from_frame(frame, target="paid", sensitive=[], context=["probability"])
    >>> chance = FixedChance(table, seed=1)
    >>> chance.kept(np.array([0.7, 0.4])).tolist(), chance.kept(np.ones(2)).tolist()
    ([1, 0], [1, 1])
    """

    def __init__(
        self, dataset: Dataset, *, outcome: Any = None, seed: int, period: str = "now"
    ) -> None:
        if outcome is None:
            outcome = dataset.outcome(needed_for="a refitted rater")
        self.outcome = _checked_outcome(outcome, len(dataset))
        self.probability = _known_probability(dataset)
        generator = Streams(seed).generator(f"answers.chance.{period}")
        if self.probability is not None:
            share = generator.random(len(dataset))
            p = self.probability
            self._drawn = np.where(self.outcome == 1, p * share, p + (1 - p) * share)

    def kept(self, probability: Array | None) -> NDArray[np.int8]:
        """Outcome of each person whose chance of keeping is now `probability`.

        Raises
        ------
        TableError
            When there is not one chance a person, from 0 to 1.
        """
        if probability is None or self.probability is None:
            return self.outcome
        after = _chances(probability, len(self.outcome))
        moved = (self._drawn < after).astype(np.int8)
        # Where p' is p exactly, no rounding of p * u may decide.
        return np.where(after == self.probability, self.outcome, moved).astype(np.int8)


def checked_aftermath(found: Aftermath, dataset: Dataset) -> Aftermath:
    """Return what a response gave when it fits the people who responded.

    Raises
    ------
    TableError
        When rows are lost or added, a column is lost, or values do not fit.
    """
    people = len(dataset)
    if len(found.X) != people:
        problem = f"has {len(found.X)} rows for {people} people"
        raise TableError("response, X", problem, "return everybody, in order")
    for column in dataset.X.columns:
        if column not in found.X.columns:
            raise TableError("response, X", f"lacks the column '{column}'", "return every column")
    for name in ("acted", "cosmetic", "spending"):
        shape = np.shape(getattr(found, name))
        if shape != (people,):
            raise TableError(f"response, {name}", f"has shape {shape}", f"give {people} values")
    if found.probability is not None:
        _chances(found.probability, people)
    return found


def _known_probability(dataset: Dataset) -> Array | None:
    if "probability" not in dataset.context.columns:
        return None
    return _chances(dataset.context["probability"].to_numpy(dtype=np.float64), len(dataset))


def _chances(given: Array, people: int) -> Array:
    values = np.asarray(given, dtype=np.float64)
    if values.shape != (people,) or not ((values >= 0) & (values <= 1)).all():
        problem = "is not one chance from 0 to 1 a person"
        raise TableError("probability", problem, f"give {people} chances")
    return values


def _checked_outcome(given: Any, people: int) -> NDArray[np.int8]:
    values = np.asarray(given)
    if values.shape != (people,) or not np.isin(values, (0, 1)).all():
        raise TableError("outcome", "is not 0 or 1 for each person", f"give {people} outcomes")
    return values.astype(np.int8)
