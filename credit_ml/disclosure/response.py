"""Best responses: the bundle of actions that each person believes to pay most."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import MenuError
from credit_ml.disclosure.actions import Action, Bundle
from credit_ml.disclosure.regimes import Regime, Told
from credit_ml.scoring import ScoreFunction

Array = NDArray[np.float64]

#: More bundles than this would take too long to score for everybody.
MOST_BUNDLES = 500


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Something granted from a threshold on, and what people would give for it."""

    id: str
    name: str
    threshold: float
    """In the unit of the score."""
    value: float
    """Share of own yearly income."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Everything that people could do: bundles, what each costs, and the scores it gives."""

    bundles: tuple[Bundle, ...]
    """The first is to do nothing."""
    costs: Array
    """Shares of own yearly income, shape (bundles, people)."""
    scores: Array
    """Scores that the rater would give, shape (bundles, people)."""


def bundles_of(actions: Sequence[Action], *, most: int) -> tuple[Bundle, ...]:
    """Return doing nothing, then every set of up to `most` actions.

    Raises
    ------
    MenuError
        When there would be more than 500, or `most` is below zero.
    """
    if most < 0:
        raise MenuError("bundle", f"is {most}", "give at least 0")
    number = sum(math.comb(len(actions), size) for size in range(most + 1))
    if number > MOST_BUNDLES:
        raise MenuError(
            "menu", f"makes {number} bundles of up to {most} actions",
            f"keep to {MOST_BUNDLES}: fewer actions, or smaller bundles",
        )  # fmt: skip
    return tuple(
        Bundle(chosen)
        for size in range(most + 1)
        for chosen in itertools.combinations(actions, size)
    )


def options(
    score: ScoreFunction, X: pd.DataFrame, bundles: Sequence[Bundle], yearly_income: Array
) -> Options:
    """Score every bundle for everybody. Cost: one model call on all people a bundle."""
    return Options(
        bundles=tuple(bundles),
        costs=np.array([bundle.cost(yearly_income) for bundle in bundles]),
        scores=np.array([score(bundle.apply(X)) for bundle in bundles]),
    )


def worth(scores: Array, aims: Sequence[Aim], *, margin: float = 0.0) -> Array:
    """Value of everything granted at some scores: ``sum_p value_p [score >= threshold_p]``."""
    total = np.zeros(scores.shape)
    for aim in aims:
        total += aim.value * (scores >= aim.threshold + margin)
    return total


def best_response(
    regime: Regime, told: Told, open_to: Options, aims: Sequence[Aim], *, margin: float = 0.0
) -> NDArray[np.intp]:
    """Return the bundle that each person believes to pay most; of equals the cheapest.

    ``argmax_b worth(believed score under b) - cost of b``: exact, by enumeration. Doing
    nothing is judged without the margin, for what one has is certain.

    Cost: bundles x people, and the regime's belief.

    Raises
    ------
    MenuError
        When a regime does not believe one score a person.
    """
    best = worth(told.scores, aims)
    chosen = np.zeros(len(told.scores), dtype=np.intp)
    paid = np.zeros(len(told.scores))
    for number, bundle in enumerate(open_to.bundles[1:], start=1):
        believed = np.asarray(regime.believed(told, bundle, open_to.scores[number]))
        if believed.shape != told.scores.shape:
            shape = f"believes values of shape {believed.shape}"
            raise MenuError(f"regime '{regime.id}'", shape, f"give {told.scores.shape}")
        cost = open_to.costs[number]
        gain = worth(believed, aims, margin=margin) - cost
        better = (gain > best + 1e-12) | ((gain >= best - 1e-12) & (cost < paid))
        best, paid = np.where(better, gain, best), np.where(better, cost, paid)
        chosen[better] = number
    return chosen
