"""Peer ratings by drivers, sellers and contacts, with the raters' bias (S2)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.society.chance import poisson_count
from credit_ml.society.knobs import Knobs, knob
from credit_ml.society.population import Dependence, Population, shift

Array = NDArray[np.float64]


class Ratings(Knobs):
    """Stars ``= mean + spread * (trust_seen * trust + shift(A)) + noise / sqrt(count)``."""

    mean: float = knob(
        default=4.2,
        unit="stars",
        low=1,
        high=5,
        source="assumed: ratings crowd the top",
    )
    spread: float = knob(
        default=0.3,
        unit="stars per SD of what raters see",
        low=0,
        high=4,
        source="assumed",
    )
    trust_seen: float = knob(
        default=0.25, unit="SD per SD of trust", low=-5, high=5, source="assumed"
    )
    count: float = knob(default=30.0, unit="ratings a year", low=0, high=150, source="assumed")
    noise: float = knob(
        default=0.9, unit="SD of one rating, stars", low=0, high=4, source="assumed"
    )
    bias: Dependence = Dependence(hukou=-0.15, ethnicity=-0.15)
    """Raters' bias: stars withheld for who one is; assumed sizes."""


def rating_records(
    spec: Ratings, population: Population, people: Mapping[str, Any], uniform: Array,
    noise: Array, trust: Array,
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """Mean stars (NaN for a citizen nobody rated) and number of ratings in a year."""
    count = poisson_count(uniform, np.full(len(uniform), spec.count))
    seen = spec.trust_seen * trust + shift(spec.bias, population, people)
    stars = spec.mean + spec.spread * seen + spec.noise * noise / np.sqrt(np.maximum(count, 1))
    return {
        "stars": np.where(count > 0, np.clip(stars, 1, 5), np.nan),
        "stars_count": count,
    }
