"""Voluntary disclosure held to its closed forms, and trust to its resting point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import InputError
from credit_ml.governance import TrustRule, silence, trust_after, uniform_threshold

VALUES = st.lists(st.integers(0, 1_000), min_size=2, max_size=40, unique=True)


@given(VALUES)
def test_with_no_cost_everybody_but_the_worst_shows(values):
    """Grossman (1981), Milgrom (1981)."""
    told = silence(np.array(values) / 7)
    assert (~told.shown).nonzero()[0].tolist() == [int(np.argmin(values))]
    assert told.believed == min(values) / 7


@pytest.mark.parametrize("cost", [0.05, 0.2, 0.4])
def test_uniform_values_have_the_threshold_of_the_closed_form(cost):
    values = (np.arange(20_000) + 0.5) / 20_000
    told = silence(values, cost)
    assert values[told.shown].min() == pytest.approx(uniform_threshold(cost), abs=1e-4)
    assert told.believed == pytest.approx(cost, abs=1e-4)


def test_a_cost_above_all_gains_keeps_everybody_silent():
    assert not silence([0.0, 0.5, 1.0], cost=0.6).shown.any()
    assert uniform_threshold(0.6) == 1


@given(VALUES, st.floats(0, 0.5))
def test_nobody_has_second_thoughts(values, cost):
    worth = np.array(values) / 1_000
    told = silence(worth, cost)
    wants = worth - told.believed > cost
    assert (wants == told.shown).all()


@given(VALUES, st.floats(0, 0.3), st.floats(0, 0.3))
def test_more_cost_shows_fewer(values, one, other):
    worth = np.array(values) / 1_000
    few, many = (silence(worth, cost).shown for cost in (max(one, other), min(one, other)))
    assert not (few & ~many).any()


def test_a_treat_for_all_brings_all_in():
    assert silence([0.1, 0.5, 0.9], cost=-0.01).shown.all()


def test_without_errors_and_opacity_trust_does_not_move():
    """The null: byte-identical, whatever a mended error would be worth."""
    rest = trust_after(TrustRule(gain=0.9, loss=0.9), 500, years=30, seed=3)
    assert rest.tobytes() == np.full(500, 0.5).tobytes()
    assert TrustRule().resting == 0.5


@pytest.mark.parametrize(
    "rule",
    [
        TrustRule(errors=0.1, noticed=0.8, mended=0.8),
        TrustRule(errors=0.1, noticed=0.3, mended=0.1, opacity=1.0),
        TrustRule(opacity=0.5),
    ],
)
def test_mean_trust_rests_where_the_formula_says(rule):
    """T* = start + (errors noticed (mended gain - left loss) - opacity hidden) / drift."""
    trust = trust_after(rule, 40_000, years=80, seed=1)
    met = rule.errors * rule.noticed
    push = met * (rule.mended * rule.gain - (1 - rule.mended) * rule.loss)
    formula = 0.5 + (push - rule.opacity * rule.hidden) / rule.drift
    assert rule.resting == pytest.approx(formula)
    assert trust.mean() == pytest.approx(formula, abs=5e-3)


def test_mending_raises_trust_and_leaving_lowers_it():
    def mean(**told):
        return trust_after(TrustRule(errors=0.2, **told), 5_000, years=20, seed=2).mean()

    assert mean(mended=1.0) > 0.5 > mean(mended=0.0) > mean(mended=0.0, opacity=1.0)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: silence([]), "values: are of nobody"),
        (lambda: silence([0.1, np.nan]), "values"),
        (lambda: uniform_threshold(-1), "cost: is -1"),
        (lambda: TrustRule(errors=1.5), "trust, errors: is 1.5"),
        (lambda: TrustRule(errors=0.1, drift=0.0).resting, "trust never rests"),
        (lambda: trust_after(TrustRule(), 5, years=-1), "years: is -1"),
    ],
)
def test_bad_numbers_are_one_line(act, said):
    with pytest.raises(InputError, match=said) as refused:
        act()
    assert "\n" not in str(refused.value)
