"""Trust in the rater as a state: moved by errors, by their being mended, and by opacity."""

from dataclasses import dataclass

import numpy as np

from credit_ml.core import Array, InputError, Streams


@dataclass(frozen=True, kw_only=True)
class TrustRule:
    """What moves trust in a year; every number is assumed.

    Examples
    --------
    >>> TrustRule().resting
    0.5
    """

    start: float = 0.5
    """Trust before the first year, from 0 to 1; what it drifts back to."""
    errors: float = 0.0
    """Chance a year of an error in one's records."""
    noticed: float = 0.5
    """Share of errors that the one concerned notices."""
    mended: float = 0.5
    """Share of those that are mended."""
    loss: float = 0.2
    """Trust lost to a noticed error that stays."""
    gain: float = 0.05
    """Trust won by one that is mended."""
    opacity: float = 0.0
    """How much of the rules is hidden, from 0 to 1."""
    hidden: float = 0.02
    """Trust lost in a year to rules that are all hidden."""
    drift: float = 0.1
    """Share of the way back to `start` in a year."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            usable = isinstance(value, int | float) and 0 <= value <= 1
            place, remedy = f"trust, {name}", "give a number from 0 to 1"
            InputError.unless(usable, place, f"is {value!r}", remedy)

    @property
    def push(self) -> float:
        """Expected change of trust in a year, drift aside."""
        met = self.errors * self.noticed
        kept = met * (self.mended * self.gain - (1.0 - self.mended) * self.loss)
        return kept - self.opacity * self.hidden

    @property
    def resting(self) -> float:
        """Mean trust in the long run, ``start + push / drift``, as long as nobody is at an end."""
        if self.push == 0:
            return self.start
        InputError.unless(self.drift > 0, "trust, drift", "is 0", "give more, or trust never rests")
        return float(np.clip(self.start + self.push / self.drift, 0.0, 1.0))


def trust_after(rule: TrustRule, people: int, years: int, *, seed: int = 0) -> Array:
    """Trust of each person after some years, from 0 to 1.

    ``T' = T + drift (start - T) - hidden opacity + gain`` of whoever had an error mended, ``-
    loss`` of whoever noticed one that stays. Without errors and opacity nothing moves.

    Cost: one draw a person and year.

    Examples
    --------
    >>> trust_after(TrustRule(), 3, years=10).tolist()
    [0.5, 0.5, 0.5]
    """
    InputError.unless_at_least(0, "years", years)
    InputError.unless_at_least(1, "people", people)
    trust, streams = np.full(people, float(rule.start)), Streams(seed)
    met = rule.errors * rule.noticed
    for year in range(years):
        luck = streams.generator("enrolment.trust", year).random(people)
        mended = luck < met * rule.mended
        stays = ~mended & (luck < met)
        trust += rule.drift * (rule.start - trust) - rule.hidden * rule.opacity
        trust += rule.gain * mended - rule.loss * stays
        np.clip(trust, 0.0, 1.0, out=trust)
    return trust
