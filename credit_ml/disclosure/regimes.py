"""What people are told of a score, and what they then believe an action would bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import MenuError, refuse_unknown
from credit_ml.disclosure.actions import Bundle
from credit_ml.society import COLUMNS

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a regime may draw on: the people as they are, and the rater."""

    X: pd.DataFrame
    """Features before anybody acts."""
    scores: Array
    """Scores before anybody acts."""
    factors: Mapping[str, tuple[str, ...]]
    """Columns by factor."""


class Regime(Protocol):
    """A rule of disclosure. Users add their own: any object with these members will do."""

    @property
    def id(self) -> str:
        """Short name, as in tables."""

    @property
    def prose(self) -> str:
        """What people are told, as a sentence."""

    def believed(self, told: Told, bundle: Bundle, actual: Array) -> Array:
        """Scores that people believe a bundle of actions would give them.

        Parameters
        ----------
        told : Told
        bundle : Bundle
            What everybody would do; ``bundle.apply(told.X)`` is their table then.
        actual : ndarray of shape (people,)
            Scores that the rater would then give; only a regime that tells the model uses it.
        """
        ...


class Nothing:
    """Nobody is told anything, and nobody acts on a guess (an inert prior)."""

    id: str = "nothing"
    prose: str = "Nothing is told; people leave their records as they are."

    def believed(self, told: Told, bundle: Bundle, actual: Array) -> Array:
        """Return the scores as they are: no action is believed to help."""
        del bundle, actual
        return told.scores


class Factors:
    """The names of the factors, the own score and the thresholds are told, no weights (S1).

    The believed score is linear, with the same weight for each of K factors and, within a
    factor, for each of its m columns:

        s + sd(s) / sqrt(K) sum_k 1 / sqrt(m_k) sum_j better_j (x'_j - x_j) / sd(x_j)

    so that it would spread as the true scores do, were columns independent. `better_j` is the
    direction that a rater would like (`credit_ml.society.COLUMNS`); of an unknown column,
    people take any deliberate change as one for the better.
    """

    id: str = "factors"
    prose: str = "The names of the factors, the own score and the thresholds are told."

    def believed(self, told: Told, bundle: Bundle, actual: Array) -> Array:
        """Return the scores under equal weights."""
        del actual
        moved = bundle.apply(told.X)
        total = np.zeros(len(told.X))
        for columns in told.factors.values():
            gain = np.zeros(len(told.X))
            for column in columns:
                before, after = told.X[column], moved[column]
                if before is not after and not isinstance(before.dtype, pd.CategoricalDtype):
                    gain += _standardised(column, before, after)
            total += gain / np.sqrt(len(columns))
        weight = float(np.std(told.scores) / np.sqrt(len(told.factors)))
        return told.scores + weight * total


class Full:
    """The whole model is told: people believe what is true."""

    id: str = "full"
    prose: str = "The whole model is told, so that everybody can compute any score."

    def believed(self, told: Told, bundle: Bundle, actual: Array) -> Array:
        """Return the scores that the rater would give."""
        del told, bundle
        return actual


REGIMES: dict[str, type[Nothing] | type[Factors] | type[Full]] = {
    "nothing": Nothing,
    "factors": Factors,
    "full": Full,
}


def checked_regimes(regimes: Sequence[str | Regime]) -> list[Regime]:
    """Return regimes by name or as given.

    Raises
    ------
    MenuError
        When there is none, one is unknown, or one is given twice.
    """
    found: list[Regime] = []
    for regime in regimes:
        if isinstance(regime, str):
            if regime not in REGIMES:
                refuse_unknown(MenuError, "regimes", regime, REGIMES)
            found.append(REGIMES[regime]())
        else:
            found.append(regime)
    ids = [regime.id for regime in found]
    if not ids:
        raise MenuError("regimes", "are empty", f"give some of {', '.join(REGIMES)}")
    for name in ids:
        if ids.count(name) > 1:
            raise MenuError("regimes", f"name '{name}' twice", "give each once")
    return found


def _standardised(column: str, before: pd.Series, after: pd.Series) -> Array:
    values = before.to_numpy(dtype=np.float64, na_value=np.nan)
    change = after.to_numpy(dtype=np.float64, na_value=np.nan) - values
    spread = float(np.nanstd(values))
    if not spread > 0:
        return np.zeros(len(values))
    better = COLUMNS[column].better if column in COLUMNS else None
    gain: Array = np.nan_to_num(change) / spread
    return np.abs(gain) if better is None else better * gain
