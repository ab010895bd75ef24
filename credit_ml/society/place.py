"""Address: segregated districts with prices, local shocks, phone numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from credit_ml.society.knobs import Knobs, knob
from credit_ml.society.population import Dependence, Population, shift, shift_variance

Array = NDArray[np.float64]


class Address(Knobs):
    """Citizens sort into districts by a latent place; district 0 is the poorest.

    ``place = shift(A) + trust_sorting * trust + noise``; the district is the place's quantile
    under a normal of the same variance, so more dependence means more segregation.
    """

    people_per_district: int = knob(
        default=500,
        unit="citizens",
        low=1,
        high=1e7,
        source="assumed: a residential compound",
    )
    trust_sorting: float = knob(
        default=0.0,
        unit="shift of place per SD of trust",
        low=-5,
        high=5,
        source="off: address says nothing of trust",
    )
    gradient: float = knob(
        default=1.0,
        unit="rise of a district's level per SD of its rank",
        low=0,
        high=5,
        source="assumed",
    )
    unevenness: float = knob(
        default=0.3,
        unit="SD of a district's level beside its rank",
        low=0,
        high=5,
        source="assumed",
    )
    shocks: float = knob(
        default=1.0,
        unit="SD of the local economic shock",
        low=0,
        high=5,
        source="assumed: plant closures, floods",
    )
    median_price: float = knob(
        default=12.0,
        unit="thousand yuan a square metre",
        low=0.1,
        high=1000,
        source="assumed: a large city in 2017",
    )
    dependence: Dependence = Dependence(hukou=-1.0, ethnicity=-0.5)
    """Of the latent place; in SD of its noise."""
    phone: Dependence = Dependence(hukou=-0.6)
    """Of phone tenure and number quality: migrants change numbers when they move."""


class Districts(dict[str, Array]):
    """Level and shock of every district, drawn once a world."""


def count_districts(spec: Address, citizens: int) -> int:
    """Number of districts: at least one, about `people_per_district` citizens in each."""
    return max(1, round(citizens / spec.people_per_district))


def draw_districts(spec: Address, rng: Generator, number: int) -> Districts:
    """Draw each district's level (SD of affluence) and economic shock (SD, bad when positive)."""
    rank = ndtri((np.arange(number) + 0.5) / number)
    level = spec.gradient * rank + spec.unevenness * rng.standard_normal(number)
    return Districts(level=level, shock=spec.shocks * rng.standard_normal(number))


def live(
    spec: Address, population: Population, people: Mapping[str, Any], trust: Array,
    noise: Array, number: int,
) -> NDArray[np.int32]:  # fmt: skip
    """District of every citizen, from 0 (poorest) to ``number - 1``."""
    place = shift(spec.dependence, population, people) + spec.trust_sorting * trust + noise
    spread = np.sqrt(1.0 + spec.trust_sorting**2 + shift_variance(spec.dependence, population))
    district: NDArray[np.int32] = (ndtr(place / spread) * number).astype(np.int32)
    return np.minimum(district, np.int32(number - 1))


def address_records(
    spec: Address,
    population: Population,
    people: Mapping[str, Any],
    noise: Array,
    level: Array,
) -> dict[str, Array]:
    """Phone tenure and quality, years at the address, price of homes around it.

    Parameters
    ----------
    noise : ndarray of shape (3, citizens)
        Standard normal.
    level : ndarray
        Level of each citizen's district.
    """
    phone = shift(spec.phone, population, people)
    return {
        "phone_years": np.exp(np.log(4.0) + 0.6 * noise[0] + 0.5 * phone),
        "phone_quality": np.clip(np.rint(4.0 + 1.5 * phone + 2.0 * noise[1]), 0, 10),
        "address_years": np.exp(np.log(6.0) + 0.7 * noise[2] + 0.5 * phone),
        "district_price": spec.median_price * np.exp(0.4 * level),
    }
