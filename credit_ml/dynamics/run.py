"""Years one after another: the loop that moves a society on under a policy."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.agencies import Rater, load_agency
from credit_ml.core import BLOCK, InputError, Streams, checked_seed
from credit_ml.dynamics.answers import answer, start_answers
from credit_ml.dynamics.assumed.knobs import Life
from credit_ml.dynamics.catalogue import load_policy
from credit_ml.dynamics.history import YEARLY, SocietyHistory
from credit_ml.dynamics.policy import Policy
from credit_ml.dynamics.records import society_of
from credit_ml.dynamics.state import State
from credit_ml.dynamics.year import Rules, barred, live_block, put_on_list
from credit_ml.response import Aim
from credit_ml.society import Society


def run_rounds(
    society: Society,
    policy: Policy | str | Path = "no_list",
    *,
    years: int = 10,
    life: Life | None = None,
    raters: Mapping[str, Rater] | None = None,
    seed: int | None = None,
    workers: int = 1,
) -> SocietyHistory:
    """Let a society live some years under a policy.

    Each year a district's shock moves on, sanctions fall on those who are listed, an obligation
    falls due and is kept or broken, late bills and court orders follow, listings end or are
    repaired, and people come on lists. ``docs/dynamics.md`` says it exactly.

    Every draw is a pure function of (seed, mechanism, year, block of citizens), so histories of
    one society under two policies share every one of them, and `changes` between them are what
    the policies did; the number of workers changes nothing.

    Cost: linear in citizens and years; where points list people, one view and score a year.

    Parameters
    ----------
    society : Society
        As it is before the first year.
    policy : Policy, str or Path
        A policy, the name of one (`policy_ids`), or a TOML file.
    years : int
        Rounds, at least 1.
    life : Life, optional
        What moves people from year to year whatever the policy.
    raters : mapping of agency id to Rater, optional
        Fitted raters whose points put people on lists; by default each is fitted on the society as
        it is before the first year, and stays as it is.
    seed : int, optional
        Of the years' chance; the world's by default.
    workers : int
        Threads that share the blocks of citizens.

    Raises
    ------
    PolicyError
        When the policy is unknown or cannot be used.
    InputError
        When years, workers or the seed cannot be used.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=2_000, seed=1).simulate()
    >>> history = run_rounds(society, "joined", years=3, life=Life(order_chance=0.2))
    >>> history.years["listed"].gt(0).tolist()
    [True, True, True]
    """
    chosen = policy if isinstance(policy, Policy) else load_policy(policy)
    InputError.unless(_whole(years), "years", f"are {years!r}", "give a whole number from 1")
    InputError.unless(_whole(workers), "workers", f"are {workers!r}", "give a whole number from 1")
    own = society.world.seed if seed is None else checked_seed(seed)
    rules = Rules(world=society.world, life=life or Life(), policy=chosen, seed=own)
    fitted = dict(raters or {})
    for name in chosen.agencies:
        if name not in fitted:
            fitted[name] = load_agency(name).fit(society)
    cuts = bool(rules.moving("ties"))
    state = State.of(society, lists=len(chosen.lists), cuts_ties=cuts)
    start_answers(chosen, state)
    history = SocietyHistory(society=society, rules=rules, state=state, raters=fitted, yearly=())
    return go_on(history, years, workers=workers)


def go_on(history: SocietyHistory, years: int, *, workers: int = 1) -> SocietyHistory:
    """Let a history go on; the same as one of as many years from the start.

    The state of the history given moves on with it, so that memory does not grow: keep its
    `yearly` and findings, not the history itself.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=300, seed=1).simulate()
    >>> whole, part = (run_rounds(society, "joined", years=n) for n in (3, 2))
    >>> go_on(part, 1).digest() == whole.digest()
    True
    """
    rules, society, state = history.rules, history.society, history.state
    mirror = _mirror(society.ties) if state.tie_cut is not None else None
    yearly: list[Sequence[float]] = list(history.yearly)
    raters, behaviour = dict(history.raters), [history.behaviour]
    size = len(society)
    blocks = [(n, slice(n * BLOCK, min((n + 1) * BLOCK, size))) for n in range(-(-size // BLOCK))]
    children = society.records["children"].to_numpy() > 0
    if state.year == 0:
        _list_by_record(rules, society, state, blocks)
    with ThreadPoolExecutor(workers) as pool:
        # Handing the only block to another thread would cost more than a small one takes.
        shared = map if min(workers, len(blocks)) == 1 else pool.map
        for _ in range(years):
            state.year += 1
            _move_shocks(rules, state)
            _keep_children_out(rules, state, children)
            if mirror is not None:
                _cut_ties(rules, society.ties, state, mirror, blocks)
            there = state.listed
            list(shared(lambda each: live_block(rules, state, *each), blocks))
            _learn_the_risk(state)
            if rules.policy.response is not None:
                name = rules.policy.response.agency
                raters[name], did = answer(rules, society, state, raters[name])
                behaviour.append(did.assign(year=state.year))
            _rank(rules, society, state, raters, blocks)
            state.totals["entries"] += state.listed & ~there
            state.totals["exits"] += there & ~state.listed
            yearly.append(_tallied(state))
    behaviour = [each for each in behaviour if len(each)]
    acts = pd.concat(behaviour, ignore_index=True) if behaviour else history.behaviour
    return replace(history, yearly=tuple(yearly), raters=raters, behaviour=acts)


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 1


def _move_shocks(rules: Rules, state: State) -> None:
    """Let every district's shock go on: an autoregression of the world's own variance."""
    keeps = rules.life.shock_persistence
    if keeps < 1.0:
        generator = Streams(rules.seed).generator(f"rounds.shock.{state.year}")
        fresh = rules.world.address.shocks * generator.standard_normal(len(state.shock))
        state.shock = keeps * state.shock + np.sqrt(1.0 - keeps**2) * fresh


def _keep_children_out(rules: Rules, state: State, children: NDArray[np.bool_]) -> None:
    """Keep the children of the listed out of good schools, where a sanction says so (S9)."""
    everybody, most = slice(0, len(children)), np.zeros(len(children), dtype=np.float32)
    for number in rules.moving("child_capacity"):
        share = barred(rules, state, everybody, number)
        if rules.policy.family:
            partner = state.fixed.partner
            share = np.where(partner >= 0, np.maximum(share, share[partner]), share)
        share = np.where(children, share, 0)
        most = np.maximum(most, share)  # a child whom two sanctions bar is barred once
        state.child_loss += np.float32(rules.sizes[number]) * share
    state.totals["child_barred"] += most.astype(np.float32)


def _cut_ties(
    rules: Rules,
    ties: csr_array,
    state: State,
    mirror: NDArray[np.int64],
    blocks: list[tuple[int, slice]],
) -> None:
    """Let friends break off with the listed; both ends of a tie share its chance."""
    assert state.tie_cut is not None
    stays = np.ones(ties.shape[0])
    for number in rules.moving("ties"):
        share = barred(rules, state, slice(0, len(stays)), number)
        stays *= 1.0 - rules.sizes[number] * share
    if (stays == 1.0).all():
        return
    for block, rows in blocks:
        begin, end = int(ties.indptr[rows.start]), int(ties.indptr[rows.stop])
        one = np.repeat(
            np.arange(rows.start, rows.stop), np.diff(ties.indptr[rows.start : rows.stop + 1])
        )
        two = ties.indices[begin:end]
        drawn = rules.uniform("ties", state.year, block, end - begin)
        cut = np.flatnonzero((one < two) & (drawn >= stays[one] * stays[two])) + begin
        state.tie_cut[cut] = True
        state.tie_cut[mirror[cut]] = True


def _mirror(ties: csr_array) -> NDArray[np.int64]:
    """Place of every stored tie as its other end stores it."""
    numbers = csr_array((np.arange(ties.nnz), ties.indices, ties.indptr), shape=ties.shape)
    return np.asarray(numbers.T.tocsr().data, dtype=np.int64)


def _learn_the_risk(state: State) -> None:
    """Take the chance that a breach ends in an order, which everybody believes next year."""
    ordered, broken = (int(state.totals[name].sum(dtype=np.int64)) for name in ("orders", "broken"))
    state.order_after_breach = ordered / broken if broken else 0.0


def _list_by_record(
    rules: Rules, society: Society, state: State, blocks: list[tuple[int, slice]]
) -> None:
    """Put everybody on the lists that a record of theirs makes, before the first year."""
    for number, rule in enumerate(rules.policy.lists):
        if rule.by == "record":
            marked = society.records[rule.record].to_numpy(dtype=np.float64, na_value=0.0) > 0
            for block, rows in blocks:
                put_on_list(rules, state, number, block, rows, marked[rows])
            state.totals["entries"] += marked


def _rank(
    rules: Rules,
    society: Society,
    state: State,
    raters: Mapping[str, Rater],
    blocks: list[tuple[int, slice]],
) -> None:
    """Put the people with the fewest points on the lists that points make; give out places."""
    by_score = [(n, each) for n, each in enumerate(rules.policy.lists) if each.by == "score"]
    places = rules.policy.places
    if not (by_score or places):
        return
    now = society_of(rules, society, state)
    named = {str(rule.agency) for _, rule in by_score} | {place.agency for place in places}
    points_of = {
        name: raters[name].score(raters[name].agency.view(now).X).to_numpy() for name in named
    }
    for number, place in enumerate(places):
        assert state.placed is not None
        aim = Aim(id=place.id, name=place.id, share=place.share, value=place.worth)
        state.placed[number] = aim.holds(points_of[place.agency])
        state.totals["placed"] += state.placed[number]
    for number, rule in by_score:
        points = points_of[str(rule.agency)]
        if rule.share is not None:
            order = np.argsort(points, kind="stable")[: round(rule.share * len(points))]
            low = np.zeros(len(points), dtype=bool)
            low[order] = True
        else:
            low = points < float(rule.threshold or 0.0)
        for block, rows in blocks:
            put_on_list(rules, state, number, block, rows, low[rows])


def _tallied(state: State) -> Sequence[float]:
    """Return what a year was, in the order of `YEARLY`."""
    listed = state.listed
    ordered = int(state.totals["orders"].sum(dtype=np.int64))
    values = {
        "year": state.year,
        "broken": float(np.mean(state.kept[0] == 0)),
        "orders": float(ordered),
        "listed": float(listed.mean()),
        "capacity_lost": float(state.loss.mean(dtype=np.float64)),
    }
    return [values[name] for name in YEARLY]
