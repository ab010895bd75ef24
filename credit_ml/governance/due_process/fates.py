"""What becomes of each error: whether it harms, is noticed, contested and mended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from credit_ml.agencies import Rater
from credit_ml.core import Array, Mask, Streams
from credit_ml.governance.due_process.contest import Contest
from credit_ml.governance.due_process.entries import (
    KINDS,
    RIGHT_ORDERS,
    Entries,
    planted,
    right_orders,
)
from credit_ml.governance.due_process.noticing import Noticing, Told, moved
from credit_ml.governance.due_process.options import DueProcessOptions
from credit_ml.response.aim import worth_of
from credit_ml.society import Society


@dataclass(frozen=True, kw_only=True, eq=False)
class Fate:
    """What became of entries of one kind; one truth value a person."""

    entries: Entries
    harmful: Mask
    noticed: Mask
    contested: Mask
    mended: Mask
    points: Array
    """What each entry costs, 0 where there is none."""
    gain: Array
    """What each would be worth mended, shares of a year's income a year."""
    refused: Mask
    """Who is refused something by the score, or put on a list, for the entry alone."""

    @property
    def there(self) -> Mask:
        """Whose entries they are."""
        found: Mask = np.zeros(len(self.gain), dtype=bool)
        found[self.entries.rows] = True
        return found

    def lost(self, contest: Contest) -> Array:
        """What is forgone while errors stand, shares of a year's income."""
        return self.gain * np.where(self.mended, contest.delay, contest.lasts)


@dataclass(frozen=True, kw_only=True, eq=False)
class Files:
    """One society's records with the errors in them, before anybody is told anything."""

    noticing: Noticing
    entries: tuple[Entries, ...]
    options: DueProcessOptions
    seed: int
    """Of this society's own luck."""

    @classmethod
    def of(
        cls, rater: Rater, society: Society, options: DueProcessOptions, *, seed: int
    ) -> "Files":
        """Plant the errors of one society."""
        dataset = rater.agency.view(society)
        own = Streams(seed).seed_for(f"due_process.{society.world.seed}")
        asked: dict[str, Any] = {name: getattr(options, name) for name in ("rates", "times")}
        return cls(
            noticing=Noticing(rater, dataset, society, options.alarm, seed),
            entries=tuple(planted(dataset, **asked, streams=options.streams, seed=own)),
            options=options,
            seed=own,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Kinds of which the rater reads nothing."""
        there = {each.kind for each in self.entries}
        left = [KINDS[name]["name"] for name in self.options.rates if name not in there]
        return (f"The rater reads no record that could hold {', '.join(left)}.",) if left else ()

    def fates(self, told: Told) -> list[Fate]:
        """Return what becomes of every kind of error under what is told."""
        success = self.options.contest.success
        return [self._fate(each, told, success) for each in self.entries]

    def fate_of_right_orders(self, told: Told) -> Fate | None:
        """Return what becomes of court orders that are right; None where the rater sees none."""
        orders = right_orders(self.noticing.dataset)
        if orders is None:
            return None
        return self._fate(orders, told, self.options.contest.undue)

    def in_vain(self, told: Told) -> Mask:
        """Whether each contests a right score, because a better one was expected."""
        doubts = self.noticing.in_vain(told) & self._reads
        if not doubts.any():
            return doubts
        points, reckoned = self.noticing.points, self.noticing.reckoned(told)
        assert reckoned is not None
        gain = self._worth(reckoned) - self._worth(points)
        return doubts & self.options.contest.worth_it(gain, self._income)

    @property
    def cost(self) -> Array:
        """Return what a contest costs each person."""
        return self.options.contest.cost(self._income)

    def _fate(self, entries: Entries, told: Told, chance: float) -> Fate:
        noticing, rows, people = self.noticing, entries.rows, len(self.noticing.dataset)
        filed, without = self._scores[entries.kind]
        gain = self._worth(without) - self._worth(filed) + entries.beside
        lowered = moved(without, filed) & (without > filed)
        harmful = lowered | (entries.beside > 0)
        shown = noticing.shows(told, entries, filed, without)
        noticed = harmful & shown & self._reads[rows]
        contested = noticed & self.options.contest.worth_it(gain, self._income[rows], chance)
        held = [aim.holds(without) & ~aim.holds(filed) for aim in self._aims]
        spread = {
            "harmful": harmful,
            "noticed": noticed,
            "contested": contested,
            "mended": contested & (self._luck[entries.kind][rows] < chance),
            "points": np.where(lowered, without - filed, 0.0),
            "gain": np.where(harmful, gain, 0.0),
            "refused": np.logical_or.reduce([*held, entries.listed_alone]),
        }
        whole = {name: np.zeros(people, dtype=values.dtype) for name, values in spread.items()}
        for name, values in spread.items():
            whole[name][rows] = values
        return Fate(entries=entries, **whole)

    @cached_property
    def _scores(self) -> dict[str, tuple[Array, Array]]:
        """Scores with each kind of entry and without it."""
        orders = right_orders(self.noticing.dataset)
        every = [*self.entries, *([] if orders is None else [orders])]
        noticing = self.noticing
        return {
            each.kind: (noticing.scores(each), noticing.scores(each, filed=False)) for each in every
        }

    @cached_property
    def _reads(self) -> Mask:
        luck = Streams(self.seed).generator("due_process.reads").random(len(self.noticing.dataset))
        return np.asarray(luck < self.options.attention)

    @cached_property
    def _luck(self) -> dict[str, Array]:
        streams, people = Streams(self.seed), len(self.noticing.dataset)
        return {
            kind: streams.generator(f"due_process.success.{kind}").random(people)
            for kind in (*KINDS, RIGHT_ORDERS)
        }

    @property
    def _income(self) -> Array:
        income: Array = self.noticing.problem.economy.yearly_income
        return income

    @cached_property
    def _aims(self) -> tuple[Any, ...]:
        # Limited places end where they end: one person's error moves nobody else.
        return tuple(replace(aim, share=None) for aim in self.noticing.problem.aims)

    def _worth(self, points: Array) -> Array:
        """What points are worth a year: what is granted and spared, and the place they give."""
        ordered = np.sort(self.noticing.points)
        place = (np.searchsorted(ordered, points) + np.searchsorted(ordered, points, "right")) / 2
        return worth_of(self._aims, points) + self.options.place * place / len(ordered)


@dataclass(frozen=True, kw_only=True)
class ErrorShares:
    """What becomes of harmful errors under one rule, all kinds together."""

    harmful: float
    """Harmful errors for each citizen."""
    noticed: float
    """Share of them that somebody notices."""
    mended: float
    """Share of them that are mended."""


def error_shares(
    rater: Rater,
    society: Society,
    told: Mapping[str, Told],
    *,
    options: DueProcessOptions | None = None,
    seed: int = 0,
) -> dict[str, ErrorShares]:
    """Share of harmful errors noticed and mended under each rule; see `due_process`.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=1).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> error_shares(rater, society, {"opaque": Told.of("nothing")})["opaque"].mended
    0.0
    """
    files = Files.of(rater, society, options or DueProcessOptions(), seed=seed)
    found = {}
    for name, each_told in told.items():
        fates = files.fates(each_told)
        harmful = sum(int(each.harmful.sum()) for each in fates)
        shares = [
            sum(int((getattr(each, what) & each.harmful).sum()) for each in fates) / harmful
            if harmful
            else float("nan")
            for what in ("noticed", "mended")
        ]
        found[name] = ErrorShares(
            harmful=harmful / len(society), noticed=shares[0], mended=shares[1]
        )
    return found
