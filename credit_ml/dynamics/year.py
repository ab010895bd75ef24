"""One year of one block of citizens: what falls due, what is recorded, who comes on a list."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Array, Mask, Streams
from credit_ml.dynamics.assumed.knobs import Life
from credit_ml.dynamics.policy import ListRule, Policy
from credit_ml.dynamics.state import YEARS_OF_BILLS, YEARS_OF_ORDERS, State
from credit_ml.society import World
from credit_ml.society.mechanisms.chance import logistic, poisson_count

#: Years that a listing without an end is believed to stand, where its cost is reckoned.
ENDLESS = 10.0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything that decides a year beside the state: world, way of life, policy and seed."""

    world: World
    life: Life
    policy: Policy
    seed: int

    @cached_property
    def falls(self) -> list[NDArray[np.bool_]]:
        """Of each list: whether a sanction falls on a grade, shape (sanctions, grades)."""
        found = []
        for rule in self.policy.lists:
            follows = self.policy.follows(rule)
            rows = [
                [joins and (not each.grades or grade.id in each.grades) for grade in rule.grades]
                for each, joins in zip(self.policy.sanctions, follows, strict=True)
            ]
            found.append(np.array(rows, dtype=bool).reshape(len(rows), len(rule.grades)))
        return found

    @cached_property
    def active(self) -> list[int]:
        """Numbers of the sanctions that fall on anybody."""
        falls = np.zeros(len(self.policy.sanctions), dtype=bool)
        for each in self.falls:
            falls |= each.any(axis=1)
        return [int(number) for number in np.flatnonzero(falls)]

    @cached_property
    def sizes(self) -> Array:
        """Size of every sanction."""
        return np.array([each.size for each in self.policy.sanctions], dtype=np.float64)

    def moving(self, *mechanisms: str) -> list[int]:
        """Numbers of the active sanctions that move something."""
        named = self.policy.sanctions
        return [number for number in self.active if named[number].moves in mechanisms]

    @cached_property
    def cost_of_order(self) -> float:
        """Share of a year's income that a court order is believed to cost, through lists."""
        by_orders = [n for n, rule in enumerate(self.policy.lists) if rule.by == "orders"]
        return sum((self.cost_of_listing(number) for number in by_orders), start=0.0)

    @cached_property
    def cost_to_family(self) -> float:
        """Share of a year's income that an order costs one's family, through its children (S9)."""
        if not (self.policy.family and self.life.care):
            return 0.0
        by_orders = [n for n, rule in enumerate(self.policy.lists) if rule.by == "orders"]
        return sum((self.cost_of_listing(n, "child_capacity") for n in by_orders), start=0.0)

    def cost_of_listing(self, number: int, *mechanisms: str) -> float:
        """Share of a year's income that a listing on one list is believed to cost.

        Through all sanctions, or through those that move some mechanisms.
        """
        rule, falls = self.policy.lists[number], self.falls[number]
        counted = self.policy.sanctions
        worths = [0.0 if mechanisms and s.moves not in mechanisms else s.worth for s in counted]
        worth = np.array(worths) @ falls
        years = [ENDLESS if each.years is None else each.years for each in rule.grades]
        return sum(
            (
                grade.share * year * each
                for grade, year, each in zip(rule.grades, years, worth, strict=True)
            ),
            start=0.0,
        )

    def uniform(self, mechanism: str, year: int, block: int, size: int) -> Array:
        """Return the chance of one mechanism in one year of one block: uniforms."""
        return Streams(self.seed).generator(f"rounds.{mechanism}.{year}", block).random(size)


def barred(rules: Rules, state: State, rows: slice, number: int) -> NDArray[np.float32]:
    """Share of the year in which a sanction falls on each citizen, whichever list it follows."""
    remaining, grade = state.remaining[:, rows], state.grade[:, rows]
    share = np.zeros(remaining.shape[1], dtype=np.float32)
    for each, falls in enumerate(rules.falls):
        if falls[number].any():
            standing = np.minimum(remaining[each], np.float32(1.0))
            np.maximum(share, np.where(falls[number][grade[each]], standing, 0), out=share)
    return share


def live_block(rules: Rules, state: State, block: int, rows: slice) -> None:
    """Move one block of citizens on by a year. Cost: linear in citizens, lists and sanctions."""
    before = np.minimum(state.remaining[:, rows], np.float32(1.0))
    _suffer(rules, state, rows)
    kept, chance = _fall_due(rules, state, block, rows)
    _write_bills(rules, state, block, rows, kept, chance)
    ordered = _order(rules, state, block, rows, kept)
    _count(state, rows, kept, ordered, before)
    state.remaining[:, rows] -= before
    _repair(rules, state, block, rows, kept)
    for number, rule in enumerate(rules.policy.lists):
        if rule.by == "orders":
            put_on_list(rules, state, number, block, rows, ordered)
        elif rule.by == "will":
            marked = rules.uniform(f"will.{rule.id}", state.year, block, len(kept))
            critics = state.fixed.critic[rows] & (marked < float(rule.critics or 0.0))
            put_on_list(rules, state, number, block, rows, critics)


