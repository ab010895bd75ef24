"""What citizens hold should count: weights over factors, which may go with a group (S19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv

from credit_ml.core import BLOCK, Array, InputError, Streams, need_known
from credit_ml.governance.number import is_number

#: Sums of weights are held to 1 within this.
_ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True)
class CitizenValues:
    """How citizens' weights over factors are spread, and how far they go with a group.

    Weights are drawn from a Dirichlet distribution with ``concentration`` pseudo-votes a factor.
    Of a group whose members stand g_k SD above everybody on factor k, factor k's pseudo-votes are
    in proportion to ``exp(dependence * g_k)``: with dependence above 0 a group favours what it
    stands well on. From 1 pseudo-vote a factor on, the density of the weights of one group is
    log-concave, as the bound of Caplin and Nalebuff asks.

    Raises
    ------
    InputError
        When a number is out of range.

    Examples
    --------
    >>> CitizenValues().dependence, CitizenValues(concentration=4.0).concentration
    (0.0, 4.0)
    """

    concentration: float = 1.0
    """Pseudo-votes a factor, above 0; assumed, because 1 makes any weights as likely as any
    others, and the source says only that people differ on what is right."""
    dependence: float = 0.0
    """Log of a factor's pseudo-votes for each SD that a group stands above everybody on it; 0 for
    groups that hold the same values."""

    importance: Mapping[str, float] | None = None
    """How much each factor counts on average before values go with groups, at least 0 and in any
    unit; alike by default, assumed for the same reason."""

    def __post_init__(self) -> None:
        positive = is_number(self.concentration) and self.concentration > 0
        for name, usable, remedy in (
            ("concentration", positive, "give a number above 0"),
            ("dependence", is_number(self.dependence), "give a number"),
        ):
            place = f"values, {name}"
            InputError.unless(usable, place, f"is {getattr(self, name)!r}", remedy)
        told, place = {} if self.importance is None else self.importance, "values, importance"
        named = isinstance(told, Mapping)
        InputError.unless(named, place, f"is {told!r}", "give a number by factor")
        for factor, value in told.items():
            usable = is_number(value) and value > 0
            InputError.unless(
                usable, f"{place}, '{factor}'", f"is {value!r}", "give a number above 0"
            )

    def pseudo_votes(self, standing: Array, factors: Sequence[str]) -> Array:
        """Pseudo-votes of factors, from where a group stands on them in SD; the same shape.

        Raises
        ------
        InputError
            When an importance is of no factor, or is missing.
        """
        told = dict.fromkeys(factors, 1.0) if self.importance is None else dict(self.importance)
        for name in told:
            need_known(InputError, "values, importance", name, factors)
        missing = [name for name in factors if name not in told]
        problem = f"leaves out '{next(iter(missing), '')}'"
        InputError.unless(not missing, "values, importance", problem, "give one a factor")
        tilt = self.dependence * standing
        tilted = np.exp(tilt - tilt.max(axis=-1, keepdims=True)) * [told[name] for name in factors]
        shares = tilted / tilted.sum(axis=-1, keepdims=True)
        return np.asarray(self.concentration * len(factors) * shares)


def citizen_weights(votes: Array, *, seed: int = 0) -> Array:
    """Draw each citizen's weights over factors.

    Chance is a citizen's own whatever the values, so that two strengths of dependence are the same
    citizens with other values.

    Cost: one gamma quantile a citizen and factor.

    Parameters
    ----------
    votes : ndarray, shape (citizens, factors)
        Pseudo-votes of each citizen's group (`CitizenValues.pseudo_votes`).
    seed : int

    Returns
    -------
    ndarray, shape (citizens, factors)
        At least 0; each row sums to 1.

    Examples
    --------
    >>> weights = citizen_weights(np.ones((1000, 3)))
    >>> weights.shape, bool(np.allclose(weights.sum(axis=1), 1)), weights.mean(axis=0).round(1)
    ((1000, 3), True, array([0.3, 0.3, 0.3]))
    """
    size, factors = votes.shape
    streams = Streams(seed)
    luck = [
        streams.generator("agreed_values.weights", block).random(
            (min(BLOCK, size - start), factors)
        )
        for block, start in enumerate(range(0, size, BLOCK))
    ]
    drawn = gammaincinv(votes, np.concatenate(luck)) + np.finfo(np.float64).tiny
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def checked_weights(weights: ArrayLike, *, place: str = "weights") -> Array:
    """Return voters' weights as numbers, one row a voter.

    Raises
    ------
    InputError
        When there is no voter or factor, a weight is no number or below 0, or a row does not sum to
        1.

    Examples
    --------
    >>> checked_weights(np.array([[0.5, 0.4]]))
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: weights: sum to 0.9 in row 0; divide each row by its sum
    """
    try:
        given = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError):
        problem = "are no table of numbers"
        remedy = "give one row a voter, one column a factor"
        raise InputError(place, problem, remedy) from None
    problem = f"have shape {given.shape}"
    InputError.unless(given.ndim == 2, place, problem, "give one row a voter, one column a factor")
    InputError.unless(given.size, place, "hold no voter or no factor", "give at least one of each")
    wrong = ~np.isfinite(given) | (given < 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong.any(axis=1))[0])
        value = given[row][wrong[row]][0]
        remedy = "give numbers of at least 0"
        raise InputError(place, f"hold {value:g} in row {row}", remedy)
    sums = given.sum(axis=1)
    off = np.abs(sums - 1.0) > _ROUNDING
    if off.any():
        row = int(np.flatnonzero(off)[0])
        raise InputError(place, f"sum to {sums[row]:g} in row {row}", "divide each row by its sum")
    return given
