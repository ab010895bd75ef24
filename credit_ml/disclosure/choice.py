"""Exact best responses: of all sets of actions, the one that each person believes to pay most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from credit_ml.core import InputError, ModelError, refuse_unknown
from credit_ml.disclosure.best_first import searched_best
from credit_ml.disclosure.economy import Economy
from credit_ml.disclosure.pick import Stakes
from credit_ml.disclosure.sums import Group, Sums, gains_of, summed_best
from credit_ml.disclosure.terms import Link, Terms, raw_lines
from credit_ml.disclosure.together import moved
from credit_ml.disclosure.trees import Settings, walked_best
from credit_ml.explanation.forest import Forest, forest_of
from credit_ml.scoring import ScoreFunction, score_function

if TYPE_CHECKING:
    from credit_ml.disclosure.actions import Action
    from credit_ml.disclosure.aims import Aim

Array = NDArray[np.float64]
Method = Literal["sums", "trees", "search"]

#: With more actions the tables of all bundles, 65,536 numbers a person, leave the nearest memory.
MOST_TOGETHER = 16
#: People whose tables are made at a time.
PEOPLE = 100_000
#: Largest miss between a fast score and the model's own, above which the model is asked instead.
MISS = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """What each person does, and what they believe it brings."""

    masks: NDArray[np.int64]
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


class Cheapest(NamedTuple):
    """The least that each person must spend to pass a threshold."""

    masks: NDArray[np.int64]
    """Bundle of each person; 0 for who passes already and for who was not brought there."""
    costs: Array
    """Shares of own yearly income; 0 for who passes already, NaN for who was not brought there."""
    reachable: NDArray[np.bool_]
    """Whether the bundle passes."""
    scores: Array
    """Under the bundle."""
    proven: NDArray[np.bool_]
    """Whether no cheaper bundle passes; of who is not brought there, whether none does."""
    method: Method


def additive_choice(
    start: Array,
    gains: Sequence[Group],
    economy: Economy,
    aims: "Sequence[Aim]",
    *,
    margin: float = 0.0,
    temperature: float = 0.0,
    seed: int = 0,
    spread: ArrayLike | None = None,
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
    aims : sequence of Aim
        Thresholds in the unit of the score, values in shares of own yearly income.
    margin : float
        How far beyond a threshold people want to be.
    temperature, seed
        Noise of the choice.
    spread : array_like, optional
        Standard deviation of the belief, one number or one a person.

    Raises
    ------
    InputError
        When the menu has more than 16 actions, or shapes do not fit.

    Examples
    --------
    >>> from credit_ml.disclosure.aims import Aim
    >>> economy = Economy(prices=np.array([1.0, 3.0]), efforts=np.zeros(2),
    ...                   yearly_income=np.array([50.0, 500.0]))
    >>> moves = [((0,), np.array([[0.0, 10.0]] * 2)), ((1,), np.array([[0.0, 60.0]] * 2))]
    >>> aims = [Aim(id="car", name="car", threshold=650, value=0.01)]
    >>> additive_choice(np.array([600.0, 600.0]), moves, economy, aims).masks.tolist()
    [0, 2]
    """
    _check_size(economy, len(start))
    terms = Terms.of(aims, people=len(start), margin=margin, temperature=temperature, seed=seed,
                     spread=spread)  # fmt: skip
    lines, _ = raw_lines(terms, None)
    stakes = Stakes.of(economy, terms, terms.worth(start), lines, lines)
    masks, found, _ = summed_best(
        np.asarray(start, np.float64), Sums(economy.actions, gains), stakes
    )
    believed = np.where(masks == 0, start, found)
    return _choice(terms, economy, start, masks, believed, np.zeros(len(start)), "sums")


