"""Who is compared with whom, what options mean, and many groups at once."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.inference import (
    People,
    adjusted,
    checked_level,
    checked_over,
    comparisons_of,
    equal_shares_test,
    groups_of,
    shrunken_rates,
    simultaneous_level,
)


@pytest.fixture
def dataset():
    frame = pd.DataFrame(
        {
            "x": np.arange(12.0),
            "sex": list("fm") * 6,
            "town": list("aaabbbbbbbbb"),
            "place": np.arange(12) % 9,
        }
    )
    return Dataset.from_frame(frame, target=None, sensitive=["sex", "town"], cluster="place")


def test_everybody_then_each_group(dataset):
    found = [(name, group, int(who.sum())) for name, group, who in groups_of(dataset)]
    assert found[0] == ("overall", "all", 12)
    assert found[1:3] == [("sex", "f", 6), ("sex", "m", 6)]
    assert found[3:] == [("town", "a", 3), ("town", "b", 9)]


def test_the_reference_is_the_most_numerous_or_the_named(dataset):
    assert [pair.group for pair in comparisons_of(dataset, "town")] == ["a"]
    (pair,) = comparisons_of(dataset, "town", "a")
    assert (pair.group, pair.reference_group) == ("b", "a")
    (pair,) = comparisons_of(dataset, ["town"], {"town": "a"})
    assert pair.inside.sum() == 9


@pytest.mark.parametrize(
    ("sensitive", "references"),
    [("hair", None), (["sex", "sex"], None), ("sex", "x"), ("sex", {"hair": "f"})],
)
def test_unknown_names_are_refused(dataset, sensitive, references):
    with pytest.raises(TableError):
        list(comparisons_of(dataset, sensitive, references))


def test_a_feature_of_one_group_is_refused_where_two_are_needed(dataset):
    few = dataset.take(np.arange(3))
    with pytest.raises(TableError, match="one group only"):
        list(comparisons_of(few, "town", needed=True))


def test_people_of_a_dataset_count_its_clusters(dataset):
    assert People.of(dataset).counted == "clusters"
    assert People.of(dataset, over="people").counted == "people"
    assert "9 clusters" in People.of(dataset).note


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, True, "0.95"])
def test_a_level_is_between_0_and_1(level):
    with pytest.raises(InputError, match="intervals"):
        checked_level(level)


def test_over_is_one_of_four():
    with pytest.raises(InputError, match="over"):
        checked_over("districts", 9)
    with pytest.raises(InputError, match="resample_societies"):
        checked_over("societies", 9)


def test_adjusted_p_values_are_those_of_statsmodels():
    p = np.random.default_rng(0).random(30) ** 3
    holm, hochberg = adjusted(p)
    assert holm == pytest.approx(multipletests(p, method="holm")[1])
    assert hochberg == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_shrunken_rates_lie_between_own_and_pooled():
    selected, people = np.array([1, 9, 50]), np.array([10, 10, 100])
    rate, low, high = shrunken_rates(selected, people)
    assert np.all((low < rate) & (rate < high))
    assert 0.1 < rate[0] < rate[2] < rate[1] < 0.9


def test_shrunken_rates_are_those_of_a_brute_posterior():
    """A fine grid over the prior's share and 1 / sqrt(strength), by scipy's beta-binomial."""
    selected, people = np.array([3, 30, 55]), np.array([20, 60, 90])
    share = np.linspace(0.002, 0.998, 250)[:, np.newaxis]
    strength = np.linspace(10 * 170 + 10, 0.5, 2) ** -0.5
    strength = np.linspace(*strength, 400) ** -2
    weight = np.exp(
        sum(
            stats.betabinom.logpmf(k, n, share * strength, (1 - share) * strength)
            for k, n in zip(selected, people, strict=True)
        )
    )
    weight /= weight.sum()
    mean, low, high = shrunken_rates(selected, people, level=0.9)
    for place, (k, n) in enumerate(zip(selected, people, strict=True)):
        above, below = k + share * strength, n - k + (1 - share) * strength
        assert mean[place] == pytest.approx((weight * above / (above + below)).sum(), abs=2e-3)
        for end, chance in ((low, 0.05), (high, 0.95)):
            held = (weight * stats.beta.cdf(end[place], above, below)).sum()
            assert held == pytest.approx(chance, abs=0.012)


def test_shrunken_rates_go_together_as_far_as_groups_agree():
    apart = shrunken_rates(np.array([0, 50] * 4), np.array([50] * 8))[0]
    np.testing.assert_allclose(apart[:2], [0.005, 0.995], atol=0.01)
    alike = shrunken_rates(np.array([50, 50, 50, 50]), np.array([100] * 4))[0]
    np.testing.assert_allclose(alike, 0.5, atol=1e-6)
    near = shrunken_rates(np.array([49, 51, 50, 50]), np.array([100] * 4))[0]
    assert 0.49 < near[0] < 0.5 < near[1] < 0.51
    few = shrunken_rates(np.array([3]), np.array([4]), level=0.5)
    assert few[1][0] < few[0][0] < few[2][0]
    none = shrunken_rates(np.array([0, 0]), np.array([30, 3]))
    assert np.all((none[1] >= 0) & (none[0] < 0.1))


@pytest.mark.parametrize("groups", [2, 4, 10])
@pytest.mark.parametrize("apart", [0.0, 0.03, 0.15])
def test_limits_of_shrunken_rates_hold_the_rates(groups, apart):
    """Whether groups are alike or not; with the prior taken as known 42 to 95 % were held."""
    random, held = np.random.default_rng(groups), []
    for _ in range(60):
        strength = 0.25 / max(apart, 1e-4) ** 2 - 1
        true = random.beta(strength / 2, strength / 2, groups)
        selected = random.binomial(200, true)
        _, low, high = shrunken_rates(selected, np.full(groups, 200))
        held += list((low <= true) & (true <= high))
    assert np.mean(held) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / len(held)) - 0.01


@pytest.mark.parametrize("groups", [2, 3, 6, 20])
def test_all_pairs_at_once_hold_by_the_studentised_range(groups):
    level = simultaneous_level(0.9, groups)
    width = stats.norm.ppf((1 + level) / 2) * np.sqrt(2)
    assert stats.studentized_range.cdf(width, groups, 10**6) == pytest.approx(0.9, abs=1e-3)


@pytest.mark.parametrize("hits", [(30, 45), (2, 9), (0, 3), (98, 100)])
def test_equal_shares_are_tested_by_z_or_exactly(hits):
    from statsmodels.stats.proportion import proportions_ztest

    name, p = equal_shares_test(hits, [100, 100])
    tail = equal_shares_test(hits, [100, 100], alternative="less")
    few = min(sum(hits), 200 - sum(hits)) / 2 < 5
    assert name == tail[0] == ("fisher" if few else "z")
    if few:
        table = [[hits[0], 100 - hits[0]], [hits[1], 100 - hits[1]]]
        assert p == pytest.approx(stats.fisher_exact(table)[1])
        assert tail[1] == pytest.approx(stats.fisher_exact(table, alternative="less")[1])
    else:
        assert p == pytest.approx(proportions_ztest(hits, [100, 100])[1])
        assert tail[1] == pytest.approx(
            proportions_ztest(hits, [100, 100], alternative="smaller")[1]
        )


def test_an_expected_count_of_five_is_enough_for_z():
    assert equal_shares_test([4, 6], [50, 50])[0] == "z"
    assert equal_shares_test([4, 5], [50, 50])[0] == "fisher"
    assert equal_shares_test([45, 44], [50, 50])[0] == "z"


def test_adjusted_p_values_leave_out_what_is_unknown():
    found = adjusted([0.02, np.nan, 0.01])
    assert np.isnan([found.holm[1], found.benjamini_hochberg[1]]).all()
    assert found.holm[[0, 2]].tolist() == [0.02, 0.02]
    assert np.isnan(adjusted([np.nan]).holm).all()
    assert len(adjusted([]).holm) == 0
    assert adjusted([0.9, 0.8]).holm.tolist() == [1.0, 1.0]
