"""What people do about their score in a year: the best response to what they are told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from credit_ml.agencies import Rater
from credit_ml.agencies.refit import refit
from credit_ml.core import Array, Rows, Streams
from credit_ml.core.tables.arrays import Whole
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.case import DisclosureCase, case_of
from credit_ml.disclosure.outcome import caught_in, fines
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.dynamics.policy import Answering, Policy
from credit_ml.dynamics.records import society_of
from credit_ml.dynamics.state import ANSWERED, KINDS, Answers, State
from credit_ml.dynamics.year import Rules, believed_cost
from credit_ml.response import Action, Aim, ResponseOptions, move_ties
from credit_ml.response.after_response import (
    OF_FRIENDS,
    moves_of,
    moves_ties,
    own_and_friends,
    reported_on,
)
from credit_ml.response.best_response.choice import Choice
from credit_ml.response.moved_records import moved
from credit_ml.society import Society

#: People know their own risk to such a part of everybody.
PARTS = 10
#: What reports move besides.
STARS = "contact_stars"


def aims_of(rules: Rules, rater: Rater) -> tuple[tuple[Aim, ...], tuple[Aim, ...]]:
    """What points of an agency bring and spare: of its own, by places, and by lists of the policy.

    Places are aims by rank. To be spared a list is worth what a listing is believed to cost.
    """
    policy, agency = rules.policy, rater.agency
    granted: list[Any] = list(agency.privileges)
    granted += [
        Aim(id=each.id, name=each.id, share=each.share, value=each.worth)
        for each in policy.places
        if each.agency == agency.id
    ]
    imposed: list[Any] = list(agency.penalties)
    for number, rule in enumerate(policy.lists):
        if rule.by == "score" and rule.agency == agency.id:
            spared: dict[str, Any] = {"id": rule.id, "name": rule.id, "share": rule.share}
            if rule.threshold is not None:
                spared["threshold"] = float(rule.threshold)
            imposed.append(Aim(**spared, value=rules.cost_of_listing(number), imposed=True))
    return tuple(granted), tuple(imposed)


def answer(
    rules: Rules, society: Society, state: State, rater: Rater
) -> tuple[Rater, pd.DataFrame]:
    """Let people answer a rater: their records, odds and ties of the year follow, in the state.

    Returns the rater, fitted again where it learns, and what every record that is moved was like
    with the answers and without them.

    Cost: a society or two, a choice of everybody, and one pass over ties where ties move.
    """
    assert rules.policy.response is not None
    assert state.answers is not None
    how = rules.policy.response
    state.answers = state.answers.faded(how.fade)
    now = society_of(rules, society, state)
    plain = now
    if state.answers.moved:
        plain = society_of(rules, society, replace(state, answers=None))
    dataset = rater.agency.view(now)
    if how.learns:
        number = _seed(rules, "rater", state.year)
        rater = refit(rater, dataset, dataset.X, state.kept[0], seed=number)
    case = case_of(
        rater,
        dataset,
        _options(rules, how, rater),
        society=now,
        seed=_seed(rules, "answers", state.year),
    )
    choice = _chosen(rules, state, case, how)
    problem, caught = case.problem, caught_in(case.problem, choice)
    lasting = choice.masks & ~caught
    reported = _move(rules, society, state, now, plain, problem, lasting)
    _count(state, problem, choice, caught, reported)
    return rater, _behaviour(plain, society_of(rules, society, state), sorted(state.answers.moved))


def _seed(rules: Rules, mechanism: str, year: int) -> int:
    return Streams(rules.seed).seed_for(f"rounds.{mechanism}.{year}")


def _options(rules: Rules, how: Answering, rater: Rater) -> ResponseOptions:
    granted, imposed = aims_of(rules, rater)
    return ResponseOptions(menu=how.menu, privileges=granted, penalties=imposed, bundle=how.bundle)


def _chosen(rules: Rules, state: State, case: DisclosureCase, how: Answering) -> Choice:
    """Return what everybody does: where a breach is feared, an improving action costs less.

    It is worth what it takes off the expected cost of a breach, ``B (p' - p)``, on average over
    people whose chance p is in the same tenth; the effort is no less than nothing, so that nobody
    improves for fear alone, which moves keeping itself. Where advice is sold that is left out.
    """
    (regime,), problem = checked_regimes(how.regime), case.problem
    cost = believed_cost(rules, state)
    effects = np.array([action.outcome_effect for action in problem.actions])
    if not (cost and effects.any()) or getattr(regime, "advice", None) is not None:
        return regime.belief(problem).choose(problem)
    odds = logit(np.clip(np.asarray(problem.creditworthy, dtype=np.float64), 1e-12, 1 - 1e-12))
    order = np.argsort(odds, kind="stable")
    parts = [np.sort(each) for each in np.array_split(order, PARTS) if len(each)]
    found = []
    for rows in parts:
        relief = cost * (expit(odds[rows, None] + effects) - expit(odds[rows, None])).mean(axis=0)
        own = _part(problem, rows, relief)
        found.append(regime.belief(own).choose(own))
    return _joined(found, parts)


def _part(problem: DecisionProblem, rows: Rows, relief: Array) -> DecisionProblem:
    """Return the problem of some people, whose efforts are less by some relief."""
    economy = problem.economy.take(rows)
    efforts = np.maximum(economy.efforts - relief, 0.0)
    part = replace(
        problem,
        people=problem.people.take(rows),
        rows=problem.rows[rows],
        creditworthy=np.asarray(problem.creditworthy)[rows],
        economy=replace(economy, efforts=efforts),
        _moves={},
    )
    # What is the same for everyone is not worked out again.
    part.__dict__.update(
        {name: getattr(problem, name) for name in ("everyone_scores", "standard", "spread")}
    )
    return part


def _joined(found: Sequence[Choice], parts: Sequence[Rows]) -> Choice:
    """Put the choices of parts of the people together, in the order of the people."""
    order = np.argsort(np.concatenate(parts), kind="stable")
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(each, name) for each in found])[order]
        for name in ("masks", "costs", "believed", "gain", "gap")
    }
    return Choice(**arrays, method=found[0].method)


def _move(
    rules: Rules,
    society: Society,
    state: State,
    now: Society,
    plain: Society,
    problem: DecisionProblem,
    masks: Whole,
) -> Whole:
    """Put what people did into the state; return how often each was reported."""
    actions, standing = problem.actions, state.answers
    assert standing is not None
    effects = np.array([action.outcome_effect for action in actions])
    does = (masks[:, None] >> np.arange(len(actions))) & 1
    own, friends = _by_whose(actions)
    records, ties = moved(now.records, own, masks), None
    reported = np.zeros(len(masks), dtype=np.int64)
    if moves_ties(actions) and masks.any():
        tied = move_ties(
            now, moves_of(actions, masks), seed=_seed(rules, "answers.ties", state.year)
        )
        records, ties, reported = reported_on(records, tied), tied.ties, tied.reported
    names = {change.column for action in own for change in action.changes} | set(standing.moved)
    names |= {STARS} if reported.any() else set()
    off = {name: _off(records, plain.records, name) for name in sorted(names - set(OF_FRIENDS))}
    off |= {name: standing.moved[name] for name in standing.moved if name in OF_FRIENDS}
    odds = standing.odds + (does @ effects).astype(np.float32)
    state.answers = Answers(masks=masks, moved=_some(off), odds=odds, ties=ties)
    if any(action.changes for action in friends):
        before = society_of(rules, society, state).records
        after = moved(before, friends, masks)
        for name in {change.column for action in friends for change in action.changes}:
            off[name] = off.get(name, np.float32(0)) + _off(after, before, name)
        state.answers = replace(state.answers, moved=_some(off))
    return reported


def _by_whose(actions: tuple[Action, ...]) -> tuple[tuple[Action, ...], tuple[Action, ...]]:
    """Take all actions apart: what they move of own records, and what they buy of friends'."""
    nothing: dict[str, Any] = {"changes": ()}
    parts = [own_and_friends(action) for action in actions]
    none = [action.model_copy(update=nothing) for action in actions]
    own = [each[0] or empty for each, empty in zip(parts, none, strict=True)]
    # What a social action says of friends' columns is expected; ties bring what is true.
    bought = [
        (None if action.ties is not None else each[1]) or empty
        for action, each, empty in zip(actions, parts, none, strict=True)
    ]
    return tuple(own), tuple(bought)


def _off(after: pd.DataFrame, before: pd.DataFrame, name: str) -> Any:
    values = (each[name].to_numpy(dtype=np.float64, na_value=np.nan) for each in (after, before))
    one, two = values
    return np.nan_to_num(one - two).astype(np.float32)


def _some(off: dict[str, Any]) -> dict[str, Any]:
    """Leave out the records in which nothing moved."""
    return {name: each for name, each in off.items() if each.any()}


def _count(
    state: State, problem: DecisionProblem, choice: Choice, caught: Whole, reported: Whole
) -> None:
    """Add the year up for every citizen."""
    totals, actions = state.totals, problem.actions
    does, lost = (
        (masks[:, None] >> np.arange(len(actions))) & 1 for masks in (choice.masks, caught)
    )
    totals["acted"] += choice.masks > 0
    totals["spent"] += (choice.costs + fines(problem, does, lost)).astype(np.float32)
    totals["caught"] += caught > 0
    for kind in KINDS:
        of_kind = np.array([action.kind == kind for action in actions])
        totals[f"did_{kind}"] += (does @ of_kind).astype(np.int16)
    broke = state.kept[0] == 0
    totals["reported_truly"] += np.where(broke, reported, 0).astype(np.int16)
    totals["reported_falsely"] += np.where(broke, 0, reported).astype(np.int16)


def _behaviour(plain: Society, answered: Society, columns: Sequence[str]) -> pd.DataFrame:
    """How each record that was moved is spread, with the answers and without, of who has it."""
    rows = []
    for name in columns:
        one, two = (
            each.records[name].to_numpy(dtype=np.float64, na_value=np.nan)
            for each in (answered, plain)
        )
        known = np.isfinite(one) & np.isfinite(two)
        rows.append(
            {
                "column": name,
                "moved": float(np.mean((one != two)[known])),
                "mean": float(np.nanmean(one)),
                "mean_without": float(np.nanmean(two)),
                "variance": float(np.nanvar(one)),
                "variance_without": float(np.nanvar(two)),
                "distance": float(np.nanmean(np.abs(one - two))),
            }
        )
    return pd.DataFrame(rows)


def start_answers(policy: Policy, state: State) -> None:
    """Make room for answers and places where a policy has them; else the state stays as it is."""
    people = len(state.kept[0])
    if policy.response is not None:
        state.answers = Answers.none(people)
        state.totals |= {name: np.zeros(people, dtype=kind) for name, kind in ANSWERED.items()}
    if policy.places:
        state.placed = np.zeros((len(policy.places), people), dtype=bool)
        state.totals["placed"] = np.zeros(people, dtype=np.int16)
