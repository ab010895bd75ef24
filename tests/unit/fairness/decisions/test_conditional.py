"""What strata make of a difference, and what is left."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError
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


def by_hand(decisions, women, strata):
    """Oaxaca, Blinder and Kitagawa with the mean of both groups' rates, stratum by stratum."""
    explained = within = weight = disparity = 0.0
    for stratum in np.unique(strata):
        here = strata == stratum
        one, two = here & women, here & ~women
        rates = [decisions[who].mean() if who.any() else np.nan for who in (one, two)]
        filled = [
            np.nansum([rate if rate == rate else rates[1 - k]]) for k, rate in enumerate(rates)
        ]
        share = one.sum() / women.sum() - two.sum() / (~women).sum()
        explained += share * (filled[0] + filled[1]) / 2
        if one.any() and two.any():
            within += here.sum() * (rates[0] - rates[1])
            weight += here.sum()
        disparity += here.sum() * (women[here & ~decisions].mean() - women[here & decisions].mean())
    whole = decisions[women].mean() - decisions[~women].mean()
    return {
        "difference": whole,
        "explained": explained,
        "unexplained": whole - explained,
        "conditional_difference": within / weight,
        "conditional_demographic_disparity": disparity / len(strata),
    }


def test_every_quantity_is_that_of_the_strata_one_by_one(people):
    dataset, frame = people(900, seed=3, shift=0.7)
    decisions, women = (frame["chance"] > 0.5).to_numpy(), (frame["sex"] == "f").to_numpy()
    expected = by_hand(decisions, women, frame["job"].to_numpy())
    for given in ("job", frame["job"]):
        found = conditional_disparity(
            decisions, dataset, sensitive="sex", given=given, reference_groups="m"
        )
        numbers = found.metrics()
        for name, value in expected.items():
            assert numbers[f"conditional.{name}.sex.f"] == pytest.approx(value), name
        strata = found.table[found.table["stratum"] != ""].set_index("stratum")
        assert set(strata.index) == {"desk", "field", "none"}
        for job, row in strata.iterrows():
            here = (frame["job"] == job).to_numpy()
            gap = decisions[here & women].mean() - decisions[here & ~women].mean()
            assert row["estimate"] == pytest.approx(gap)
            assert row["people"] == here.sum()
            assert row["quantity"] == "conditional_difference"
        assert (found.table["given"] == "job").all()
        assert (found.table["measure"] == "selection_rate").all()
        assert found.parameters["given"] == "job"
        assert found.title == "What job explains of differences by sex"
        assert found.notes[0].startswith("Explained is not excused")


def test_numbers_of_many_values_are_cut_into_five_bands_and_sensitive_columns_will_do(people):
    dataset, frame = people(600)
    decisions = frame["chance"] > 0.5
    found = conditional_disparity(decisions, dataset, sensitive="sex", given="chance").table
    bands = found[found["stratum"] != ""]
    assert bands["stratum"].nunique() == 5
    assert bands["people"].tolist() == [120] * 5
    place = conditional_disparity(decisions, dataset, sensitive="sex", given=frame["place"] % 20)
    assert place.table["stratum"].nunique() == 21
    own = conditional_disparity(decisions, dataset, sensitive="sex", given="sex").table
    # Within one sex there is nobody to compare with.
    assert own[own["stratum"] != ""]["estimate"].isna().all()
    plain = conditional_disparity(decisions, dataset, sensitive="sex", given=[0, 1] * 300)
    assert plain.parameters["given"] == "strata"


def test_over_clusters_all_quantities_count_them_and_never_say_more(people):
    dataset, frame = people(2000, cluster="place")
    luck = np.random.default_rng(0).normal(0, 0.3, 40)[frame["place"]]
    decisions = frame["chance"] + luck > 0.5
    tables = {
        over: conditional_disparity(
            decisions, dataset, sensitive="sex", given="job", over=over
        ).table.set_index(["quantity", "stratum"])
        for over in ("people", "clusters")
    }
    assert (tables["people"]["clusters"] == 0).all()
    assert (tables["clusters"]["clusters"] == 40).all()
    widths = {over: table["high"] - table["low"] for over, table in tables.items()}
    assert (widths["clusters"] >= widths["people"] - 1e-9).all()
    for quantity in ("explained", "unexplained", "demographic_disparity"):
        assert widths["clusters"][quantity, ""] > widths["people"][quantity, ""]


def test_what_cannot_be_strata_is_refused(people):
    dataset, frame = people(60)
    chosen = frame["chance"] > 0.5
    gaps = frame["job"].where(np.arange(60) > 2).rename("job")
    with pytest.raises(TableError, match=r"^given 'job': is missing in 3 rows; fill those rows"):
        conditional_disparity(chosen, dataset, sensitive="sex", given=gaps)
    names = np.array([f"n{k}" for k in range(60)])
    with pytest.raises(TableError, match=r"^given 'strata': has 60 values; make at most 20"):
        conditional_disparity(chosen, dataset, sensitive="sex", given=names)
    with pytest.raises(TableError, match=r"^given: has shape \(3,\)"):
        conditional_disparity(chosen, dataset, sensitive="sex", given=[1, 2, 3])
    with pytest.raises(TableError, match=r"^given: 'jb' is unknown"):
        conditional_disparity(chosen, dataset, sensitive="sex", given="jb")


def test_any_column_of_the_users_table_can_make_strata():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"late": rng.poisson(1, 200), "sex": rng.choice(["f", "m"], 200)})
    frame = frame.assign(town=rng.choice(["a", "b"], 200), paid=rng.integers(0, 2, 200))
    data = Dataset.from_frame(frame, target="paid", sensitive="sex", factors={"h": ["late"]})
    decisions = rng.random(200) < 0.5
    for part in (np.arange(200), np.arange(150, 20, -1)):
        some = data.take(part)
        named = conditional_disparity(decisions[part], some, sensitive="sex", given="town").table
        own = conditional_disparity(
            decisions[part], some, sensitive="sex", given=frame["town"].to_numpy()[part]
        ).table
        assert named["estimate"].tolist() == own["estimate"].tolist()
