"""Trust among strangers on a society: what a better score brings, and to whom."""

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.consequences import strangers_game
from credit_ml.core import InputError
from credit_ml.society import World
from credit_ml.strategic import Trade


@pytest.fixture(scope="module")
def society():
    return World(citizens=3_000, seed=6).simulate()


@pytest.fixture(scope="module")
def found(society):
    rater = load_agency("council").fit(society)
    return strangers_game(
        rater, society, precision=(0.0, 0.4, 0.8, 1.0), breach_costs=(0.0, 0.3), sensitive="hukou"
    )


def of(found, measure, group="all", cost=0.0):
    rows = found.table.query(
        "quantity == 'value' and measure == @measure and group == @group and breach_cost == @cost"
    )
    return rows.set_index("seen")["estimate"]


def test_nothing_seen_pools_and_foresight_is_the_first_best(found, society):
    share = society.truth["probability"].astype(float).mean()
    gain = of(found, "gain")
    assert gain["score at 0"] == pytest.approx(max(1.2 * share - 1, 0))
    assert gain["foresight"] == pytest.approx(0.2 * share)
    assert of(found, "lent")["score at 0"] in (0.0, 1.0)


def test_no_score_brings_more_than_the_true_chance_nor_that_more_than_foresight(found):
    for cost in (0.0, 0.3):
        gain = of(found, "gain", cost=cost)
        scores = gain.filter(like="score")
        assert (scores >= gain["score at 0"] - 1e-12).all()
        assert (scores <= gain["true chance"] + 1e-12).all()
        assert gain["true chance"] <= gain["foresight"]


def test_a_more_precise_score_brings_more_over_societies():
    """Noise alone may help in one society; over twenty, precision pays."""
    gains = []
    for seed in range(20):
        society = World(citizens=800, seed=seed).simulate()
        scores = society.truth["probability"].to_numpy()
        game = strangers_game(
            scores, society, precision=(0.2, 0.6, 1.0), breach_costs=[0.0], sensitive="hukou"
        )
        gains.append(of(game, "gain").filter(like="score").to_numpy())
    steps = np.diff(np.array(gains), axis=1)
    error = steps.std(axis=0, ddof=1) / np.sqrt(len(steps))
    assert (steps.mean(axis=0) > 2.5 * error).all()


def test_whoever_would_keep_is_lent_to_or_refused(found, society):
    """Nobody is lost: kept and refused keepers are all who would keep."""
    share = society.truth["probability"].astype(float).mean()
    total = of(found, "kept") + of(found, "refused_keepers")
    assert total.to_numpy() == pytest.approx(share)


def test_a_cost_of_breach_helps_trade_and_punishes(found):
    for seen in ("score at 1", "true chance"):
        assert of(found, "kept", cost=0.3)[seen] > of(found, "kept")[seen]
        assert of(found, "punishment", cost=0.3)[seen] > of(found, "punishment")[seen] == 0.0


def test_the_frontier_holds_no_setting_that_another_beats(found):
    for benefit, harm in (("gain", "punishment"), ("kept", "broken")):
        best = found.frontier(benefit, harm)
        assert (np.diff(best[benefit]) <= 0).all()
        assert (np.diff(best[harm]) <= 0).all()
        assert "foresight" not in set(best["seen"])


def test_groups_sum_to_everybody(found, society):
    weights = society.people["hukou"].value_counts(normalize=True)
    for measure in ("lent", "kept", "gain", "refused_keepers", "broken", "punishment"):
        parts = sum(of(found, measure, group, 0.3) * share for group, share in weights.items())
        assert parts.to_numpy() == pytest.approx(of(found, measure, cost=0.3).to_numpy())


def test_shares_and_their_intervals_stay_shares():
    society = World(citizens=400, seed=1).simulate()
    table = strangers_game(society.truth["trust"], society).table
    shares = table[table["measure"].isin(["lent", "kept", "broken"])].query("quantity == 'value'")
    assert shares["low"].dropna().ge(0).all()
    assert shares["high"].dropna().le(1).all()


def test_it_is_drawn_and_tracked(found):
    assert "gain" in found.plot().get_xlabel()
    assert "strangers.score_at_1.0.lent" in found.metrics()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"precision": [1.2]}, "from 0 to 1"),
        ({"precision": []}, "precision: is empty"),
        ({"cells": 0}, "at least 1"),
        ({"breach_costs": [-1.0]}, "breach_cost"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(society, more, said):
    with pytest.raises(InputError, match=said):
        strangers_game(np.arange(3_000.0), society, **more)
    with pytest.raises(InputError, match="scores"):
        strangers_game([1.0, 2.0], society)


def test_a_trade_worth_more_is_made_more(society):
    scores = society.truth["trust"]
    lent = [
        of(
            strangers_game(
                scores, society, trade=Trade(worth=each), breach_costs=[0.0], sensitive="hukou"
            ),
            "lent",
        )["score at 1"]
        for each in (1.1, 1.2, 1.4)
    ]
    assert lent == sorted(lent)
