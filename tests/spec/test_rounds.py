"""Rounds: each mechanism moves what its theory says it moves, over twenty societies."""

import numpy as np
import pytest

from credit_ml.dynamics import Life, load_policy, run_rounds
from credit_ml.inference.quantiles import student
from credit_ml.society import World

SOCIETIES, YEARS = 20, 6
LIFE = Life(order_chance=0.15, deterrence=0.0)


@pytest.fixture(scope="module")
def societies():
    return [World(citizens=3_000, seed=seed).simulate() for seed in range(SOCIETIES)]


def clearly_above(values, null=0.0):
    """Whether the mean over societies is above a number by more than its doubt at 99 %."""
    values = np.asarray(values, dtype=float)
    half = student(0.99, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half > null


def total(history, name):
    return float(history.state.totals[name].sum())


def test_orders_follow_breaches_given_the_same_risk(societies):
    found = []
    for society in societies:
        history = run_rounds(society, "no_list", years=YEARS, life=LIFE)
        broken, orders = (history.state.totals[name].astype(float) for name in ("broken", "orders"))
        chance = society.truth["probability"].to_numpy()
        design = np.column_stack([np.ones(len(chance)), chance, chance**2])
        rest = [y - design @ np.linalg.lstsq(design, y, rcond=None)[0] for y in (broken, orders)]
        found.append(np.corrcoef(*rest)[0, 1])
    assert clearly_above(found, 0.1)


def test_late_bills_follow_breaches_given_the_same_risk_and_keep_their_mean(societies):
    found, means = [], []
    for society in societies:
        lives = {
            lift: run_rounds(society, "no_list", years=2, life=Life(bills_after_breach=lift))
            for lift in (1.0, 3.0)
        }
        broken = lives[3.0].state.totals["broken"].astype(float)
        rise = (lives[3.0].state.late - lives[1.0].state.late).sum(axis=0)
        found.append(np.corrcoef(broken, rise)[0, 1])
        means.append(rise.mean())
    assert clearly_above(found, 0.1)
    assert not clearly_above(np.abs(np.mean(means)) - np.abs(means), 0.02)


def test_sanctions_on_capacity_make_the_listed_break_more(societies):
    found = []
    for society in societies:
        pair = [
            run_rounds(society, name, years=YEARS, life=LIFE) for name in ("joined", "list_alone")
        ]
        found.append(total(pair[0], "broken") - total(pair[1], "broken"))
    assert clearly_above(found)


def test_deterrence_lowers_breaches_and_orders(societies):
    found = []
    for society in societies:
        pair = [
            run_rounds(society, "joined", years=YEARS, life=Life(order_chance=0.15, deterrence=d))
            for d in (0.0, 2.0)
        ]
        found.append([total(pair[0], name) - total(pair[1], name) for name in ("broken", "orders")])
    broken, orders = np.array(found).T
    assert clearly_above(broken)
    assert clearly_above(orders)


def test_repair_and_short_grades_shorten_the_trap(societies):
    found = []
    for society in societies:
        pair = [
            run_rounds(society, name, years=YEARS, life=LIFE)
            for name in ("joined", "joined_repair")
        ]
        found.append(total(pair[0], "listed") - total(pair[1], "listed"))
    assert clearly_above(found)


def test_joining_multiplies_the_restrictions_of_one_listing(societies):
    policy = load_policy("joined")
    steps = []
    for society in societies:
        counts = []
        for joined in (0.0, 0.5, 1.0):
            some = policy.model_copy(update={"joined": joined})
            history = run_rounds(society, some, years=YEARS, life=LIFE)
            counts.append(total(history, "restrictions") / total(history, "listed"))
        assert counts[0] == 1.0
        steps.append(np.diff(counts))
    for step in np.array(steps).T:
        assert clearly_above(step)


def test_children_of_the_listed_lose_capacity_and_more_where_families_are_punished(societies):
    found = []
    for society in societies:
        loss = [
            run_rounds(society, name, years=YEARS, life=LIFE).state.child_loss.sum()
            for name in ("list_alone", "joined", "joined_family")
        ]
        assert loss[0] == 0
        found.append(np.diff(loss))
    own, family = np.array(found).T
    assert clearly_above(own)
    assert clearly_above(family)


def test_the_baseline_bars_as_many_as_the_source_counts():
    society = World(citizens=60_000, seed=1).simulate()
    history = run_rounds(society, "joined", years=6)
    listed = history.years["listed"].iloc[2:].mean()
    serious = ((history.state.remaining[0] > 0) & (history.state.grade[0] == 1)).mean()
    # 6.15 and 1.65 million of 1.4 billion are barred from flights and trains (S8).
    assert 0.0044 / 1.5 < listed < 0.0044 * 1.5
    assert 0.0012 / 1.5 < serious < 0.0012 * 1.5
