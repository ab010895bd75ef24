"""What strata make of a difference, and what is left."""

import numpy as np
import pytest

from credit_ml.core import TableError
from credit_ml.fairness import conditional_disparity


@pytest.mark.parametrize("cluster", [None, "place"])
def test_what_the_strata_make_is_explained(cluster, people):
    # Jobs decide; women hold other jobs: everything is explained, and nothing is left.
    random = np.random.default_rng(2)
    dataset, frame = people(4000, cluster=cluster)
    desk = random.random(4000) < np.where(frame["sex"] == "f", 0.2, 0.7)
    decisions = random.random(4000) < np.where(desk, 0.8, 0.3)
    found = conditional_disparity(decisions, dataset, sensitive="sex", given=desk)
    by = found.table[found.table["stratum"] == ""].set_index("quantity")
    assert by.loc["difference", "estimate"] == pytest.approx(-0.25, abs=0.05)
    parts = by.loc["explained", "estimate"] + by.loc["unexplained", "estimate"]
    assert parts == pytest.approx(by.loc["difference", "estimate"])
    for quantity in ("unexplained", "conditional_difference", "conditional_demographic_disparity"):
        assert by.loc[quantity, "low"] <= 0 <= by.loc[quantity, "high"]
    assert by.loc["demographic_disparity", "low"] > 0


def test_one_stratum_explains_nothing(people):
    dataset, frame = people(500)
    decisions = frame["chance"] > 0.5
    found = conditional_disparity(decisions, dataset, sensitive="sex", given=np.zeros(500))
    numbers = found.metrics()
    assert numbers["conditional.explained.sex.f"] == pytest.approx(0)
    rates = decisions.groupby(frame["sex"]).mean()
    for part in ("difference", "conditional_difference", "unexplained"):
        assert numbers[f"conditional.{part}.sex.f"] == pytest.approx(rates["f"] - rates["m"])
    women = frame["sex"] == "f"
    disparity = women[~decisions].mean() - women[decisions].mean()
    assert numbers["conditional.demographic_disparity.sex.f"] == pytest.approx(disparity)
    assert len(found.plot().get_yticklabels()) == 6


def test_a_stratum_without_one_group_is_left_out(people):
    dataset, frame = people(300)
    men_only = np.where(frame["sex"] == "f", "b", np.where(np.arange(300) % 2, "a", "b"))
    found = conditional_disparity(frame["chance"] > 0.5, dataset, sensitive="sex", given=men_only)
    chosen, women = frame["chance"] > 0.5, frame["sex"] == "f"
    within = chosen[women].mean() - chosen[~women & (men_only == "b")].mean()
    row = found.metrics()["conditional.conditional_difference.sex.f"]
    assert row == pytest.approx(within)
    with pytest.raises(TableError, match="'jb' is unknown; did you mean 'job'"):
        conditional_disparity(chosen, dataset, sensitive="sex", given="jb")
