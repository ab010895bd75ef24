"""Bounds of tests under unmeasured odds: published tables, closed forms, known odds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError
from credit_ml.proxies import (
    CausalFit,
    CausalGraph,
    causal_effects,
    rosenbaum_gamma,
    rosenbaum_p_value,
)
from credit_ml.society import load_world

#: Lead in the blood of children of a battery factory's workers and of their matches (Morton et al.
#: 1982), micrograms per decilitre.
EXPOSED = """38 23 41 18 37 36 23 62 31 34 24 14 21 17 16 20 15 10 45 39 22 35 49 48 44 35 43 39 34
13 73 25 27"""
MATCHED = """16 18 18 24 19 11 10 15 16 18 18 13 19 10 16 16 24 13 9 14 21 19 7 18 19 12 11 22 25 16
13 11 13"""


def paired(first, second):
    outcome = np.column_stack([first, second]).ravel()
    pairs = np.repeat(np.arange(len(outcome) // 2), 2)
    return outcome, pairs * 2 == np.arange(len(outcome)), pairs


def test_lead_in_the_blood_has_the_published_bounds():
    """Rosenbaum (2002), table 4.2, by signed ranks; aligned ranks differ in the third digit."""
    children = paired(np.array(EXPOSED.split(), float), np.array(MATCHED.split(), float))
    published = {1: 0.0, 2: 0.0018, 3: 0.0136, 4: 0.0388, 4.25: 0.0468, 5: 0.0740}
    found = {gamma: rosenbaum_p_value(*children, gamma=gamma) for gamma in published}
    assert found == pytest.approx(published, abs=0.0025)


def test_smoking_and_lung_cancer_have_the_published_bounds():
    """Rosenbaum (2002), table 4.1: of 122 pairs of which one died, the smoker did in 110."""
    pairs = paired(np.repeat([1, 0], [110, 12]), np.repeat([0, 1], [110, 12]))
    published = {1: 0.0, 2: 0.0, 3: 0.0, 4: 0.0036, 5: 0.03, 6: 0.1}
    found = {gamma: rosenbaum_p_value(*pairs, gamma=gamma) for gamma in published}
    assert found == pytest.approx(published, abs=0.002)
    assert 4.5 < rosenbaum_gamma(*pairs) < 5 < rosenbaum_gamma(*pairs, level=0.9)


@given(st.integers(5, 40), st.integers(5, 40), st.integers(1, 30), st.floats(1.0, 8.0))
def test_of_one_table_the_bound_is_fishers_distribution(kept, lost, members, gamma):
    """Of 0 and 1 the worst cause is the outcome itself."""
    people = kept + lost
    members = min(members, people - 1)
    top = min(kept, members)
    outcome = np.repeat([1.0, 0.0], [kept, lost])
    member = np.zeros(people, dtype=bool)
    member[:top], member[kept : kept + members - top] = True, True
    law = stats.nchypergeom_fisher(people, kept, members, gamma)
    distance = (top - 0.5 - law.mean()) / law.std()
    found = rosenbaum_p_value(outcome, member, gamma=gamma)
    assert found == pytest.approx(stats.norm.sf(distance), abs=1e-6)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.booleans())
def test_bounds_grow_with_the_odds_and_hang_on_no_name_order_or_scale(seed, binary):
    random = np.random.default_rng(seed)
    member, strata = random.random(120) < 0.4, random.integers(0, 9, 120)
    outcome = random.normal(size=120) + 0.8 * member
    outcome = (outcome > 0.5).astype(float) if binary else outcome
    p_values = [rosenbaum_p_value(outcome, member, strata, gamma=g) for g in (1, 1.5, 3, 10)]
    assert p_values == sorted(p_values)
    assert 0 <= p_values[0] <= p_values[-1] <= 1
    order = random.permutation(120)
    again = rosenbaum_p_value(
        (1 - outcome if binary else 7 - 3 * outcome)[order],
        member[order],
        strata[order].astype(str),
        gamma=3,
    )
    assert again == pytest.approx(p_values[2])
    gamma = rosenbaum_gamma(outcome, member, strata)
    if 1 < gamma < np.inf:
        at = rosenbaum_p_value(outcome, member, strata, gamma=gamma)
        assert at == pytest.approx(0.025, rel=1e-3)


def test_a_cause_of_known_odds_is_covered():
    """Without any effect a hidden cause of odds 2 makes gamma exceed 2 in few of 400 tables."""
    random, beyond, fooled = np.random.default_rng(5), 0, 0
    for _ in range(400):
        strata, hidden = np.repeat(np.arange(60), 4), random.random(240) < 0.5
        # Odds of 1/2 and 1: two alike people differ by 2 at most.
        member = random.random(240) < np.where(hidden, 1 / 2, 1 / 3)
        # The outcome all but tells the hidden cause.
        outcome = hidden + 0.01 * random.normal(size=240)
        found = rosenbaum_gamma(outcome, member, strata)
        beyond, fooled = beyond + (found > 2), fooled + (found > 1)
    assert fooled > 200
    assert stats.binomtest(beyond, 400, 0.025, alternative="greater").pvalue > 0.01


def test_what_tells_nothing_is_fragile():
    assert rosenbaum_gamma([1.0, 2.0, 3.0], [True, True, False], ["a", "a", "b"]) == 1
    assert rosenbaum_p_value(np.ones(8), np.arange(8) < 4) == 1
    assert rosenbaum_p_value([], [], gamma=2) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"gamma": 0.5}, "gamma: is 0.5; give a finite number of at least 1"),
        ({"gamma": np.nan}, "gamma: is nan"),
        ({"member": [True]}, "member: has 1 value, and outcome 2"),
        ({"strata": [0, 1, 2]}, "strata: has 3 values, and outcome 2"),
        ({"outcome": [0, np.nan]}, "outcome: has 1 value that are no finite number"),
    ],
)
def test_bad_input_is_one_line(options, said):
    asked = {"outcome": [0, 1], "member": [True, False], "strata": None, "gamma": 1} | options
    gamma = asked.pop("gamma")
    with pytest.raises(InputError, match=said):
        rosenbaum_p_value(*asked.values(), gamma=gamma)


def test_effects_by_strata_say_it_and_others_do_not():
    random = np.random.default_rng(0)
    old, member = random.integers(0, 3, 600), random.random(600) < 0.5
    paid = (random.random(600) < 0.3 + 0.3 * member + 0.1 * old).astype(float)
    frame = pd.DataFrame(
        {"old": old, "group": np.where(member, "g", "r"), "home": np.arange(600) // 2}
    )

    def gammas(estimator, **options):
        data = Dataset.from_frame(frame, target=None, sensitive=["group"], **options)
        fit, graph = CausalFit(estimator=estimator), CausalGraph(confounders=["old"])
        found = causal_effects(
            paid, data, sensitive="group", graph=graph, reference_groups="r", fit=fit
        )
        return found.table.set_index("effect")["rosenbaum_gamma"]

    found = gammas("strata")
    assert found["direct"] == pytest.approx(rosenbaum_gamma(paid, member, old))
    assert found["direct"] > 1.5
    assert found[["indirect", "spurious", "(gap)"]].isna().all()
    assert gammas("linear").isna().all()
    assert gammas("strata", cluster="home").isna().all()


def test_in_the_confounded_world_the_unmeasured_cause_is_strong_enough():
    """Hukou does nothing there: whatever a method says of it, what it says to doubt must be so."""
    society = replace(load_world("confounded"), citizens=10_000, seed=1).simulate()
    agency = load_agency("sesame")
    data = agency.view(society)
    scores = agency.fit(society).score(data.X)
    graph, fit = CausalGraph(confounders=["age_band"]), CausalFit(estimator="strata")
    found = causal_effects(
        scores, data, sensitive="hukou", graph=graph, fit=fit, reference_groups="urban"
    ).table.set_index("effect")
    assert found.loc["total", "estimate"] < 0
    assert np.isnan(found.loc["total", "rosenbaum_gamma"])  # people share districts
    member = (data.sensitive["hukou"] == "rural").to_numpy()
    trust = society.truth["trust"].to_numpy()
    gamma = rosenbaum_gamma(scores, member, data.sensitive["age_band"])
    few, many = (member[trust > np.median(trust)].mean(), member[trust <= np.median(trust)].mean())
    assert 1 < gamma < many / (1 - many) / (few / (1 - few))
    # Shares of variance that trust explains, and those that bring the interval to none.
    value = found.loc["total", "robustness_value_interval"]
    cause, effect = (np.corrcoef(trust, each)[0, 1] ** 2 for each in (member, scores))
    assert value**2 / (1 - value) < effect * cause / (1 - cause)
