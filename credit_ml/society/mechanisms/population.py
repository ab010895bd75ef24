"""Who lives there: sensitive features and trust, drawn before everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

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
    """Shares of each sensitive feature, and what goes with hukou; nothing does by default.

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
    old: float = share(
        0.17,
        "share aged 60 to 79",
        f"near {_CENSUS}: 15.9 % of those aged 15 and more are 60 and more",
    )
    minority_by_hukou: float = knob(
        0.0, "share of the minority, rural less urban", (-1, 1), "off: features are independent"
    )
    women_by_hukou: float = knob(
        0.0, "share of women, rural less urban", (-1, 1), "off: features are independent"
    )
    young_by_hukou: float = knob(
        0.0,
        "share aged 18 to 29, rural less urban; as many fewer are 60 to 79",
        (-1, 1),
        "off: features are independent",
    )
    common_cause: float = knob(
        0.0,
        "correlation of trust with the chance that makes hukou",
        (-1, 1),
        "off: nothing unmeasured moves both",
    )
    trust: Dependence = Dependence()  # off: a gap is not deserved by construction

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.young + self.old > 1:
            problem = f"has shares young and old that sum to {self.young + self.old:g}"
            remedy = "keep the sum at most 1; those between are the rest"
            raise WorldError("population", problem, remedy)
        for name, part in (*self.with_hukou(0).items(), *self.with_hukou(1).items()):
            problem = f"makes the share of {name} {part:g} in one group"
            remedy = "give a difference that leaves every share between 0 and 1"
            WorldError.unless(-1e-12 <= part <= 1 + 1e-12, "population", problem, remedy)

    def with_hukou(self, rural: Any) -> dict[str, Any]:
        """Shares among citizens of a hukou (0 urban, 1 rural), whose means are the knobs."""
        away = rural - self.rural
        return {
            "minority": self.minority + self.minority_by_hukou * away,
            "women": self.women + self.women_by_hukou * away,
            "young": self.young + self.young_by_hukou * away,
            "old": self.old - self.young_by_hukou * away,
        }

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
    rural = uniform[0] < spec.rural
    among = spec.with_hukou(rural)
    middle = (1.0 - spec.young - spec.old) / 2
    # Edges of the bands among people of one's own hukou.
    edges = np.array([among["young"] + part * middle for part in range(3)])
    band = (uniform[3] >= edges).sum(axis=0)
    return {
        "hukou": rural.astype(np.int8),
        "ethnicity": (uniform[1] < among["minority"]).astype(np.int8),
        "gender": (uniform[2] < among["women"]).astype(np.int8),
        "critic": (uniform[4] < spec.critics).astype(np.int8),
        "age_band": band.astype(np.int8),
        "age": age_in_band(band, uniform[5]),
        "age_within": uniform[5],
        "trust_noise": _trust_noise(spec, normal[0], uniform[0]),
    }


def _trust_noise(spec: Population, noise: Array, hukou_chance: Array) -> Array:
    """Noise of trust, standard normal; with a common cause it goes with what makes hukou."""
    cause = spec.common_cause
    if not cause:
        return noise
    behind: Array = ndtri(np.clip(hukou_chance, 1e-15, None))
    mixed: Array = np.sqrt(1.0 - cause**2) * noise + cause * behind
    return mixed


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
    low, high = AGE_EDGES[:-1], AGE_EDGES[1:]
    centre, weights = (low + high) / 2, spec.age_shares()
    mean = float(weights @ centre)
    square = float(weights @ ((low**2 + low * high + high**2) / 3))
    variances = {name: p * (1 - p) for name, p in spec.means().items()}
    variances["age"] = (square - mean**2) / AGE_UNIT**2
    # Given hukou the features are independent; what each owes to hukou adds up before squaring.
    slopes = {
        "hukou": 1.0,
        "ethnicity": spec.minority_by_hukou,
        "gender": spec.women_by_hukou,
        "age": spec.young_by_hukou * float(centre[0] - centre[-1]) / AGE_UNIT,
        "critic": 0.0,
    }
    strengths = {name: getattr(dependence, name) for name in slopes}
    own = sum(
        strength**2 * (variances[name] - slopes[name] ** 2 * variances["hukou"])
        for name, strength in strengths.items()
    )
    owed = sum(strength * slopes[name] for name, strength in strengths.items())
    return float(own + owed**2 * variances["hukou"])


def sensitive_columns(people: Arrays) -> dict[str, Any]:
    """Sensitive features as categoricals, in the order of `SENSITIVE`, and age in years."""
    columns: dict[str, Any] = {
        feature: pd.Categorical.from_codes(
            people[feature], pd.Index(values), ordered=feature == "age_band", validate=False
        )
        for feature, values in SENSITIVE.items()
    }
    return columns | {"age": people["age"]}
