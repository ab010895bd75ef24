"""Estimators where theory says the answer: exact components, exact errors, exact zeros."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, ModelError, TableError
from credit_ml.explanation.shapley.coalitions import MOST_EXACT
from credit_ml.inference import Comparison, People
from credit_ml.proxies import ESTIMATORS, compare, decompose, estimator, estimators_frame
from credit_ml.proxies.decomposition.admissible import (
    _between,
    _distance,
    nearest_admissible,
    price_of,
)
from credit_ml.proxies.decomposition.attribute import attribute, checked
from credit_ml.proxies.decomposition.components import Components, component_rows, shared_variance
from credit_ml.proxies.decomposition.estimators.additive import _slope
from credit_ml.proxies.decomposition.estimators.catalogue import _in_this_folder
from credit_ml.proxies.decomposition.estimators.estimator import Estimator, GapTask, _published
from credit_ml.proxies.decomposition.estimators.obscure import dealt, falls
from credit_ml.proxies.decomposition.estimators.refit import less_group_means
from credit_ml.proxies.decomposition.estimators.repair import banded, moved, within_ranks
from credit_ml.proxies.decomposition.estimators.swap import random_pairing
from credit_ml.scoring import LogisticScorer, cross_fit
from credit_ml.society import World


def table(found):
    return found.table.set_index("factor")


def made(number=600, seed=0, **more):
    rng = np.random.default_rng(seed)
    woman = rng.random(number) < 0.4
    frame = pd.DataFrame(
        {
            "late": rng.normal(size=number) + woman,
            "years": rng.normal(size=number),
            "job": pd.Categorical(rng.choice(["state", "own", "none"], number)),
            "sex": np.where(woman, "f", "m"),
            "kept": (rng.normal(size=number) > 0.5 * woman).astype(int),
        }
    ).assign(**more)
    return Dataset.from_frame(frame, target="kept", sensitive=["sex"])


def jackknife(function, number):
    """Standard error of a number of everybody, by leaving each out."""
    left = np.array([function(np.arange(number) != each) for each in range(number)])
    return np.sqrt(((left - left.mean()) ** 2).sum() * (number - 1) / number)


# Permuting.


@pytest.mark.parametrize("repeats", [1, 2, 7])
def test_dealing_a_factor_that_the_score_does_not_use_takes_nothing(repeats):
    method = estimator("permute", repeats=repeats)
    found = table(decompose(lambda X: 3.0 * X["late"], made(), sensitive="sex", method=method))
    for factor in ("years", "job"):
        assert found.loc[factor, ["estimate", "low", "high"]].tolist() == pytest.approx([0, 0, 0])


def test_dealing_the_one_factor_that_is_used_takes_the_whole_gap_but_for_chance():
    """What is left is the difference of means of values dealt by chance, meaned over the deals."""
    data, left = made(), {}
    for repeats in (1, 16):
        method = estimator("permute", repeats=repeats)
        draws = [
            table(
                decompose(
                    lambda X: 3.0 * X["late"], data, sensitive="sex", method=method, seed=seed
                )
            )["estimate"]
            for seed in range(40)
        ]
        left[repeats] = np.array([each["(gap)"] - each["late"] for each in draws])
    sizes = data.sensitive["sex"].value_counts().to_numpy()
    error = 3.0 * data.X["late"].std() * np.sqrt((1 / sizes).sum())
    for repeats, each in left.items():
        assert each.std() == pytest.approx(error / np.sqrt(repeats), rel=0.35)
        assert abs(each.mean()) < 4 * error / np.sqrt(40 * repeats)


def test_everybody_is_dealt_the_columns_of_the_person_named():
    data = made(5)
    got = dealt(data, ("late", "job"), np.array([4, 3, 2, 1, 0]))
    assert got["late"].tolist() == data.X["late"].tolist()[::-1]
    assert got["job"].tolist() == data.X["job"].tolist()[::-1]
    assert got["years"].tolist() == data.X["years"].tolist()
    assert got.index.equals(data.X.index)


# Strata.


def test_each_is_held_against_another_of_the_same_stratum():
    data = made()
    method = estimator("within_stratum", stratum="years", bins=6)
    task = GapTask(model=None, dataset=data, sensitive="sex")
    found = method.attribute(lambda X: X["late"] * X["years"], data, task, 0)
    strata = method.strata(data)
    assert found.references is not None
    assert len(np.unique(strata)) == 6
    assert (strata[found.references] == strata).all()
    assert sorted(found.references) == list(range(len(data)))
    assert found.names[-1] == "(strata)"
    np.testing.assert_allclose(found.values.sum(axis=1), found.scores)


def stratified(number, seed, pure=0.5, within=0.0, noise=1.0):
    """Women are more in the first strata by `pure`, and `within` higher there than men are."""
    rng = np.random.default_rng(seed)
    stratum = rng.integers(0, 6, number)
    woman = rng.random(number) < np.where(stratum < 3, pure, 1 - pure)
    late = np.array([0.0, 1.0, 3.0, 4.0, 6.0, 9.0])[stratum]
    late += (within * np.where(stratum < 3, 1, -1) * woman) + noise * rng.normal(size=number)
    frame = pd.DataFrame({"late": late, "stratum": pd.Categorical(stratum.astype(str))})
    frame["sex"] = np.where(woman, "f", "m")
    return Dataset.from_frame(frame, target=None, sensitive=["sex"]), stratum, woman


def by_strata(data):
    method = estimator("within_stratum", stratum="stratum")
    options = {"sensitive": "sex", "method": method, "reference_groups": "m"}
    return table(decompose(lambda X: X["late"], data, **options))


def test_where_strata_say_all_their_part_is_as_sure_as_the_gap():
    """Of people whose stratum tells both sex and score, the strata carry the gap: no more, no less.

    Whoever stood in for a person is of the same stratum, and adds nothing to its mean.
    """
    data, _, _ = stratified(600, 0, pure=1.0, noise=0.0)
    found = by_strata(data)
    ends = ["estimate", "low", "high"]
    np.testing.assert_allclose(
        found.loc["(strata)", ends].astype(float), found.loc["(gap)", ends].astype(float), rtol=1e-6
    )


@pytest.mark.parametrize(("pure", "within"), [(0.5, 0.0), (0.8, 0.0), (0.7, 6.0), (0.7, -6.0)])
def test_what_strata_carry_is_as_sure_as_the_jackknife_says(pure, within):
    data, stratum, woman = stratified(900, 1, pure, within)
    late = data.X["late"].to_numpy()

    def carried(kept):
        own, sex, x = stratum[kept], woman[kept], late[kept]
        means = np.bincount(own, weights=x) / np.bincount(own)
        shares = [np.bincount(own[who], minlength=6) / who.sum() for who in (sex, ~sex)]
        return (shares[0] - shares[1]) @ means

    row = by_strata(data).loc["(strata)"]
    assert row["estimate"] == pytest.approx(carried(np.ones(900, dtype=bool)))
    half = (row["high"] - row["low"]) / 2 / 1.963
    assert half == pytest.approx(jackknife(carried, 900), rel=0.03)


def test_missing_values_are_a_stratum_and_numbers_are_cut_at_quantiles():
    data = made(400)
    years = data.X["years"].where(np.arange(400) % 10 > 0)
    gaps = Dataset(
        X=data.X.assign(years=years),
        y=data.y,
        sensitive=data.sensitive,
        factors=data.factors,
        context=data.context,
    )
    strata = estimator("within_stratum", stratum="years", bins=4).strata(gaps)
    counts = np.bincount(strata)
    assert sorted(counts) == [40, 90, 90, 90, 90]
    assert len(set(strata[years.isna()])) == 1
    few = estimator("within_stratum", stratum="job", bins=2).strata(data)
    assert len(np.unique(few)) == 3
    numbers = made(400, grade=np.arange(400) % 3)
    assert len(np.unique(estimator("within_stratum", stratum="grade", bins=3).strata(numbers))) == 3
    assert len(np.unique(estimator("within_stratum", stratum="grade", bins=2).strata(numbers))) <= 2


# Points, log-odds, probabilities.


def test_points_are_log_odds_times_the_slope_of_the_scale_factor_by_factor():
    society = World(citizens=500, seed=3).simulate()
    rater = load_agency("bureau").fit(society)
    data = rater.agency.view(society)
    points, odds = (
        table(decompose(rater, data, sensitive="hukou", method="shap_by_factor", output=output))
        for output in ("score", "log_odds")
    )
    ends = rater.scale.points(np.array([0.0, 1.0]))
    slope = float(ends[1] - ends[0])
    assert abs(slope) > 2
    np.testing.assert_allclose(
        points["estimate"], slope * odds["estimate"], rtol=1e-4, atol=1e-3 * abs(slope)
    )
    assert _slope(rater, "score") == pytest.approx(slope)
    assert _slope(rater, "log_odds") == 1.0
    said = r"has SHAP values in log-odds, and probability is no multiple of them; ask for output"
    with pytest.raises(ModelError, match=said):
        _slope(rater, "probability")
    with pytest.raises(ModelError, match="and score is no multiple"):
        _slope(lambda X: X["late"], "score")


def test_a_price_is_the_probability_of_a_classifier_and_what_a_function_returns():
    data = made()
    model = LogisticScorer().fit(data.X, data.y)
    price = price_of(model, data)
    np.testing.assert_allclose(price(data.X), model.predict_proba(data.X)[:, 1])
    assert price.unit == "probability"
    assert price_of(lambda X: 7 * X["late"], data)(data.X) == pytest.approx(7 * data.X["late"])
    # A rater's score is in points, and no price.
    society = World(citizens=200, seed=3).simulate()
    rater = load_agency("council").fit(society)
    view = rater.agency.view(society)
    price = price_of(rater, view)
    np.testing.assert_allclose(price(view.X), rater.predict_proba(view.X)[:, 1])
    assert price.unit == "probability"


# The distance from an admissible price.


def test_a_distance_is_a_share_of_variance_that_no_interval_makes_negative():
    people, price = People(40), np.arange(40.0)
    nearest = price.copy()
    nearest[3] += 20.0
    found = _distance(people, price, nearest)
    assert float(found) == pytest.approx(400 / 40 / price.var())
    # One person makes the whole distance, so that half a width is twice of it.
    assert found.interval().low == 0.0
    assert found.bounds == (0.0, np.inf)
    assert float(_distance(people, price, price)) == 0.0
    # The mean is as far from the price as the price is spread.
    assert float(_distance(people, price, np.full(40, price.mean()))) == pytest.approx(1.0)


def test_errors_of_both_shares_are_those_of_the_jackknife():
    data, number = made(900), 900
    price = 0.4 * data.X["late"].to_numpy() + data.X["years"].to_numpy()
    nearest = 0.2 * data.X["late"].to_numpy()
    people, women = People(number), (data.sensitive["sex"] == "f").to_numpy()

    def distance(kept):
        return ((price - nearest)[kept] ** 2).mean() / price[kept].var()

    def between(kept):
        own, sex = price[kept], women[kept]
        means = np.where(sex, own[sex].mean(), own[~sex].mean())
        chance = (own - means).var() / kept.sum()
        return (((means - own.mean()) ** 2).mean() - chance) / own.var()

    everybody = np.ones(number, dtype=bool)
    for found, function in (
        (_distance(people, price, nearest), distance),
        (_between(people, price, data, "sex"), between),
    ):
        assert float(found) == pytest.approx(function(everybody))
        assert found.error() == pytest.approx(jackknife(function, number), rel=0.05)
    assert _between(people, price, data, "sex").bounds == (0.0, 1.0)


def test_the_share_between_groups_is_not_biased_by_their_number():
    """Of twenty groups without a difference, means differ by chance alone: that is taken off."""
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({"x": rng.normal(size=400), "g": rng.integers(0, 20, 400).astype(str)})
        data = Dataset.from_frame(frame, target=None, sensitive=["g"])
        found.append(float(_between(People(400), frame["x"].to_numpy(), data, "g")))
    assert min(found) >= 0
    # Without it the mean would be 19 / 400.
    assert np.mean(found) < 0.02


def test_the_model_of_the_outcome_is_the_one_that_is_given():
    data = made(500)
    price = data.X["late"].to_numpy()
    plain = data.X[["late", "years"]]
    alone = {name: (name,) for name in plain}
    common = {"sensitive": data.sensitive, "factors": alone, "context": data.context}
    numbers = Dataset(X=plain, y=data.y, **common)
    given = nearest_admissible(price, numbers, "sex", LogisticRegression(C=1e-12))
    # So held back, it expects the same of everybody.
    assert np.ptp(given(plain)) < 1e-6
    assert np.ptp(nearest_admissible(price, numbers, "sex")(plain)) > 0.01
    assert given.weights.sum() == pytest.approx(1.0)
    assert float(given(plain).mean()) == pytest.approx(price.mean())
    one = data.y.where(data.sensitive["sex"] == "f", 1)
    with pytest.raises(TableError, match=r"sex: 'm' has one outcome only; merge it with another"):
        nearest_admissible(price, Dataset(X=plain, y=one, **common), "sex")


# Refitting.


def test_what_is_residualised_has_one_mean_in_all_groups_and_stays_in_the_table():
    data = made()
    task = GapTask(model=None, dataset=data, sensitive="sex")
    got = estimator("residualise").changed(data.X, ["late", "job"], task)
    assert got.columns[0] == "years"
    assert got.shape == (600, 5)
    assert (got.dtypes.iloc[1:] == "float32").all()
    assert got.index.equals(data.X.index)
    means = got.groupby(data.sensitive["sex"].to_numpy()).mean().to_numpy()
    np.testing.assert_allclose(means[0][1:], means[1][1:], atol=1e-5)
    late = got.iloc[:, 1].to_numpy()
    assert np.corrcoef(late[task.codes == 0], data.X["late"][task.codes == 0])[0, 1] > 0.999
    assert late.mean() == pytest.approx(data.X["late"].mean(), abs=1e-5)


def test_a_group_mean_is_taken_off_and_everybodys_is_put_back():
    got = less_group_means(np.array([1.0, 3.0, 10.0, 20.0]), np.array([0, 0, 2, 2]))
    assert got.tolist() == [7.5, 9.5, 3.5, 13.5]


def test_leaving_out_all_columns_leaves_a_constant():
    data = made(50)
    task = GapTask(model=None, dataset=data, sensitive="sex")
    got = estimator("leave_out").changed(data.X, list(data.X.columns), task)
    assert got.columns.tolist() == ["nothing"]
    assert (got["nothing"] == 0).all()
    assert got.index.equals(data.X.index)
    assert estimator("leave_out").changed(data.X, ["late"], task).columns.tolist() == [
        "years",
        "job",
    ]


def test_a_score_of_one_column_falls_by_its_whole_gap_when_that_is_left_out():
    data = made()
    alone = Dataset(
        X=data.X[["late"]],
        y=data.y,
        sensitive=data.sensitive,
        factors={"late": ("late",)},
        context=data.context,
    )
    model = LogisticScorer().fit(alone.X, alone.y)
    for method in ("leave_out", "residualise"):
        got = table(decompose(model, alone, sensitive="sex", method=method, output="log_odds"))
        assert got["estimate"]["late"] == pytest.approx(got["estimate"]["(gap)"], rel=1e-3)


# Repairing.


def test_bands_are_tenths_categories_and_gaps():
    numbers = banded(pd.Series(np.arange(100.0)))
    assert numbers.shape == (100, 10)
    assert numbers.sum(axis=0).tolist() == [10] * 10
    assert numbers.sum(axis=1).tolist() == [1] * 100
    gaps = banded(pd.Series([np.nan, *np.arange(10.0)]))
    assert gaps[0].tolist() == [0] * 10 + [1]
    kinds = banded(pd.Series(pd.Categorical(["a", "b", None])))
    assert kinds.sum(axis=0).tolist() == [1, 1, 1]


def test_what_fixed_columns_tell_moves_nobody():
    rng = np.random.default_rng(0)
    groups, x = rng.integers(0, 2, 200), rng.normal(size=(200, 2))
    assert np.abs(moved(x @ [1.0, -3.0] + 5 * groups, x, groups)).max() < 1e-9
    noise = rng.normal(size=200)
    rest = moved(x[:, 0] + noise, x, groups)
    for group in (0, 1):
        own = groups == group
        fitted = LinearRegression().fit(x[own], noise[own])
        np.testing.assert_allclose(rest[own], noise[own] - fitted.predict(x[own]), atol=1e-9)


def test_ranks_within_groups_are_midpoints_and_ties_fall_by_chance():
    groups = np.array([0, 0, 0, 1, 1])
    ranks = within_ranks(np.array([5.0, 1.0, 3.0, 9.0, 2.0]), groups, np.random.default_rng(0))
    assert ranks.tolist() == pytest.approx([5 / 6, 1 / 6, 3 / 6, 3 / 4, 1 / 4])
    tied = [
        within_ranks(np.zeros(2), np.zeros(2, int), np.random.default_rng(s))[0] for s in range(40)
    ]
    assert set(tied) == {0.25, 0.75}


# Pairs.


@pytest.mark.parametrize(("first", "second"), [(1, 1), (2, 5), (7, 3), (6, 6), (4, 10)])
def test_pairs_weigh_everybody_alike(first, second):
    own, other, weight = random_pairing(first, second, np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(own, weights=weight), 1 / first)
    np.testing.assert_allclose(np.bincount(other, weights=weight), 1 / second)
    assert len(weight) <= first + second - 1
    assert weight.min() > 0


def test_swaps_of_an_additive_score_are_differences_of_means_with_welchs_error():
    data = made()
    found = table(
        decompose(
            lambda X: 2 * X["late"] - X["years"], data, sensitive="sex", method="swap_shapley"
        )
    )
    women = (data.sensitive["sex"] == "f").to_numpy()
    for name, slope in (("late", 2.0), ("years", -1.0)):
        x = slope * data.X[name].to_numpy()
        assert found["estimate"][name] == pytest.approx(x[women].mean() - x[~women].mean())
    assert found["estimate"]["job"] == pytest.approx(0, abs=1e-12)


def test_who_shares_partners_adds_to_the_variance_by_hand():
    """Three terms; the second person is a partner twice, the third alone."""
    terms = np.array([[1.0], [2.0], [4.0]])
    owner, partner = np.array([0, 1, 2]), np.array([1, 0, 1])
    # Whole sums: person 0 has 1 + 2, person 1 has 2 + 1 + 4, person 2 has 4.
    expected = (3**2 + 7**2 + 4**2) - (1 + 4 + 16) - (1 + 4 + 16)
    assert shared_variance(terms, owner, partner).tolist() == [expected]
    # One's own partner adds nothing.
    assert shared_variance(terms, owner, owner).tolist() == [0.0]
    # Never less than nothing.
    assert shared_variance(
        np.array([[1.0], [-1.0]]), np.array([0, 1]), np.array([1, 0])
    ).tolist() == [0.0]


# What is said.


def test_rows_are_components_and_the_total_last():
    people, inside = People(40), np.arange(40) < 20
    pair = Comparison("sex", "f", "m", inside, ~inside)
    values = np.random.default_rng(0).normal(size=(40, 2))
    found = Components.of_means(people, pair, ("a", "b"), values, values.sum(axis=1))
    rows = component_rows(found, {"method": "m"}, 0.9)
    assert [row["quantity"] for row in rows] == ["component", "component", "total"]
    assert [row["factor"] for row in rows] == ["a", "b", "(gap)"]
    assert rows[0]["estimate"] + rows[1]["estimate"] == pytest.approx(rows[2]["estimate"])
    assert {row["method"] for row in rows} == {"m"}
    assert (rows[0]["low"], rows[0]["high"]) == pytest.approx(
        tuple(found.estimate[0].interval(0.9))
    )
    assert found.with_partners(people, None) is found


def test_a_table_of_components_says_which_row_is_the_total():
    found = decompose(lambda X: X["late"], made(), sensitive="sex", intervals=0.8)
    assert found.table["quantity"].tolist() == ["component"] * 3 + ["total"]
    assert found.parameters["intervals"] == 0.8
    assert found.parameters["intervals_over"] == "people"
    assert found.parameters["clusters"] is None
    assert found.parameters["output"] == "score"
    assert found.title.startswith("What carries the gap: ")
    assert found.seed == 0
    given = decompose(made().X["late"], made(), sensitive="sex")
    assert given.seed is None
    assert given.parameters["rater"] == "given scores"
    assert given.parameters["unit"] == "score"


def test_many_factors_are_said_to_be_sampled_and_just_enough_are_not():
    def wide(number):
        rng = np.random.default_rng(0)
        frame = pd.DataFrame({f"x{k}": rng.normal(size=60) for k in range(number)})
        frame["sex"] = np.arange(60) % 2 == 0
        return Dataset.from_frame(frame.astype({"sex": str}), target=None, sensitive=["sex"])

    block, priced = estimator("block_shapley"), estimator("oaxaca_pooled")
    assert block.sampled(wide(MOST_EXACT)) == ()
    said = block.sampled(wide(MOST_EXACT + 1))
    assert said[0].startswith(f"With {MOST_EXACT + 1} factors, what each adds is averaged over 8")
    assert priced.sampled(wide(MOST_EXACT + 1)) == ()


def test_attributions_of_other_people_are_refused():
    data, other = made(40), made(41)
    mine = attribute(lambda X: X["late"], data)
    assert checked(mine, data) is mine
    with pytest.raises(ModelError, match="attributions: are of 40 people, the table of 41"):
        checked(mine, other)
    with pytest.raises(ModelError, match="give those of this table"):
        decompose(mine, other, sensitive="sex")


def test_findings_side_by_side_say_what_each_ones_intervals_count():
    data = made(400, street=np.arange(400) % 40)
    both = Dataset(
        X=data.X.drop(columns="street"),
        y=data.y,
        sensitive=data.sensitive,
        factors={"late": ("late",), "years": ("years",), "job": ("job",)},
        context=data.X[["street"]],
        cluster="street",
    )
    one = decompose(lambda X: X["late"], both, sensitive="sex", over="people")
    two = decompose(lambda X: X["late"], both, sensitive="sex", over="clusters", method="permute")
    unlike = compare([one, two])
    assert unlike.parameters["intervals_over"] == {"block_shapley": "people", "permute": "clusters"}
    assert set(unlike.parameters["methods"]) == {"block_shapley", "permute"}
    assert any(note.startswith("What intervals are over: ") for note in unlike.notes)
    assert unlike.title == f"What carries the gap: {one.parameters['rater']}"
    alike = compare([one, one])
    assert not any(note.startswith("What intervals are over") for note in alike.notes)
    assert len(alike.notes) == len(set(alike.notes))
    assert len(unlike.table) == len(one.table) + len(two.table)


def test_the_catalogue_is_what_stands_in_the_folder():
    again = _in_this_folder()
    assert [each.id for each in again] == [each.id for each in ESTIMATORS]
    assert [type(each) for each in again] == [type(each) for each in ESTIMATORS]
    frame = estimators_frame().set_index("id")
    for each in ESTIMATORS:
        row = frame.loc[each.id]
        assert row["needs"] == ", ".join(each.needs)
        assert row["citations"] == " ".join(each.citations)
        assert (row["title"], row["kind"], row["cost"]) == (each.title, each.kind, each.cost)


WORDS = """
[first]
title = "the\\n  first"
citations = ["shapley_1953", "Somebody (1999). Written out."]
[second]
title = "the second"
"""


def test_an_estimator_reads_what_the_file_beside_it_says_under_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "outside_estimator.toml").write_text(WORDS)
    (tmp_path / "outside_estimator.py").write_text("def nothing(): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    __import__("outside_estimator")
    own = {"__module__": "outside_estimator"}
    first, second = (type(name, (Estimator,), own | {"id": name}) for name in ("first", "second"))
    assert first.title == "the first"
    assert second.title == "the second"
    assert len(first.citations) == 2
    assert first.citations[1] == "Somebody (1999). Written out."
    assert first.citations[0].startswith("Shapley")
    assert _published("shapley_1953")[0] == first.citations[0]
    assert _published("A whole sentence.") == ("A whole sentence.",)
    del sys.modules["outside_estimator"]


# What is left of a gap, and folds.


def test_a_fall_is_what_scores_lose_and_errs_as_what_moves_the_means():
    data = made(200)
    rng = np.random.default_rng(0)
    scores, left = rng.normal(size=200), rng.normal(size=(200, 3))
    moves = 0.5 * left + rng.normal(size=(200, 3))
    task = GapTask(model=None, dataset=data, sensitive="sex")
    found = falls(scores, left, moves, task, rater="r", unit="u")
    ((pair, parts),) = found.by_pair
    who, women = People(200), pair.inside
    lost = scores[:, None] - left
    np.testing.assert_allclose(
        parts.estimate.value, lost[women].mean(axis=0) - lost[~women].mean(axis=0)
    )
    expected = pair.difference(who.mean, scores[:, None] - moves)
    np.testing.assert_allclose(parts.estimate.variance, expected.variance)
    assert float(parts.total) == pytest.approx(scores[women].mean() - scores[~women].mean())
    assert (found.rater, found.unit) == ("r", "u")


def test_without_what_groups_differ_in_a_gap_falls_by_what_it_makes():
    """Of a score that adds its columns, which are independent within groups."""
    rng = np.random.default_rng(1)
    woman = np.arange(4000) % 2 == 0
    frame = pd.DataFrame({"a": rng.normal(size=4000) + woman})
    frame["b"] = rng.normal(size=4000) - 2 * woman
    frame["sex"] = np.where(woman, "f", "m")
    data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    method = "gradient_feature_auditing"
    options = {"sensitive": "sex", "method": method, "reference_groups": "m"}
    found = table(decompose(lambda X: X["a"] + X["b"], data, **options))
    falling, means = found["estimate"], frame.groupby("sex")[["a", "b"]].mean()
    for name in ("a", "b"):
        gap = means.loc["f", name] - means.loc["m", name]
        assert falling[name] == pytest.approx(gap, abs=0.02)
        # What is left of the column is alike in both groups whoever is in them.
        half = 1.96 * np.sqrt(2 / 2000)
        assert found["high"][name] - falling[name] == pytest.approx(half, rel=0.15)
    assert falling["(gap)"] == pytest.approx(falling["a"] + falling["b"], abs=0.03)


@pytest.mark.parametrize("method", ["residualise", "leave_out"])
def test_a_fall_is_the_gap_less_that_of_the_scorer_trained_again(method):
    data = made()
    model = LogisticScorer(C=0.3).fit(data.X, data.y)
    options = {"sensitive": "sex", "method": method, "output": "log_odds", "reference_groups": "m"}
    found = table(decompose(model, data, **options))
    women = (data.sensitive["sex"] == "f").to_numpy()
    task = GapTask(model=model, dataset=data, sensitive="sex")

    def gap(X):
        odds = LogisticScorer(C=0.3).fit(X, data.y).decision_function(X)
        return odds[women].mean() - odds[~women].mean()

    assert found["estimate"]["(gap)"] == pytest.approx(gap(data.X))
    for factor, columns in data.factors.items():
        changed = estimator(method).changed(data.X, list(columns), task)
        expected = gap(data.X) - gap(changed)
        assert found["estimate"][factor] == pytest.approx(expected, abs=1e-9), factor


def test_folds_hold_people_against_people_of_their_own_fold():
    data = made(300)
    folds = cross_fit(LogisticScorer(), data, folds=3)
    found = attribute(folds, data, output="log_odds")
    fold_of = np.empty(300, dtype=int)
    for number, fold in enumerate(folds.folds):
        fold_of[fold.rows] = number
    assert (fold_of[found.references] == fold_of).all()
    assert found.names == (*data.factors, "(folds)")
    np.testing.assert_allclose(found.values.sum(axis=1), found.scores)
    np.testing.assert_allclose(found.scores, folds.log_odds)
    for number in range(3):
        assert np.ptp(found.values[fold_of == number, -1]) < 1e-9
    assert (found.rater, found.unit) == (folds.name, "log-odds")
    whole = table(decompose(folds, data, sensitive="sex", output="log_odds"))
    given = table(decompose(found, data, sensitive="sex", output="log_odds"))
    pd.testing.assert_frame_equal(whole, given)


def test_what_folds_carry_errs_as_the_difference_of_their_shares_does():
    data = made(300)
    found = attribute(cross_fit(LogisticScorer(), data, folds=3), data, output="log_odds")
    row = table(decompose(found, data, sensitive="sex", output="log_odds")).loc["(folds)"]
    women = (data.sensitive["sex"] == row["group"]).to_numpy()
    gap = People(300).mean(found.values[:, -1], women) - People(300).mean(
        found.values[:, -1], ~women
    )
    assert (row["low"], row["high"]) == pytest.approx(tuple(gap.interval()))
