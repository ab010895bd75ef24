"""Exact best responses: of all sets of actions, the one that each person believes to pay most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import pandas as pd

from credit_ml.core import InputError
from credit_ml.core.tables.arrays import Array, Mask, Whole
from credit_ml.response.best_response.additive import BundleSums, Group, summed_best
from credit_ml.response.best_response.enumerate import Stakes
from credit_ml.response.best_response.model_query import MOST_TOGETHER, Method, ModelQuery
from credit_ml.response.economy import Economy
from credit_ml.response.objective import Objective, raw_thresholds

if TYPE_CHECKING:
    from credit_ml.response.aim import Aim
    from credit_ml.response.menu import Action


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """What each person does, and what they believe it brings.

    Examples
    --------
    >>> from credit_ml.response import Aim, default_menu
    >>> actions, people = default_menu().actions[:1], pd.DataFrame({"diapers": [0, 9]})
    >>> economy = Economy.of(actions, [40.0, 40.0])
    >>> aims = [Aim(id="car", name="car", threshold=10, value=0.05)]
    >>> choice = exact_choice(lambda X: X["diapers"], people, actions, economy, aims)
    >>> choice.masks.tolist(), choice.costs.round(4).tolist()
    ([0, 1], [0.0, 0.0225])
    """

    masks: Whole
    """Bundle of each person: bit a is set when they do action a."""
    costs: Array
    """Shares of own yearly income."""
    believed: Array
    """Score believed under the bundle."""
    gain: Array
    """Believed worth minus cost, minus the worth of doing nothing."""
    gap: Array
    """Certified: no bundle is better by more than this; 0 where the choice is exact."""
    method: Method
    """How it was found; every method gives the same choice."""

    def where(self, who: Mask, other: "Choice") -> Self:
        """Return this choice for some, and another for the rest."""
        own = {name: value for name, value in vars(self).items() if name != "method"}
        each: Any = {k: np.where(who, value, getattr(other, k, 0.0)) for k, value in own.items()}
        return replace(self, **each)


class Cheapest(NamedTuple):
    """The least that each person must spend to pass a threshold."""

    masks: Whole
    """Bundle of each person; 0 for who passes already and for who was not brought there."""
    costs: Array
    """Shares of own yearly income; 0 for who passes already, NaN for who was not brought there."""
    reachable: Mask
    """Whether the bundle passes."""
    scores: Array
    """Under the bundle."""
    proven: Mask
    """Whether no cheaper bundle passes; of who is not brought there, whether none does."""
    method: Method


def additive_choice(
    start: Array, gains: Sequence[Group], economy: Economy, objective: "Objective | Sequence[Aim]"
) -> Choice:
    """Best bundles where groups of actions add to a believed score: ``start + sum of gains``.

    ``argmax_b sum_p value_p [s_b >= threshold_p + margin] - cost_b``, of equals (to 1e-12) the
    cheaper bundle, then the smaller mask; doing nothing is judged without the margin. With a
    temperature T, ``T * Gumbel`` is added to every bundle's gain (logit choice), drawn from the
    seed, the person's row and the bundle alone. With a spread, a privilege counts
    ``Phi((s - threshold - margin) / spread)``. A gain of 0 means doing nothing, without noise.

    Cost: one addition for each person and bundle that can pay, at most 2**actions.

    Parameters
    ----------
    start : ndarray of shape (people,)
        Score believed now.
    gains : sequence of (actions, ndarray of shape (people, 2**size))
        For each group, its action numbers, and what each of its subsets adds; bit p of a
        subset is the group's p-th action.
    economy : Economy
    objective : Objective or sequence of Aim
        What a score is worth: aims alone, or with a margin, noise or doubt.

    Raises
    ------
    InputError
        When the menu has more than 16 actions, or shapes do not fit.

    Examples
    --------
    >>> from credit_ml.response.aim import Aim
    >>> economy = Economy(prices=np.array([1.0, 3.0]), efforts=np.zeros(2),
    ...                   yearly_income=np.array([50.0, 500.0]))
    >>> moves = [((0,), np.array([[0.0, 10.0]] * 2)), ((1,), np.array([[0.0, 60.0]] * 2))]
    >>> aims = [Aim(id="car", name="car", threshold=650, value=0.01)]
    >>> additive_choice(np.array([600.0, 600.0]), moves, economy, aims).masks.tolist()
    [0, 2]
    """
    objective = _checked(objective, economy, len(start))
    thresholds, _ = raw_thresholds(objective, None)
    stakes = Stakes.of(economy, objective, objective.worth(start), (thresholds, thresholds))
    masks, found, _ = summed_best(
        np.asarray(start, np.float64), BundleSums(economy.actions, gains), stakes
    )
    believed = np.where(masks == 0, start, found)
    return _choice(objective, economy, start, (masks, believed), np.zeros(len(start)), "sums")


def exact_choice(
    model: Any,
    X: pd.DataFrame,
    actions: "Sequence[Action]",
    economy: Economy,
    objective: "Objective | Sequence[Aim]",
    *,
    evaluations: int | None = None,
    method: Method | None = None,
) -> Choice:
    """Best bundles of everybody who knows a model, over all sets of a menu's actions.

    The choice of `additive_choice`, under the model's own scores. Additive models (scorecards,
    rules, linear) take "sums": what groups of actions add is computed once. Tree ensembles take
    "trees": one walk of each tree a person for all bundles. Any other model, or a menu of more
    than 16 actions, takes "search": the model is asked for the bundles that can still pay,
    those that may pay most first. Whoever comes so near a threshold that rounding might decide
    is handed to the search, so that each decision is that of the model's own score.

    Cost: sums, one addition a person and bundle that can pay; trees, the leaves that a person's
    bundles can reach; search, the model's on at worst people x 2**actions rows
    (benchmarks/results/best_responses.md).

    Parameters
    ----------
    model : rater, scikit-learn model, ScoreFunction or callable
        Asked for its score.
    X : DataFrame
        The people as they are.
    actions : sequence of Action
        In the order in which their changes follow one another.
    economy : Economy
        Of the same people and actions; `Economy.of` reads it off the actions.
    objective : Objective or sequence of Aim
        As in `additive_choice`.
    evaluations : int, optional
        Most model rows a person in a search, which then may stop with a certified gap above 0.
    method : {"sums", "trees", "search"}, optional
        By default the first that the model allows.

    Raises
    ------
    InputError
        When shapes do not fit.
    ModelError
        When the method asked for does not fit the model.
    MenuError
        When there is noise and more than 16 actions.

    Examples
    --------
    >>> from credit_ml.response import default_menu
    >>> from credit_ml.response.aim import Aim
    >>> actions = default_menu().actions[:1]
    >>> people = pd.DataFrame({"diapers": [0, 9]})
    >>> economy = Economy.of(actions, [40.0, 40.0])
    >>> aims = [Aim(id="car", name="car", threshold=10, value=0.05)]
    >>> exact_choice(lambda X: X["diapers"], people, actions, economy, aims).masks.tolist()
    [0, 1]
    """
    objective = _checked(objective, economy, len(X), actions)
    query = ModelQuery(model, X, actions, economy, objective, evaluations)
    masks, gap, used = query.solve(method)
    return _choice(objective, economy, query.now, (masks, query.under(masks)), gap, used)


def cheapest(
    model: Any,
    X: pd.DataFrame,
    actions: "Sequence[Action]",
    economy: Economy,
    threshold: float,
    *,
    evaluations: int | None = None,
    method: Method | None = None,
) -> Cheapest:
    """Find the least cost at which each person reaches a threshold, and with which actions.

    ``min_b cost_b`` over bundles with ``score_b >= threshold``; of equals (to 1e-12) the smaller
    mask. The methods are those of `exact_choice`. A cost of 0 means to pass already.

    Parameters
    ----------
    model, X, actions, economy, evaluations, method
        As in `exact_choice`.
    threshold : float
        In the unit of the score.

    Examples
    --------
    >>> from credit_ml.response import default_menu
    >>> people = pd.DataFrame({"diapers": [0, 9, 12]})
    >>> economy = Economy.of(default_menu().actions[:1], [45.0, 45.0, 45.0])
    >>> found = cheapest(lambda X: X["diapers"], people, default_menu().actions[:1], economy, 12)
    >>> found.costs.tolist()
    [nan, 0.02, 0.0]
    """
    objective = _checked(Objective.reaching(threshold), economy, len(X), actions)
    query = ModelQuery(model, X, actions, economy, objective, evaluations)
    masks, gap, used = query.solve(method)
    scores = query.under(masks)
    reachable = scores >= threshold
    costs = np.where(reachable, economy.cost(masks), np.nan)
    return Cheapest(masks, costs, reachable, scores, gap == 0, used)


def _choice(
    objective: Objective,
    economy: Economy,
    now: Array,
    found: tuple[Whole, Array],
    gap: Array,
    method: Method,
) -> Choice:
    masks, believed = found
    costs, worth = economy.cost(masks), objective.worth(now)
    then = np.where(masks == 0, worth, objective.worth(believed, margin=objective.margin))
    gain = then - costs - worth
    return Choice(masks=masks, costs=costs, believed=believed, gain=gain, gap=gap, method=method)


def _checked(
    objective: "Objective | Sequence[Aim]",
    economy: Economy,
    people: int,
    actions: "Sequence[Action] | None" = None,
) -> Objective:
    if len(economy.yearly_income) != people:
        problem = f"has {len(economy.yearly_income)} incomes for {people} people"
        raise InputError("economy", problem, "give the same people")
    if actions is not None and len(actions) != economy.actions:
        problem = f"has {economy.actions} prices for {len(actions)} actions"
        raise InputError("economy", problem, "use Economy.of with the same actions")
    if actions is None and economy.actions > MOST_TOGETHER:
        problem = f"has {economy.actions} actions"
        raise InputError("economy", problem, f"keep to {MOST_TOGETHER}, or ask the model by search")
    made = objective if isinstance(objective, Objective) else Objective.of(objective)
    if made.spread is not None and made.spread.shape not in ((), (people,)):
        problem = f"has shape {made.spread.shape}"
        raise InputError("spread", problem, f"give one number, or {people}")
    return made
