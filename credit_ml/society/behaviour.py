"""Behaviour and preference: play, purchases, travel, giving, traffic, posts (S12, S17)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.society.chance import poisson_count
from credit_ml.society.knobs import Knobs, knob
from credit_ml.society.population import Dependence, Population, shift

Array = NDArray[np.float64]


class Behaviour(Knobs):
    """One latent of "responsible" habits, as a rater would read them: ``shift(A) + trust``."""

    trust: float = knob(
        default=0.15,
        unit="habits per SD of trust",
        low=-5,
        high=5,
        source="assumed: habits say little of trust",
    )
    capacity: float = knob(
        default=0.25,
        unit="log purchases per SD of capacity",
        low=-5,
        high=5,
        source="assumed",
    )
    parents: float = knob(
        default=0.2, unit="share who buy diapers", low=0, high=1, source="assumed"
    )
    gaming_hours: float = knob(
        default=0.8,
        unit="hours a day at the median",
        low=0,
        high=24,
        source="assumed; S12 names ten hours a day as lazy",
    )
    posts: float = knob(
        default=0.1,
        unit="critical posts a year of one who is no critic",
        low=0,
        high=100,
        source="assumed",
    )
    critic_posts: float = knob(
        default=3.0,
        unit="rise of log posts of a critic",
        low=0,
        high=8,
        source="assumed; 0 hides who is a critic (S17)",
    )
    dependence: Dependence = Dependence(gender=0.4, age=0.3)
    """Of the latent of habits: women and the old play less; assumed."""


def behaviour_records(
    spec: Behaviour, population: Population, people: Mapping[str, Any], uniform: Array,
    noise: Array, trust: Array, capacity: Array,
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """Purchases, play, travel, gifts, fines and posts of every citizen.

    Parameters
    ----------
    uniform : ndarray of shape (7, citizens)
        Chance of the counts.
    noise : ndarray of shape (2, citizens)
        Standard normal, for hours.
    """
    habits = shift(spec.dependence, population, people) + spec.trust * trust
    purse = spec.capacity * capacity
    diapers = poisson_count(uniform[1], 3.0 * np.exp(0.3 * habits))
    return {
        "gaming_hours": np.minimum(
            np.exp(np.log(max(spec.gaming_hours, 1e-9)) - 0.4 * habits + 0.8 * noise[0]),
            16.0,
        ),
        "diapers": np.where(uniform[0] < spec.parents, diapers, 0),
        "books": poisson_count(uniform[2], 0.8 * np.exp(purse + 0.3 * habits)),
        "trips": poisson_count(uniform[3], 3.0 * np.exp(1.2 * purse)),
        "gifts": poisson_count(uniform[4], 0.8 * np.exp(purse + 0.5 * habits)),
        "volunteer_hours": np.exp(np.log(5.0) + 0.6 * habits + 0.9 * noise[1]),
        "traffic_fines": poisson_count(uniform[5], 0.5 * np.exp(0.5 * purse - 0.5 * habits)),
        "critical_posts": poisson_count(
            uniform[6], spec.posts * np.exp(spec.critic_posts * people["critic"])
        ),
    }
