"""Address: cities of segregated districts with prices, local shocks, phone numbers."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from credit_ml.core import BLOCK, Streams, WorldError
from credit_ml.society.arrays import Array, Ints
from credit_ml.society.mechanisms.knobs import Knobs, knob, strengths
from credit_ml.society.mechanisms.population import Citizens, Dependence, shift_variance


class Address(Knobs):
    """Citizens sort into districts by a latent place; district 0 is the poorest.

    ``place = shift(A) + trust_sorting * trust + noise``; the district is the place's quantile
    under a normal of the same variance, so more dependence means more segregation.
    """

    citizens_per_city: int = knob(
        16 * BLOCK,
        f"citizens, a multiple of {BLOCK}; a larger society is several cities",
        (BLOCK, 2**31),
        "assumed: a county-level city; also the shard of large data sets",
    )
    city_spread: float = knob(
        0.3,
        "SD of a city's level; the first city is at the mean",
        (0, 5),
        "assumed: cities differ less than their districts",
    )
    people_per_district: int = knob(500, "citizens", (1, 1e7), "assumed: a residential compound")
    least_districts: int = knob(1, "districts of a city, however small", (1, 10_000), "choice")
    even_levels: bool = knob(
        default=False,
        unit="whether levels have the same variance in cities of any size",
        source="choice; off until every study is run anew (docs/decisions/0022-sizes.md)",
    )
    trust_sorting: float = knob(
        0.0, "shift of place per SD of trust", (-5, 5), "off: address says nothing of trust"
    )
    gradient: float = knob(1.0, "rise of a district's level per SD of its rank", (0, 5))
    unevenness: float = knob(0.3, "SD of a district's level beside its rank", (0, 5))
    shocks: float = knob(
        1.0, "SD of the local economic shock", (0, 5), "assumed: plant closures, floods"
    )
    median_price: float = knob(
        12.0, "thousand yuan a square metre", (0.1, 1000), "assumed: a large city in 2017"
    )
    dependence: Dependence = strengths(
        Dependence(hukou=-1.0, ethnicity=-0.5),
        hukou="sign: migrants live apart, more in 2010 than in 2000, in 258 cities (He, Musterd, "
        "Boterman 2022); size assumed",
    )
    """Of the latent place; in SD of its noise."""
    phone: Dependence = Dependence(hukou=-0.6)
    """Of phone tenure and number quality: migrants change numbers when they move."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.citizens_per_city % BLOCK:
            remedy = f"give a multiple of {BLOCK}, the citizens whose chance is drawn together"
            raise WorldError("address.citizens_per_city", f"is {self.citizens_per_city}", remedy)


@dataclass(frozen=True, kw_only=True)
class City:
    """One city: which citizens and districts it holds, and how its districts fare."""

    number: int
    """From 0."""
    start: int
    """Its first citizen."""
    size: int
    """Its citizens."""
    first_district: int
    """Number of its poorest district among those of all cities."""
    level: Array
    """Affluence of each district, SD."""
    shock: Array
    """Economic shock of each district, SD; bad when positive."""

    @property
    def stop(self) -> int:
        """The first citizen of the next city."""
        return self.start + self.size

    def blocks(self) -> range:
        """Numbers of the blocks of citizens that it holds."""
        return range(self.start // BLOCK, -(-self.stop // BLOCK))


def city_count(spec: Address, citizens: int) -> int:
    """Cities that hold this many citizens; all but the last are full."""
    return -(-citizens // spec.citizens_per_city)


def district_count(spec: Address, size: int) -> int:
    """Districts of a city of so many citizens."""
    return max(spec.least_districts, round(size / spec.people_per_district))


def ranks(spec: Address, districts: int) -> Array:
    """Rank of each district, from the poorest, in SD; with even levels of variance 1."""
    score: Array = ndtri((np.arange(districts) + 0.5) / districts)
    return score / np.sqrt(np.mean(score**2)) if spec.even_levels and districts > 1 else score


def draw_city(spec: Address, seed: int, citizens: int, number: int) -> City:
    """Lay out one city: its districts' levels and shocks come from the stream ``districts``.

    Cost: linear in districts.
    """
    start = number * spec.citizens_per_city
    size = min(spec.citizens_per_city, citizens - start)
    districts = district_count(spec, size)
    generator = Streams(seed).generator("districts", number)
    unevenness, shock = generator.standard_normal((2, districts))
    standing = spec.city_spread * float(generator.standard_normal()) if number else 0.0
    return City(
        number=number,
        start=start,
        size=size,
        first_district=number * district_count(spec, spec.citizens_per_city),
        level=standing + spec.gradient * ranks(spec, districts) + spec.unevenness * unevenness,
        shock=spec.shocks * shock,
    )


def live(spec: Address, people: Citizens, trust: Array, noise: Array, districts: int) -> Ints:
    """District of every citizen within the city, from 0 (poorest) to ``districts - 1``."""
    place = people.shift(spec.dependence) + spec.trust_sorting * trust + noise
    spread = np.sqrt(
        1.0 + spec.trust_sorting**2 + shift_variance(spec.dependence, people.population)
    )
    district: Ints = (ndtr(place / spread) * districts).astype(np.int32)
    return np.minimum(district, np.int32(districts - 1))


def address_records(
    spec: Address, people: Citizens, noise: Array, level: Array
) -> dict[str, Array]:
    """Phone tenure and quality, years at the address, price of homes around it.

    Parameters
    ----------
    noise : ndarray of shape (3, citizens)
        Standard normal.
    level : ndarray
        Level of each citizen's district.
    """
    phone = people.shift(spec.phone)
    return {
        "phone_years": np.exp(np.log(4.0) + 0.6 * noise[0] + 0.5 * phone),
        "phone_quality": np.clip(np.rint(4.0 + 1.5 * phone + 2.0 * noise[1]), 0, 10),
        "address_years": np.exp(np.log(6.0) + 0.7 * noise[2] + 0.5 * phone),
        "district_price": spec.median_price * np.exp(0.4 * level),
    }
