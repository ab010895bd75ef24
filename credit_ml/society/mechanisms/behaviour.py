"""Behaviour and preference: play, hours online, purchases, travel, giving, posts (S12, S17)."""

import numpy as np

from credit_ml.society.arrays import Array, Arrays
from credit_ml.society.mechanisms.chance import poisson_count
from credit_ml.society.mechanisms.knobs import Knobs, knob
from credit_ml.society.mechanisms.population import Citizens, Dependence


class Behaviour(Knobs):
    """One latent of "responsible" habits, as a rater would read them: ``shift(A) + trust``."""

    trust: float = knob(
        0.15, "habits per SD of trust", (-5, 5), "assumed: habits say little of trust"
    )
    capacity: float = knob(0.25, "log purchases per SD of capacity", (-5, 5))
    gaming_hours: float = knob(
        0.8,
        "hours a day at the median",
        (0, 24),
        "52 % of adults in China play more than 6 hours a week, 26 % more than 10 (Statista 2021); "
        "here 47 and 24. S12 names ten hours a day as lazy",
    )
    online_hours: float = knob(
        3.0,
        "hours a day beside play, at the median",
        (0, 24),
        "near the 27 hours a week of the Internet Society of China 2018; with play it is 31 here",
    )
    posts: float = knob(0.1, "critical posts a year of one who is no critic", (0, 100))
    critic_posts: float = knob(
        3.0, "rise of log posts of a critic", (0, 8), "assumed; 0 hides who is a critic (S17)"
    )
    dependence: Dependence = Dependence(gender=0.4, age=0.3)
    """Of the latent of habits: women and the old play less; assumed."""


def habits_latent(spec: Behaviour, people: Citizens, trust: Array) -> Array:
    """Habits of every citizen, as a rater would read them."""
    return people.shift(spec.dependence) + spec.trust * trust


def behaviour_records(
    spec: Behaviour, people: Citizens, uniform: Array, noise: Array, habits: Array, purse: Array
) -> Arrays:
    """Hours, purchases, travel, gifts and posts; diapers are what parents would buy.

    Parameters
    ----------
    uniform : ndarray of shape (5, citizens)
        Chance of the counts: diapers, books, trips, gifts, posts.
    noise : ndarray of shape (4, citizens)
        Standard normal: play, volunteering, hours online, money for games.
    purse : ndarray
        Log of what one can spend, against the mean.
    """
    play = spec.gaming_hours * np.exp(-0.4 * habits + 0.8 * noise[0])
    gaming = np.minimum(play, 16.0)
    online = spec.online_hours * np.exp(-0.1 * habits + 0.5 * noise[2])
    return {
        "gaming_hours": gaming,
        "online_hours": np.minimum(online, 24.0 - gaming),
        "game_spending": 20.0 * gaming * np.exp(purse + 0.8 * noise[3]),
        "diapers": poisson_count(uniform[0], 3.0 * np.exp(0.3 * habits)),
        "books": poisson_count(uniform[1], 0.8 * np.exp(purse + 0.3 * habits)),
        "trips": poisson_count(uniform[2], 3.0 * np.exp(1.2 * purse)),
        "gifts": poisson_count(uniform[3], 0.8 * np.exp(purse + 0.5 * habits)),
        "volunteer_hours": np.exp(np.log(5.0) + 0.6 * habits + 0.9 * noise[1]),
        "critical_posts": poisson_count(
            uniform[4], spec.posts * np.exp(spec.critic_posts * people["critic"])
        ),
    }
