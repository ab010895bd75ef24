"""Peer ratings by drivers, sellers and contacts, with the raters' bias (S2)."""

import numpy as np

from credit_ml.society.arrays import Array, Arrays
from credit_ml.society.mechanisms.chance import poisson_count
from credit_ml.society.mechanisms.knobs import Knobs, knob, strengths
from credit_ml.society.mechanisms.population import Citizens, Dependence

#: Who rates, in the order of their noise.
RATERS = ("driver", "seller", "contact")


class Ratings(Knobs):
    """Stars ``= mean + spread * (trust_seen * trust + shift(A)) + noise / sqrt(count)``."""

    mean: float = knob(
        4.2,
        "stars",
        (1, 5),
        "between 3.8 of hotels and 4.1 of guest houses on TripAdvisor and the 4.5 or 5 that 95 % "
        "of Airbnb's homes have (Zervas, Proserpio and Byers 2020)",
    )
    spread: float = knob(0.3, "stars per SD of what raters see", (0, 4))
    trust_seen: float = knob(0.25, "SD per SD of trust", (-5, 5))
    by_drivers: float = knob(12.0, "ratings a year by drivers", (0, 150))
    by_sellers: float = knob(12.0, "ratings a year by sellers", (0, 150))
    by_contacts: float = knob(6.0, "ratings a year by contacts", (0, 150))
    noise: float = knob(0.9, "SD of one rating, stars", (0, 4))
    drivers: Dependence = strengths(
        Dependence(hukou=-0.2, ethnicity=-0.2),
        ethnicity="sign: drivers let black riders wait up to 35 % longer and cancel more (1,500 "
        "rides in Seattle and Boston; Washington, Stanford and MIT 2016); size assumed",
    )
    """Drivers' bias: stars withheld for who one is; they see faces and hear accents."""
    sellers: Dependence = Dependence(hukou=-0.1, ethnicity=-0.1)
    """Sellers' bias; they see names and addresses; assumed."""
    contacts: Dependence = Dependence()
    """Contacts' bias; off: friends know whom they rate."""

    def rates(self) -> tuple[float, ...]:
        """Ratings a year, in the order of `RATERS`."""
        return (self.by_drivers, self.by_sellers, self.by_contacts)

    def biases(self) -> tuple[Dependence, ...]:
        """Bias, in the order of `RATERS`."""
        return (self.drivers, self.sellers, self.contacts)


def rating_records(
    spec: Ratings, people: Citizens, uniform: Array, noise: Array, trust: Array
) -> Arrays:
    """Mean stars by each kind of rater (NaN from whom nobody rated), and ratings in a year.

    Parameters
    ----------
    uniform, noise : ndarray of shape (3, citizens)
        Chance of the number of ratings and of the stars, in the order of `RATERS`.
    """
    records: Arrays = {}
    total = np.zeros(len(trust), dtype=np.int32)
    for number, (kind, rate, bias) in enumerate(
        zip(RATERS, spec.rates(), spec.biases(), strict=True)
    ):
        count = poisson_count(uniform[number], rate)
        seen = spec.trust_seen * trust + people.shift(bias)
        error = spec.noise * noise[number] / np.sqrt(np.maximum(count, 1))
        stars = np.clip(spec.mean + spec.spread * seen + error, 1, 5)
        records[f"{kind}_stars"] = np.where(count > 0, stars, np.nan)
        total += count
    records["ratings_count"] = total
    return records


def stars_withheld(spec: Ratings, people: Citizens) -> Array:
    """Stars that the bias of raters takes from each citizen, meaned over the kinds of raters."""
    shifts = [people.shift(bias) for bias in spec.biases()]
    withheld: Array = -spec.spread * np.mean(shifts, axis=0)
    return withheld
