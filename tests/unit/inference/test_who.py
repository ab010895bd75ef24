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
    frame = pd.DataFrame({
        "x": np.arange(12.0), "sex": list("fm") * 6, "town": list("aaabbbbbbbbb"),
        "place": np.arange(12) % 9,
    })  # fmt: skip
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


def test_the_prior_of_shrunken_rates_is_the_most_probable_one():
    random = np.random.default_rng(5)
    people = random.integers(20, 200, 30)
    selected = random.binomial(people, random.beta(6, 4, 30))
    mean, low, high = shrunken_rates(selected, people, level=0.9)
    # (k + a) / (n + a + b) is linear in a and b: two groups tell the prior, all others agree.
    system = np.stack([1 - mean, -mean], axis=1)
    (a, b), *_ = np.linalg.lstsq(system, mean * people - selected, rcond=None)
    np.testing.assert_allclose(mean, (selected + a) / (people + a + b))
    np.testing.assert_allclose(low, stats.beta.ppf(0.05, selected + a, people - selected + b))
    np.testing.assert_allclose(high, stats.beta.ppf(0.95, selected + a, people - selected + b))

    def likely(one, two):
        return stats.betabinom.logpmf(selected, people, one, two).sum()

    for one, two in ((1.1, 1.1), (0.9, 0.9), (1.1, 1.0), (1.0, 1.1), (0.95, 1.05)):
        assert likely(a, b) >= likely(one * a, two * b)


def test_the_strength_of_a_prior_is_held_between_half_a_person_and_ten_times_all():
    apart = shrunken_rates(np.array([0, 50] * 4), np.array([50] * 8))[0]
    np.testing.assert_allclose(apart[:2], [0.25 / 50.5, 50.25 / 50.5], rtol=1e-3)
    alike = shrunken_rates(np.array([50, 50, 50, 50]), np.array([100] * 4))[0]
    np.testing.assert_allclose(alike, 0.5, atol=1e-4)
    near = shrunken_rates(np.array([49, 51, 50, 50]), np.array([100] * 4))[0]
    strength = 10 * 400 + 10
    np.testing.assert_allclose(near[0], (49 + strength / 2) / (100 + strength), rtol=1e-4)
    few = shrunken_rates(np.array([3]), np.array([4]), level=0.5)
    assert few[1][0] < few[0][0] < few[2][0]


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