def _suffer(rules: Rules, state: State, rows: slice) -> None:
    """Let this year's sanctions fall: capacity is lost while they last, and a scar is left."""
    loss = state.loss[rows]
    loss *= np.float32(rules.life.scar)
    if not rules.active or not (state.remaining[:, rows] > 0).any():
        return
    now = np.zeros_like(loss)
    number_of = np.zeros_like(loss)
    for number in rules.active:
        share = barred(rules, state, rows, number)
        number_of += share
        if rules.policy.sanctions[number].moves in ("capacity", "state_job"):
            now += np.float32(rules.sizes[number]) * share
    np.maximum(loss, now, out=loss)
    state.totals["restrictions"][rows] += number_of


def _fall_due(
    rules: Rules, state: State, block: int, rows: slice
) -> tuple[NDArray[np.int8], Array]:
    """Keep or break the year's obligation; return it and the chance of keeping."""
    fixed, world = state.fixed, rules.world
    moved, capacity = moved_latents(rules, state, rows)
    odds = fixed.log_odds[rows] + world.outcome.capacity * capacity
    odds -= world.outcome.shock * moved
    if state.answers is not None:
        odds += state.answers.odds[rows]
    cost: Any = believed_cost(rules, state)
    if rules.cost_to_family:
        theirs = believed_cost(rules, state, rules.life.care * rules.cost_to_family)
        cost = cost + theirs * fixed.family[rows]
    if np.any(cost):
        odds += rules.life.deterrence * cost * 2.0 * logistic(-fixed.trust[rows].astype(np.float64))
    chance = logistic(odds)
    kept = (rules.uniform("due", state.year, block, len(odds)) < chance).astype(np.int8)
    state.kept[1, rows], state.kept[0, rows] = state.kept[0, rows], kept
    return kept, chance


def moved_latents(rules: Rules, state: State, rows: slice) -> tuple[Array, Array]:
    """Change of each citizen's local shock, and of capacity, since the start."""
    district = state.fixed.district[rows]
    shock = state.shock[district] - state.fixed.shock[district]
    capacity = -rules.world.capacity.shock * shock - state.loss[rows]
    if state.inherited is not None:
        capacity += state.inherited[rows]
    return shock, capacity


def believed_cost(rules: Rules, state: State, cost: float | None = None) -> float:
    """Share of a year's income that breaking an obligation is believed to cost.

    The chance that a breach ends in an order, as it was so far in this history (in the first
    year: the world's), times what the listing costs: everything, or what is given.
    """
    cost = rules.cost_of_order if cost is None else cost
    if not (rules.life.deterrence and cost):
        return 0.0
    seen = state.order_after_breach
    return cost * (rules.life.order_chance if np.isnan(seen) else seen)


def _write_bills(
    rules: Rules, state: State, block: int, rows: slice, kept: NDArray[np.int8], chance: Array
) -> None:
    """Late bills of the year: those of the world's law in the mean, more where one broke."""
    history, fixed = rules.world.history, state.fixed
    moved, capacity = moved_latents(rules, state, rows)
    burden = fixed.burden[rows] - history.capacity * capacity + history.shock * moved
    rate = history.late_rate / YEARS_OF_BILLS * np.exp(burden)
    lift = rules.life.bills_after_breach
    if lift != 1.0:
        rate *= np.where(kept == 1, 1.0, lift) / (chance + (1.0 - chance) * lift)
    uniform = rules.uniform("bills", state.year, block, len(rate))
    state.late[state.year % YEARS_OF_BILLS, rows] = poisson_count(uniform, rate)


def _order(rules: Rules, state: State, block: int, rows: slice, kept: NDArray[np.int8]) -> Mask:
    """Let a court order follow some of the broken obligations."""
    drawn = rules.uniform("orders", state.year, block, len(kept)) < rules.life.order_chance
    ordered: Mask = drawn & (kept == 0)
    state.orders[state.year % YEARS_OF_ORDERS, rows] = ordered
    return ordered


def _repair(rules: Rules, state: State, block: int, rows: slice, kept: NDArray[np.int8]) -> None:
    if rules.policy.repair:
        drawn = rules.uniform("repair", state.year, block, len(kept)) < rules.policy.repair
        state.remaining[:, rows][:, drawn & (kept == 1)] = 0.0


def put_on_list(
    rules: Rules, state: State, number: int, block: int, rows: slice, who: Mask
) -> None:
    """Put people on a list: for the years of their grade, or what still stands if that is more."""
    places = np.flatnonzero(who)
    if not len(places):
        return
    rule: ListRule = rules.policy.lists[number]
    drawn = rules.uniform(f"grade.{rule.id}", state.year, block, len(who))[places]
    edges = np.cumsum([each.share for each in rule.grades])[:-1]
    grade = np.searchsorted(edges, drawn, side="right").astype(np.int8)
    years = [np.inf if each.years is None else each.years for each in rule.grades]
    places += rows.start
    standing = state.remaining[number, places]
    still = np.where(standing > 0, state.grade[number, places], 0)
    state.grade[number, places] = np.maximum(grade, still)
    state.remaining[number, places] = np.maximum(standing, np.array(years, np.float32)[grade])


def _count(
    state: State, rows: slice, kept: NDArray[np.int8], ordered: Mask, before: NDArray[np.float32]
) -> None:
    totals, on_list = state.totals, before.max(axis=0, initial=0.0)
    broken = kept == 0
    totals["broken"][rows] += broken
    totals["orders"][rows] += ordered
    totals["listed"][rows] += on_list
    totals["listed_years"][rows] += on_list > 0
    totals["broken_listed"][rows] += broken & (on_list > 0)
