"""A society as it is in one year of its history: people, records, ties and outcomes."""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit

from credit_ml.dynamics.state import State
from credit_ml.dynamics.year import Rules, barred, moved_latents
from credit_ml.response.after_response import OF_FRIENDS
from credit_ml.society import Society
from credit_ml.society.assembly import district_means
from credit_ml.society.mechanisms.capacity import ASSETS_SPREAD, TAX_FREE, TAX_RATE
from credit_ml.society.ties.friend_records import friends_records, friends_table


def society_of(rules: Rules, society: Society, state: State) -> Society:
    """Return the society of a state; that of the start, byte for byte, before the first year.

    Cost: linear in citizens and ties.
    """
    if state.year == 0 and state.inherited is None:
        return society
    records: dict[str, Any] = {str(name): each for name, each in society.records.items()}
    records |= _own_records(rules, society, state)
    answers = state.answers
    moved = {} if answers is None else answers.moved
    own = {name: each for name, each in moved.items() if name not in OF_FRIENDS}
    records |= _answered(records, own)
    ties = _ties(society, state)
    if answers is not None and answers.ties is not None:
        ties = answers.ties
    late = np.asarray(records["late_payments"])
    partner, district = state.fixed.partner, state.fixed.district
    alone = partner < 0
    records["partner_late"] = np.where(alone, np.nan, late[np.maximum(partner, 0)]).astype(
        np.float32
    )
    records["district_late"] = district_means(district, late, district)
    table = friends_table({name: np.asarray(values) for name, values in records.items()})
    told = friends_records(ties.indptr, ties.indices, table)
    changed = {name: records[name] for name in records if name in society.records} | told
    changed |= _answered(changed, {name: moved[name] for name in moved if name in OF_FRIENDS})
    frame = pd.DataFrame(changed, index=society.records.index, copy=False)
    outcome = society.outcome.assign(kept=state.kept[0], kept_before=state.kept[1])
    return replace(
        society,
        records=frame[list(society.records.columns)],
        ties=ties,
        outcome=outcome,
        truth=_truth(rules, society, state),
    )


def _answered(records: dict[str, Any], moved: dict[str, NDArray[np.float32]]) -> dict[str, Any]:
    """Records with what answers moved in them: counts whole, and nothing below 0 that was not."""
    made = {}
    for name, each in moved.items():
        before = np.asarray(records[name])
        after = np.maximum(before + each.astype(np.float64), np.minimum(before, 0))
        after = np.rint(after) if before.dtype.kind in "iu" else after
        made[name] = after.astype(before.dtype)
    return made


def _own_records(rules: Rules, society: Society, state: State) -> dict[str, Any]:
    before, life = society.records, rules.world
    _, capacity = moved_latents(rules, state, slice(None))
    purse = np.exp(life.capacity.income_spread * capacity)
    late = np.minimum(state.late.sum(axis=0), before["bills_reported"].to_numpy())
    income = before["income"].to_numpy() * purse
    everybody = slice(0, len(society))

    def left(mechanism: str) -> NDArray[Any]:
        rest = np.ones(len(society))
        for number in rules.moving(mechanism):
            rest *= 1.0 - rules.sizes[number] * barred(rules, state, everybody, number)
        return rest

    assets = before["assets"].to_numpy() * np.exp(ASSETS_SPREAD * capacity) * left("assets")
    made = {
        "late_payments": late,
        "judgments": state.orders.sum(axis=0),
        "income": income,
        # Of an income that did not move, not even the last digit of the tax may.
        "tax_paid": np.where(
            purse == 1.0, before["tax_paid"], 12.0 * TAX_RATE * np.maximum(income - TAX_FREE, 0.0)
        ),
        "assets": assets,
        "spending": before["spending"].to_numpy() * purse,
        "trips": np.rint(before["trips"].to_numpy() * left("trips")),
        "online_hours": before["online_hours"].to_numpy() * left("online_hours"),
        "dating_likes": np.rint(before["dating_likes"].to_numpy() * left("dating_likes")),
    }
    made = {name: _typed(values, before[name]) for name, values in made.items()}
    return made | {"job": _jobs(rules, before["job"], state)}


def _jobs(rules: Rules, job: pd.Series, state: State) -> pd.Series:
    """Occupations: whoever is barred from jobs with the State works for a private employer."""
    closed = np.zeros(len(job), dtype=bool)
    for number in rules.moving("state_job"):
        closed |= barred(rules, state, slice(0, len(job)), number) > 0
    if not closed.any():
        return job
    codes = job.cat.codes.to_numpy().copy()
    private = job.cat.categories.tolist().index("private")
    codes[closed] = np.minimum(codes[closed], private)
    made = pd.Categorical.from_codes(codes, dtype=cast("pd.CategoricalDtype", job.dtype))
    return pd.Series(made, index=job.index, name=job.name)


def _ties(society: Society, state: State) -> csr_array:
    if state.tie_cut is None or not state.tie_cut.any():
        return society.ties
    left = ~state.tie_cut
    kept = np.concatenate([[0], np.cumsum(left)])
    indptr = kept[society.ties.indptr]
    parts = (society.ties.data[left], society.ties.indices[left], indptr)
    return csr_array(parts, shape=society.ties.shape)


def _truth(rules: Rules, society: Society, state: State) -> pd.DataFrame:
    truth = society.truth
    shock, capacity = moved_latents(rules, state, slice(None))
    outcome, history = rules.world.outcome, rules.world.history
    odds = state.fixed.log_odds + outcome.capacity * capacity - outcome.shock * shock
    answered = np.zeros(1) if state.answers is None else state.answers.odds
    odds = odds + answered
    changed = {
        "shock": truth["shock"] + shock,
        "capacity": truth["capacity"] + capacity,
        "burden": truth["burden"] - history.capacity * capacity + history.shock * shock,
        "payments": truth["payments"] * np.exp(rules.world.capacity.income_spread * capacity),
        "probability": np.where(
            (capacity == 0) & (shock == 0) & (answered == 0), truth["probability"], expit(odds)
        ),
    }
    typed = {name: _typed(values, truth[name]) for name, values in changed.items()}
    return truth.assign(**typed)


def _typed(values: Any, like: pd.Series) -> NDArray[Any]:
    return np.asarray(values).astype(like.to_numpy().dtype)
