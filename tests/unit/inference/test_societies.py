"""Intervals over other societies of the same world, for any instrument that takes a society."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from credit_ml.agencies import load_agency
from credit_ml.core import InputError
from credit_ml.fairness import audit
from credit_ml.inference import other_societies, resample_societies
from credit_ml.inference.societies import other_seeds
from credit_ml.society import World


@pytest.fixture(scope="module")
def society():
    return World(citizens=600, seed=5).simulate()


@pytest.fixture(scope="module")
def instrument(society):
    rater = load_agency("council").fit(society)

    def audited(each):
        dataset = rater.agency.view(each)
        return audit(
            rater.score(dataset.X) >= 90, dataset, sensitive="hukou", replicates=100,
            reference_groups={"hukou": "urban"}, metrics=["selection_rate"],
        )  # fmt: skip

    return audited


def test_half_width_is_student_times_the_spread_over_the_others(society, instrument):
    found = resample_societies(society, instrument, societies=9, intervals=0.9)
    others = other_societies(society, instrument, societies=9)
    chosen = found.table["quantity"] == "difference"
    spread = np.std([each.table.loc[chosen, "estimate"].item() for each in others], ddof=1)
    half = stats.t.ppf(0.95, 8) * spread
    row = found.table[chosen].iloc[0]
    assert row["estimate"] == instrument(society).table.loc[chosen, "estimate"].item()
    assert row[["low", "high"]].tolist() == pytest.approx(
        [row["estimate"] - half, row["estimate"] + half]
    )


def test_workers_do_not_matter(society, instrument):
    alone, shared = (
        resample_societies(society, instrument, societies=8, workers=workers) for workers in (1, 2)
    )
    pd.testing.assert_frame_equal(alone.table, shared.table)


def test_others_differ_from_each_other_and_by_seed(society):
    numbers = other_seeds(society.world.seed, 50, seed=0)
    assert len({society.world.seed, *numbers}) == 51
    assert numbers[:5] == other_seeds(society.world.seed, 5, seed=0)
    assert not set(numbers) & set(other_seeds(society.world.seed, 50, seed=1))
    assert not set(numbers) & set(other_seeds(society.world.seed + 1, 50, seed=0))


@pytest.mark.parametrize("societies", [7, 0, True, 9.5])
def test_too_few_are_refused_before_any_is_made(society, societies):
    with pytest.raises(InputError, match="societies"):
        resample_societies(society, lambda each: pytest.fail("was run"), societies=societies)