def exact_choice(
    model: Any,
    X: pd.DataFrame,
    actions: "Sequence[Action]",
    economy: Economy,
    aims: "Sequence[Aim]",
    *,
    margin: float = 0.0,
    temperature: float = 0.0,
    seed: int = 0,
    spread: ArrayLike | None = None,
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
    aims : sequence of Aim
    margin, temperature, seed, spread
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
    >>> from credit_ml.disclosure import default_menu
    >>> from credit_ml.disclosure.aims import Aim
    >>> actions = default_menu().actions[:1]
    >>> people = pd.DataFrame({"diapers": [0, 9]})
    >>> economy = Economy.of(actions, [40.0, 40.0])
    >>> aims = [Aim(id="car", name="car", threshold=10, value=0.05)]
    >>> exact_choice(lambda X: X["diapers"], people, actions, economy, aims).masks.tolist()
    [0, 1]
    """
    _check_size(economy, len(X), actions)
    terms = Terms.of(aims, people=len(X), margin=margin, temperature=temperature, seed=seed,
                     spread=spread)  # fmt: skip
    asked = _Asked(model, X, actions, economy, terms, evaluations)
    masks, gap, used = asked.solve(method)
    believed = asked.under(masks)
    return _choice(terms, economy, asked.now, masks, believed, gap, used)


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
    >>> from credit_ml.disclosure import default_menu
    >>> people = pd.DataFrame({"diapers": [0, 9, 12]})
    >>> economy = Economy.of(default_menu().actions[:1], [45.0, 45.0, 45.0])
    >>> found = cheapest(lambda X: X["diapers"], people, default_menu().actions[:1], economy, 12)
    >>> found.costs.tolist()
    [nan, 0.02, 0.0]
    """
    _check_size(economy, len(X), actions)
    terms = Terms.line(threshold)
    asked = _Asked(model, X, actions, economy, terms, evaluations)
    masks, gap, used = asked.solve(method)
    scores = asked.under(masks)
    reachable = scores >= threshold
    costs = np.where(reachable, economy.cost(masks), np.nan)
    return Cheapest(masks, costs, reachable, scores, gap == 0, used)


class _Asked:
    """A model, and people who may act on its score."""

    def __init__(
        self, model: Any, X: pd.DataFrame, actions: "Sequence[Action]", economy: Economy,
        terms: Terms, evaluations: int | None,
    ) -> None:  # fmt: skip
        self.model, self.X, self.actions = model, X, actions
        self.economy, self.terms, self.evaluations = economy, terms, evaluations
        self.score: ScoreFunction = score_function(model)
        self.now = self.score(X)
        self.worth = terms.worth(self.now)

    def under(self, masks: NDArray[np.int64]) -> Array:
        """Model's own score of everybody under their bundle."""
        scores, who = self.now.copy(), np.flatnonzero(masks)
        if len(who):
            scores[who] = self.score(moved(self.X.iloc[who], self.actions, masks[who]))
        return scores

    def solve(self, method: Method | None) -> tuple[NDArray[np.int64], Array, Method]:
        """Return the best bundle of each person, its certified gap and the method."""
        if method not in (None, "sums", "trees", "search"):
            refuse_unknown(InputError, "method", str(method), ("sums", "trees", "search"))
        if method == "trees" and self._forest() is None:
            raise ModelError(self.score.name, "has no trees to walk", "use method='search'")
        masks, gap = np.zeros(len(self.X), dtype=np.int64), np.zeros(len(self.X))
        able = self._able()
        used: Method = method or self._fitting()
        for start in range(0, len(able), PEOPLE):
            rows = able[start : start + PEOPLE]
            unsure = rows if used == "search" else self._fast(rows, used, masks)
            if len(unsure):
                masks[unsure], gap[unsure] = self._searched(unsure)
        return masks, gap, used

    def _able(self) -> NDArray[np.intp]:
        """Rows of those whom some action could pay."""
        if self.terms.temperature > 0:
            return np.arange(len(self.X))
        economy = self.economy
        if not economy.actions:
            return np.arange(0)
        least = np.full(len(self.X), np.inf)
        for number in range(economy.actions):
            cost = economy.prices[number] / economy.yearly_income + economy.efforts[number]
            cost = cost * economy.factors
            if economy.open_to is not None:
                cost = np.where(economy.open_to[:, number], cost, np.inf)
            least = np.minimum(least, cost)
        able: NDArray[np.intp] = np.flatnonzero(least <= self.terms.top - self.worth)
        return able

    def _fitting(self) -> Method:
        if self.economy.actions > MOST_TOGETHER:
            return "search"
        if self._forest() is not None:
            return "trees"
        try:
            self._summed(self.X.iloc[:1])
        except ModelError:
            return "search"
        return "sums"

    def _forest(self) -> Forest | None:
        return None if self.score.inner is None else forest_of(self.score.inner.model)

    def _searched(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64], Array]:
        found = searched_best(
            self.score, self.X.iloc[rows], self.actions, self.economy.take(rows),
            self.terms.take(rows), self.worth[rows], evaluations=self.evaluations, person=rows,
        )  # fmt: skip
        return found.masks, found.gap

    def _fast(
        self, rows: NDArray[np.intp], method: Method, masks: NDArray[np.int64]
    ) -> NDArray[np.intp]:
        """Fill in best bundles; return rows on which the model itself must be asked."""
        _check_size(self.economy, len(self.X))
        X = self.X.iloc[rows]
        link, best = self._walker(X) if method == "trees" else self._adder(X)
        terms = self.terms.take(rows)
        # Judged with a spread, every bundle's score itself is needed, not what line it passes.
        smooth = terms.spread is not None
        low, high = raw_lines(terms, None if smooth else link)
        stakes = Stakes.of(self.economy.take(rows), terms, self.worth[rows], low, high, rows)
        found, raw, near = best(stakes, link if smooth else None)
        masks[rows] = found
        moving = np.flatnonzero(found)
        if len(moving):
            own = self.score(moved(X.iloc[moving], self.actions, found[moving]))
            fast = raw[moving] if smooth else link(raw[moving])
            near[moving] |= ~(np.abs(own - fast) <= MISS * np.maximum(1.0, np.abs(own)))
        unsure: NDArray[np.intp] = rows[near]
        return unsure

    def _walker(self, X: pd.DataFrame) -> tuple[Link, Any]:
        forest, inner = self._forest(), self.score.inner
        assert forest is not None  # solve has refused already
        assert inner is not None
        settings = Settings(forest, inner, inner.seen(X), self.actions)
        return inner.link, lambda stakes, link: walked_best(forest, settings, stakes, link)

    def _adder(self, X: pd.DataFrame) -> tuple[Link, Any]:
        start, gains, link = self._summed(X)
        sums = Sums(self.economy.actions, gains)
        return link, lambda stakes, link: summed_best(start, sums, stakes, link)

    def _summed(self, X: pd.DataFrame) -> tuple[Array, list[Group], Link]:
        """Raw sums now, what groups of actions add to them, and the link to the score."""
        inner = self.score.inner
        if inner is None:
            return self.score(X), gains_of(self.model, X, self.actions, "score"), _same
        seen = inner.seen(X)
        gains = gains_of(inner.model, seen, self.actions, "log_odds")
        return inner.model.decision_function(seen), gains, inner.link


def _same(raw: Array) -> Array:
    return raw


def _choice(
    terms: Terms, economy: Economy, now: Array, masks: NDArray[np.int64], believed: Array,
    gap: Array, method: Method,
) -> Choice:  # fmt: skip
    costs = economy.cost(masks)
    worth = terms.worth(now)
    then = np.where(masks == 0, worth, terms.worth(believed, margin=terms.margin))
    return Choice(masks=masks, costs=costs, believed=believed, gain=then - costs - worth, gap=gap,
                  method=method)  # fmt: skip


def _check_size(economy: Economy, people: int, actions: "Sequence[Action] | None" = None) -> None:
    if len(economy.yearly_income) != people:
        problem = f"has {len(economy.yearly_income)} incomes for {people} people"
        raise InputError("economy", problem, "give the same people")
    if actions is not None and len(actions) != economy.actions:
        problem = f"has {economy.actions} prices for {len(actions)} actions"
        raise InputError("economy", problem, "use Economy.of with the same actions")
    if actions is None and economy.actions > MOST_TOGETHER:
        problem = f"has {economy.actions} actions"
        raise InputError("economy", problem, f"keep to {MOST_TOGETHER}, or ask the model by search")
