"""What an unmeasured common cause must be: published numbers, and least squares itself."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from credit_ml.core import Dataset
from credit_ml.proxies import CausalFit, CausalGraph, causal_effects, e_value, robustness_value


def test_robustness_values_of_darfur_are_those_published():
    """Cinelli and Hazlett (2020), table 1: t 4.18 of 783 degrees of freedom."""
    critical = stats.t.ppf(0.975, 782)
    assert robustness_value(4.18, 783) == pytest.approx(0.139, abs=5e-4)
    assert robustness_value(4.18, 783, critical=critical) == pytest.approx(0.076, abs=5e-4)
    assert pytest.approx(0.022, abs=5e-4) == 4.18**2 / (4.18**2 + 783)


def test_e_values_are_those_published():
    """VanderWeele and Ding (2017): risk ratio 3.9 (1.8 to 8.7)."""
    assert e_value([3.9, 1.8]) == pytest.approx([7.26, 3.0], abs=5e-3)
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))
    assert e_value(1.0) == 1.0


@given(st.floats(0.01, 60), st.integers(5, 5000))
def test_a_confounder_that_strong_takes_the_whole_coefficient(t, freedom):
    value = robustness_value(t, freedom)
    assert 0 < value < 1
    assert value**2 / (1 - value) == pytest.approx(t**2 / freedom)
    assert robustness_value(-t, freedom) == value
    assert robustness_value(t, freedom, critical=2.0) <= value
    assert robustness_value(t, freedom, critical=t) == pytest.approx(0.0, abs=1e-2)


def test_least_squares_with_such_a_confounder_is_none():
    random = np.random.default_rng(2)
    cause, other, noise = (each - each.mean() for each in random.normal(size=(3, 400)))
    outcome = 0.3 * cause + other
    slope, rest = _least_squares(cause[:, None], outcome)
    freedom = len(cause) - 2
    value = robustness_value(slope[0] / np.sqrt(rest @ rest / freedom / (cause @ cause)), freedom)
    # Two directions that tell of the cause and of the outcome, and one that tells of neither.
    free = _least_squares(np.column_stack([cause, rest]), noise)[1]
    units = np.array([each / np.linalg.norm(each) for each in (cause, rest, free)])
    share = np.array([value, value * (1 - value), (1 - value) ** 2])
    hidden = np.sqrt(share) @ units
    adjusted = _least_squares(np.column_stack([cause, hidden]), outcome)[0]
    assert slope[0] > 0.2
    assert adjusted[0] == pytest.approx(0.0, abs=1e-9)


def _least_squares(design, outcome):
    slope = np.linalg.lstsq(design, outcome, rcond=None)[0]
    return slope, outcome - design @ slope


@pytest.fixture(scope="module")
def confounded():
    random = np.random.default_rng(3)
    hidden, seen = random.normal(size=(2, 4000))
    member = random.random(4000) < 1 / (1 + np.exp(-hidden))
    outcome = 0.5 * member + hidden + seen + random.normal(size=4000)
    group = np.where(member, "g", "r")
    frame = pd.DataFrame(
        {"hidden": hidden, "seen": seen, "group": group, "street": np.arange(4000) % 2000}
    )
    return outcome, frame


def effects_of(outcome, frame, *confounders, **options):
    data = Dataset.from_frame(frame, target=None, sensitive=["group"], **options)
    graph, fit = CausalGraph(confounders=confounders), CausalFit(estimator="linear")
    found = causal_effects(
        outcome, data, sensitive="group", graph=graph, fit=fit, reference_groups="r"
    )
    return found.table.set_index("effect")


def test_an_effect_says_what_would_explain_it_away(confounded):
    outcome, frame = confounded
    found = effects_of(outcome, frame, "seen")
    columns = ["robustness_value", "robustness_value_interval", "e_value", "e_value_interval"]
    assert found.loc[["indirect", "spurious", "(gap)"], columns].isna().all(axis=None)
    direct = found.loc["direct", columns]
    assert direct.equals(found.loc["total", columns].rename("direct"))
    assert 0 < direct.iloc[1] < direct.iloc[0] < 1 < direct.iloc[3] < direct.iloc[2]
    # That of least squares with the same columns.
    member = (frame["group"] == "g").to_numpy(dtype=float)
    design = np.column_stack([np.ones(4000), frame["seen"]])
    cause, left = (_least_squares(design, each)[1] for each in (member, outcome))
    slope, rest = _least_squares(cause[:, None], left)
    t = slope[0] / np.sqrt(rest @ rest / 3997 / (cause @ cause))
    assert direct["robustness_value"] == pytest.approx(robustness_value(t, 3997), rel=0.03)


def test_what_the_hidden_cause_takes_is_foretold(confounded):
    """It explains less of one side than the robustness value, and leaves the sign."""
    outcome, frame = confounded
    before, after = effects_of(outcome, frame, "seen"), effects_of(outcome, frame, "seen", "hidden")
    member = (frame["group"] == "g").to_numpy(dtype=float)
    explained = np.corrcoef(member, frame["hidden"])[0, 1] ** 2
    assert explained < before.loc["direct", "robustness_value"]
    assert 0.3 < after.loc["direct", "estimate"] < 0.7 < before.loc["direct", "estimate"]


def test_an_interval_that_holds_none_is_explained_by_nothing(confounded):
    outcome, frame = confounded
    random = np.random.default_rng(4)
    found = effects_of(random.permutation(outcome), frame, "seen").loc["direct"]
    assert found["low"] < 0 < found["high"]
    assert found["robustness_value_interval"] == 0
    assert found["e_value_interval"] == 1


def test_an_outcome_alike_for_all_has_nothing_to_explain(confounded):
    _, frame = confounded
    found = effects_of(np.ones(len(frame)), frame, "seen").loc["direct"]
    assert np.isnan(found[["robustness_value", "e_value"]].to_numpy(dtype=float)).all()
