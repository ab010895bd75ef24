"""What each person pays for each action, and which actions are open to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from credit_ml.core import InputError, MenuError
from credit_ml.core.tables.arrays import Array, Mask, Rows, Whole

if TYPE_CHECKING:
    from credit_ml.response.menu import Action


#: Bits of a mask: with more actions a bundle would not fit into one number.
MOST_BITS = 62


@dataclass(frozen=True, kw_only=True, eq=False)
class Economy:
    """Costs of actions to people: ``(price / yearly income + effort) * cost_multiplier``, summed.

    A bundle is a mask: bit a is set when action a is in it.

    Raises
    ------
    InputError
        When shapes do not fit, a cost is below zero, or an income is not above zero.

    Examples
    --------
    >>> economy = Economy(prices=np.array([1.0]), efforts=np.array([0.01]),
    ...                   yearly_income=np.array([20.0, 50.0]))
    >>> economy.cost(np.array([1, 1])).tolist()
    [0.060000000000000005, 0.03]
    """

    prices: Array
    """Of each action, in the unit of incomes; shape (actions,)."""
    efforts: Array
    """Of each action, in shares of own yearly income; shape (actions,)."""
    yearly_income: Array
    """Shape (people,)."""
    open_to: Mask | None = None
    """Who may take which action, shape (people, actions); everybody all by default."""
    budget: ArrayLike | None = None
    """Most that a person can spend, in shares of own yearly income; one number or one each."""
    most: int | None = None
    """Most actions of a bundle; any number by default."""
    cost_multiplier: Array | None = None
    """What everything costs each person times the menu's costs, shape (people,); 1 by default."""
    one_of: tuple[int, ...] = ()
    """Masks of actions of which a bundle holds one at most."""

    def __post_init__(self) -> None:
        actions, people = len(self.prices), len(self.yearly_income)
        shapes: dict[str, list[tuple[int, ...]]] = {
            "efforts": [(actions,)],
            "open_to": [(people, actions)],
            "budget": [(people,), ()],
            "cost_multiplier": [(people,)],
        }
        for name, allowed in shapes.items():
            given = getattr(self, name)
            if given is not None and np.shape(given) not in allowed:
                problem = f"has shape {np.shape(given)}"
                raise InputError(f"economy, {name}", problem, f"give {allowed[0]}")
        several = f"are {actions}"
        InputError.unless(actions <= MOST_BITS, "prices", several, f"keep to {MOST_BITS}")
        for name in ("prices", "efforts"):
            if not (getattr(self, name) >= 0).all():
                raise InputError(f"economy, {name}", "is below zero somewhere", "give at least 0")
        for name in ("yearly_income", "multipliers"):
            if not (getattr(self, name) > 0).all():
                raise InputError(f"economy, {name}", "is not above zero", "give numbers above 0")
        MenuError.unless_at_least(0, "bundle", self.most)

    @classmethod
    def of(cls, actions: "Sequence[Action]", yearly_income: ArrayLike, **limits: Any) -> "Economy":
        """Read prices, and efforts with the risk of being found out, off a menu's actions.

        `limits` are the other fields: open_to, budget, most, cost_multiplier.
        """
        prices = np.array([action.price for action in actions], dtype=np.float64)
        efforts = np.array([action.effort + action.risk for action in actions], dtype=np.float64)
        income = np.asarray(yearly_income, dtype=np.float64)
        limits.setdefault("one_of", _alternatives(actions))
        return cls(prices=prices, efforts=efforts, yearly_income=income, **limits)

    @property
    def actions(self) -> int:
        """Number of actions."""
        return len(self.prices)

    @property
    def largest(self) -> int:
        """Most actions that a bundle can have."""
        return self.actions if self.most is None else min(self.most, self.actions)

    @property
    def spendable(self) -> Array:
        """Most that each person can spend; infinite without a budget."""
        budget = np.inf if self.budget is None else self.budget
        return np.broadcast_to(np.asarray(budget, np.float64), self.yearly_income.shape).copy()

    @property
    def multipliers(self) -> Array:
        """What everything costs each person times the menu's costs."""
        times = self.cost_multiplier
        return np.ones(len(self.yearly_income)) if times is None else times

    @property
    def closed(self) -> Whole:
        """Mask of the actions that each person may not take."""
        if self.open_to is None:
            return np.zeros(len(self.yearly_income), dtype=np.int64)
        closed: Whole = (~self.open_to) @ (1 << np.arange(self.actions, dtype=np.int64))
        return closed

    @property
    def single_costs(self) -> Array:
        """Cost of each single action, shape (people, actions); inf where it is not open."""
        costs = self.prices / self.yearly_income[:, None] + self.efforts
        costs *= self.multipliers[:, None]
        return costs if self.open_to is None else np.where(self.open_to, costs, np.inf)

    def cost(self, masks: Whole, rows: Rows | slice = slice(None)) -> Array:
        """Cost of one bundle a person, in shares of own yearly income."""
        price, effort = _summed(masks, self.prices), _summed(masks, self.efforts)
        # In the kernels' order, so that costs agree to the last bit.
        cost: Array = (price / self.yearly_income[rows] + effort) * self.multipliers[rows]
        return cost

    def take(self, rows: Rows) -> "Economy":
        """Return the economy of some of the people, by position."""
        names = ("yearly_income", "open_to", "budget", "cost_multiplier")
        each = {name: getattr(self, name) for name in names}
        own: dict[str, Any] = {
            name: np.asarray(value)[rows] for name, value in each.items() if np.ndim(value)
        }
        return replace(self, **own)


def _alternatives(actions: "Sequence[Action]") -> tuple[int, ...]:
    """Masks of actions that share a name under `one_of`."""
    groups: dict[str, int] = {}
    for number, action in enumerate(actions):
        if action.one_of:
            groups[action.one_of] = groups.get(action.one_of, 0) | (1 << number)
    return tuple(groups.values())


@njit(cache=True, nogil=True)
def clashes(mask, one_of):  # type: ignore[no-untyped-def]
    """Whether a bundle holds two actions of which one at most is done."""
    for group in one_of:
        both = mask & group
        if both & (both - 1):
            return True
    return False


@njit(cache=True, nogil=True)
def _summed(masks, values):  # type: ignore[no-untyped-def]
    """Sum values over each mask in the order of the menu, as `Bundle.cost` does."""
    total = np.zeros(len(masks))
    for i in range(len(masks)):
        for a in range(len(values)):
            if (masks[i] >> a) & 1:
                total[i] += values[a]
    return total


def bundle_costs(economy: Economy) -> tuple[Array, Array, Whole]:
    """Price, effort and size of every bundle, shapes (2**actions,).

    A bundle that nobody can do, for it holds two alternatives, is larger than all others, by an
    even number: whether a size is odd is a sign elsewhere.
    """
    masks = np.arange(1 << economy.actions, dtype=np.int64)
    size = _summed(masks, np.ones(economy.actions)).astype(np.int64)
    for group in economy.one_of:
        both = masks & group
        size[(both & (both - 1)) != 0] += 2 * MOST_BITS
    return _summed(masks, economy.prices), _summed(masks, economy.efforts), size
