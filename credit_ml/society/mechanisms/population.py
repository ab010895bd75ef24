"""Who lives there: sensitive features and trust, drawn before everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import WorldError
from credit_ml.society.arrays import Array, Arrays
from credit_ml.society.mechanisms.knobs import Knobs, knob, share

#: Values of each sensitive feature; the last is the one that strengths refer to.
SENSITIVE: dict[str, tuple[str, ...]] = {
    "hukou": ("urban", "rural"),
    "ethnicity": ("majority", "minority"),
    "gender": ("man", "woman"),
    "age_band": ("18-29", "30-44", "45-59", "60+"),
    "critic": ("no", "yes"),
}

#: First age of each band, and the age at which the last one ends.
AGE_EDGES = np.array([18.0, 30.0, 45.0, 60.0, 80.0])

#: Centre and unit of age wherever a mechanism depends on it: years from 45, in units of 15.
AGE_CENTRE, AGE_UNIT = 45.0, 15.0

_NBS = "National Bureau of Statistics of China, Statistical Communique 2017"
_CENSUS = "Sixth National Population Census of China, 2010"


class Dependence(Knobs):
    """How strongly one mechanism depends on each sensitive feature.

    The shift of the mechanism's latent is ``sum_j strength_j * (a_j - mean a_j)``, in standard
    deviations of its own noise; zero switches the dependence off.

    Examples
    --------
    >>> Dependence(hukou=-0.6).hukou
    -0.6
    """

    hukou: float = knob(0.0, "shift of a rural citizen, SD", (-5, 5), "off")
    ethnicity: float = knob(0.0, "shift of a minority citizen, SD", (-5, 5), "off")
    gender: float = knob(0.0, "shift of a woman, SD", (-5, 5), "off")
    age: float = knob(0.0, "shift per 15 years of age, SD", (-5, 5), "off")
    critic: float = knob(0.0, "shift of a critic, SD", (-5, 5), "off")


class Population(Knobs):
    """Shares of each sensitive feature; the features are independent of each other.

    Examples
    --------
    >>> Population(rural=0.4).rural
    0.4
    """

    rural: float = share(
        0.276,
        "share of city residents with rural hukou",
        f"{_NBS}: of 58.52 % urban residents, 42.35 points hold urban hukou",
    )
    minority: float = share(0.0849, "share", _CENSUS)
    women: float = share(0.4873, "share", _CENSUS)
    critics: float = share(
        0.02, "share", "assumed: few enough to be silenced, enough to be measured"
    )
    young: float = share(0.24, "share aged 18 to 29", "assumed, near the 2010 census")
    old: float = share(0.17, "share aged 60 to 79", "assumed, near the 2010 census")
    trust: Dependence = Dependence()  # off: a gap is not deserved by construction

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.young + self.old > 1:
            problem = f"has shares young and old that sum to {self.young + self.old:g}"
            remedy = "keep the sum at most 1; those between are the rest"
            raise WorldError("population", problem, remedy)

    def means(self) -> dict[str, float]:
        """Share of the last value of every sensitive feature that has two."""
        return {
            "hukou": self.rural,
            "ethnicity": self.minority,
            "gender": self.women,
            "critic": self.critics,
        }

    def age_shares(self) -> Array:
        """Shares of the four age bands; the two middle bands share the rest equally."""
        middle = max(0.0, 1.0 - self.young - self.old) / 2
        shares = np.array([self.young, middle, middle, self.old])
        whole: Array = shares / shares.sum()
        return whole


def draw_people(spec: Population, normal: Array, uniform: Array) -> Arrays:
    """Sensitive features, age and the noise of trust from a block's noise.

    Parameters
    ----------
    normal, uniform : ndarray of shape (1, citizens) and (6, citizens)
        Trust; hukou, ethnicity, gender, age band, critic, and age within the band.
    """
    band = np.searchsorted(np.cumsum(spec.age_shares())[:-1], uniform[3], side="right")
    chance = dict(zip(SENSITIVE, uniform, strict=False))
    return {
        **{name: (chance[name] < mean).astype(np.int8) for name, mean in spec.means().items()},
        "age_band": band.astype(np.int8),
        "age": age_in_band(band, uniform[5]),
        "age_within": uniform[5],
        "trust_noise": normal[0],
    }


def age_in_band(band: NDArray[Any], within: Array) -> NDArray[np.float32]:
    """Place a citizen at the share `within` of an age band, in years."""
    low, high = AGE_EDGES[band], AGE_EDGES[band + 1]
    age: NDArray[np.float32] = (low + within * (high - low)).astype(np.float32)
    return age


def override(people: Arrays, changes: Mapping[str, int]) -> dict[str, Any]:
    """Return people with sensitive features set to the given codes, chance unchanged."""
    changed = dict(people)
    for feature, code in changes.items():
        changed[feature] = np.full_like(people[feature], code)
        if feature == "age_band":
            changed["age"] = age_in_band(changed["age_band"], people["age_within"])
    return changed


@dataclass(frozen=True)
class Citizens:
    """Citizens of a population, as one mechanism sees them."""

    population: Population
    columns: Arrays
    """Codes of sensitive features, age in years, and the chance behind them."""

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def shift(self, dependence: Dependence) -> Array:
        """Shift of a mechanism's latent for every citizen, in standard deviations."""
        total = np.zeros(len(self["hukou"]))
        for feature, mean in self.population.means().items():
            strength = getattr(dependence, feature)
            if strength:
                total += strength * (self[feature] - mean)
        if dependence.age:
            total += dependence.age * (self["age"] - AGE_CENTRE) / AGE_UNIT
        return total


def shift_variance(dependence: Dependence, spec: Population) -> float:
    """Variance of the shift over the population, from the shares alone."""
    means = spec.means().items()
    variance: float = sum(getattr(dependence, name) ** 2 * p * (1 - p) for name, p in means)
    low, high = AGE_EDGES[:-1], AGE_EDGES[1:]
    weights = spec.age_shares()
    mean = float(weights @ ((low + high) / 2))
    square = float(weights @ ((low**2 + low * high + high**2) / 3))
    return variance + dependence.age**2 * (square - mean**2) / AGE_UNIT**2


def sensitive_columns(people: Arrays) -> dict[str, Any]:
    """Sensitive features as categoricals, in the order of `SENSITIVE`, and age in years."""
    columns: dict[str, Any] = {
        feature: pd.Categorical.from_codes(
            people[feature], pd.Index(values), ordered=feature == "age_band", validate=False
        )
        for feature, values in SENSITIVE.items()
    }
    return columns | {"age": people["age"]}
