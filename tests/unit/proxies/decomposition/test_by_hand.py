"""Decompositions held against regressions, brute sums and single calls."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn.linear_model import LinearRegression

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError, ModelError, Streams, TableError
from credit_ml.explanation import background_rows, factor_attributions
from credit_ml.explanation.shapley.block_shapley import ManyFactors
from credit_ml.inference import Comparison, People, comparisons_of
from credit_ml.proxies import Twins, attribute, compare, decompose, estimator, true_decomposition
from credit_ml.proxies.decomposition.attribute import REFERENCES, Attributions, checked
from credit_ml.proxies.decomposition.components import (
    Components,
    component_rows,
    paired,
    shared_variance,
)
from credit_ml.proxies.decomposition.estimators import regression
from credit_ml.proxies.decomposition.estimators.design import (
    checked_scores,
    indicators,
    numeric_design,
)
from credit_ml.proxies.decomposition.estimators.estimator import GapTask
from credit_ml.proxies.decomposition.estimators.metric import _decisions, median
from credit_ml.proxies.decomposition.estimators.regression import Regression
from credit_ml.proxies.decomposition.truth import _other_societies
from credit_ml.scoring import LogisticScorer, cross_fit, score_function
from credit_ml.society import load_world

SIZE = 240


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    woman = rng.random(SIZE) < 0.4
    return pd.DataFrame(
        {
            "late": rng.poisson(2 + woman).astype(float),
            "income": np.where(rng.random(SIZE) < 0.1, np.nan, rng.normal(30, 5, SIZE)),
            "job": pd.Categorical(rng.choice(["desk", "field", "none"], SIZE)),
            "same": 1.0,
            "sex": np.where(woman, "f", "m"),
            "paid": (rng.random(SIZE) < 0.6 - 0.2 * woman).astype(int),
            "persons": rng.integers(0, 4, SIZE) / 2,
            "place": rng.integers(0, 20, SIZE),
        }
    )


def _data(frame, weights=None, cluster=None):
    return Dataset.from_frame(
        frame,
        target="paid",
        sensitive=["sex"],
        context=["place"],
        weights=weights,
        cluster=cluster,
        factors={"history": ["late", "same"], "work": ["income", "job"]},
    )


@pytest.fixture(scope="module")
def scores(frame) -> pd.Series:
    noise = np.random.default_rng(3).normal(size=SIZE)
    work = frame["income"].fillna(20) + 3 * (frame["job"] == "desk")
    return pd.Series(2.0 * frame["late"] + work * (1 + 0.1 * (frame["sex"] == "f")) + noise)


@pytest.mark.parametrize("weights", [None, "persons"])
def test_columns_for_a_regression_are_numbers_gaps_and_categories_of_their_factor(frame, weights):
    made = numeric_design(_data(frame, weights))
    design, owner = made.block(np.arange(SIZE)).T, made.owner
    assert owner.tolist() == ["history"] + ["work"] * 4
    income = frame["income"]
    own = np.ones(SIZE) if weights is None else frame["persons"]
    known = income.notna()
    mean = np.average(income[known], weights=own[known])
    np.testing.assert_allclose(design[:, 0], frame["late"])
    np.testing.assert_allclose(design[:, 1], income.fillna(mean))
    assert design[:, 2].tolist() == income.isna().astype(float).tolist()
    assert design[:, 3].tolist() == (frame["job"] == "field").astype(float).tolist()
    assert design[:, 4].tolist() == (frame["job"] == "none").astype(float).tolist()
    assert design.dtype == np.float64
    nothing = indicators(pd.Series([np.nan, np.nan]), drop_first=True)
    assert nothing.tolist() == [[0.0, 1.0], [0.0, 1.0]]
    weighed = indicators(pd.Series([np.nan, 4.0]), np.array([2.0, 0.0]), drop_first=True)
    assert weighed.tolist() == [[4.0, 1.0], [4.0, 0.0]]
    assert indicators(pd.Series([1, 2]), drop_first=True).tolist() == [[1.0], [2.0]]


def test_given_scores_are_numbers_of_these_people(frame):
    data = _data(frame)
    whole = pd.Series(np.arange(SIZE), dtype="Int64")
    assert checked_scores(whole, data).tolist() == list(map(float, range(SIZE)))
    assert checked_scores(whole, data).dtype == np.float64
    for wrong, said in (
        (whole.mask(whole < 2), "are missing or infinite in 2 rows"),
        (pd.Series([np.inf, np.nan, *range(SIZE - 2)]), "are missing or infinite in 2 rows"),
        (whole.astype(str), "are of type"),
        (whole[::-1], "have other rows"),
    ):
        with pytest.raises(TableError, match=f"scores of .*{said}"):
            checked_scores(wrong, data)


@pytest.mark.parametrize("weights", [None, "persons"])
@pytest.mark.parametrize(
    "method",
    ["oaxaca_reference", "oaxaca_group", "oaxaca_neumark", "oaxaca_pooled", "oaxaca_threefold"],
)
def test_least_squares_have_the_prices_of_statsmodels(frame, scores, method, weights):
    data = _data(frame, weights)
    made = numeric_design(data)
    design, owner = made.block(np.arange(SIZE)).T, made.owner
    own = np.ones(SIZE) if weights is None else frame["persons"].to_numpy()
    woman, y = (frame["sex"] == "f").to_numpy(), scores.to_numpy()
    found = decompose(scores, data, sensitive="sex", method=method)

    def prices(who, level=None):
        columns = [design, np.ones(SIZE)] + ([] if level is None else [level])
        fitted = sm.WLS(y[who], np.column_stack(columns)[who], weights=own[who]).fit()
        return fitted.params[: design.shape[1]]

    everybody = np.ones(SIZE, dtype=bool)
    price = {
        "oaxaca_reference": lambda: prices(~woman),
        "oaxaca_group": lambda: prices(woman),
        "oaxaca_neumark": lambda: prices(everybody),
        "oaxaca_pooled": lambda: prices(everybody, woman.astype(float)),
        "oaxaca_threefold": lambda: prices(~woman),
    }[method]()
    means = [np.average(design[who], axis=0, weights=own[who]) for who in (woman, ~woman)]
    shift = means[0] - means[1]
    gap = np.average(y[woman], weights=own[woman]) - np.average(y[~woman], weights=own[~woman])
    explained = {name: (price * shift)[owner == name].sum() for name in ("history", "work")}
    table = found.table.set_index("factor")["estimate"]
    for name, value in explained.items():
        assert table[name] == pytest.approx(value)
    assert table["(gap)"] == pytest.approx(gap)
    rest = gap - sum(explained.values())
    if method == "oaxaca_threefold":
        both = ((prices(woman) - price) * shift).sum()
        assert table["(interaction)"] == pytest.approx(both)
        assert table["(coefficients)"] == pytest.approx(rest - both)
    else:
        assert table["(unexplained)"] == pytest.approx(rest)
    assert found.table["quantity"].tolist() == ["component"] * (len(table) - 1) + ["total"]
    assert set(found.table["method"]) == {method}
    assert found.seed is None
    assert found.parameters["rater"] == "given scores"
    assert found.parameters["unit"] == "score"
    # What the parts add to the error sums to the gap's own.
    ends = {each: found.table.set_index("factor")[each] for each in ("low", "high")}
    assert (ends["low"] < table).all()
    assert (table < ends["high"]).all()


@pytest.mark.parametrize("weights", [None, "persons"])
@pytest.mark.parametrize("method", ["oaxaca_reference", "oaxaca_pooled", "oaxaca_threefold"])
def test_intervals_of_prices_times_shifts_are_those_of_the_delta_method(
    frame, scores, method, weights
):
    """Contributions by hand, of the shift and of the price."""
    data = _data(frame, weights)
    made = numeric_design(data)
    design, owner = made.block(np.arange(SIZE)).T, made.owner
    people, (pair,) = People.of(data), comparisons_of(data, "sex")
    regression = Regression(design=made, scores=scores.to_numpy(), people=people)
    pooled = method == "oaxaca_pooled"
    prices = regression.prices(*((pair.inside, pair.outside) if pooled else (pair.outside,)))
    slope, eye = prices.slope, np.eye(len(owner))
    terms = regression.influence(pair, np.zeros_like(eye), (prices, eye))[:-1].T
    shift, own = regression.shift(pair), people.each
    error = np.zeros((SIZE, 2))
    for place, name in enumerate(("history", "work")):
        some = owner == name
        for who, sign in ((pair.inside, 1), (pair.outside, -1)):
            mean = np.average(design[who], axis=0, weights=own[who])
            far = (design[who] - mean)[:, some] @ slope[some]
            error[who, place] += sign * own[who] * far / own[who].sum()
        error[:, place] += terms[:, some] @ shift[some]
    value = [(slope * shift)[owner == name].sum() for name in ("history", "work")]
    both = people.from_influence(value, error, parts=(pair.inside, pair.outside))
    table = decompose(scores, data, sensitive="sex", method=method).table.set_index("factor")
    for place, name in enumerate(("history", "work")):
        assert table.loc[name, ["low", "high"]].tolist() == pytest.approx(
            list(both[place].interval())
        )
    total = pair.difference(people.mean, scores)
    assert table.loc["(gap)", ["low", "high"]].tolist() == pytest.approx(list(total.interval()))


@pytest.mark.parametrize("output", ["log_odds", "probability"])
def test_models_of_folds_are_priced_by_what_each_said_of_others(frame, output):
    frame = frame.drop(columns="job")
    data = Dataset.from_frame(
        frame.fillna(30.0), target="paid", sensitive=["sex"], context=["place", "persons"]
    )
    fitted = cross_fit(LogisticScorer(), data, folds=3)
    found = decompose(fitted, data, sensitive="sex", method="oaxaca_pooled", output=output)
    held = fitted.log_odds if output == "log_odds" else fitted.probability
    given = decompose(
        pd.Series(held, index=data.X.index), data, sensitive="sex", method="oaxaca_pooled"
    )
    assert found.table["estimate"].tolist() == pytest.approx(given.table["estimate"].tolist())
    assert found.parameters["unit"] == ("log-odds" if output == "log_odds" else "probability")
    assert found.parameters["rater"] == fitted.name
    assert set(found.table["measure"]) == {f"mean_{output}"}


def test_each_fold_is_attributed_by_the_model_that_did_not_see_it(frame):
    frame = frame.drop(columns="job").fillna(30.0)
    data = Dataset.from_frame(frame, target="paid", sensitive=["sex"], context=["place", "persons"])
    fitted = cross_fit(LogisticScorer(), data, folds=3)
    found = attribute(fitted, data, output="log_odds", references=1, seed=4)
    factors = tuple(data.factors)
    assert found.names == (*factors, "(folds)")
    assert found.rater == fitted.name
    np.testing.assert_allclose(found.values.sum(axis=1), found.scores)
    for number, fold in enumerate(fitted.folds):
        part = data.take(fold.rows)
        score = score_function(fold.model, "log_odds", dataset=part)
        np.testing.assert_allclose(found.scores[fold.rows], score(part.X))
        asked = {"weights": None, "seed": 4 + number}
        values = factor_attributions(score, part.X, part.factors, **asked)
        np.testing.assert_allclose(found.values[fold.rows][:, :-1], values)
        ring = background_rows(len(part), **asked)
        assert found.references[fold.rows].tolist() == fold.rows[ring].tolist()
    assert found.unit == "log-odds"
    with pytest.raises(ModelError, match="are of 240 people, the table of 20"):
        checked(found, data.take(np.arange(20)))
    assert checked(found, data) is found


def test_of_few_people_ten_stand_in_for_each_wherever_a_gap_is_taken_apart(plain):
    model, ways = LogisticScorer().fit(plain.X, plain.y), []
    ways.append(decompose(model, plain, sensitive="sex", seed=4))
    ways.append(decompose(attribute(model, plain, seed=4), plain, sensitive="sex", seed=4))
    asked = estimator("block_shapley", references=REFERENCES)
    ways.append(decompose(model, plain, sensitive="sex", method=asked, seed=4))
    one = estimator("block_shapley", references=1)
    once = decompose(model, plain, sensitive="sex", method=one, seed=4)
    for each in ways[1:]:
        pd.testing.assert_frame_equal(each.table, ways[0].table)
    assert not np.allclose(once.table["estimate"], ways[0].table["estimate"])
    folds = cross_fit(LogisticScorer(), plain, folds=3)
    assert attribute(folds, plain, output="log_odds").draws.shape[0] == REFERENCES


def test_attributions_of_one_model_leave_a_rest_only_where_it_is_named(frame):
    data = _data(frame)
    score = score_function(lambda X: -X["late"], dataset=data)
    values = np.ones((SIZE, 2))
    plain = Attributions.of(score, data, values)
    assert (plain.names, plain.references) == (("history", "work"), None)
    assert plain.values is values
    more = Attributions.of(score, data, values, rest="(rest)", references=np.arange(SIZE))
    assert more.names == ("history", "work", "(rest)")
    np.testing.assert_allclose(more.values[:, 2], -frame["late"] - 2)
    np.testing.assert_allclose(more.scores, -frame["late"])
    assert more.references.tolist() == list(range(SIZE))


@pytest.mark.parametrize("seed", range(4))
def test_what_partners_add_is_the_sum_over_pairs_of_terms_that_share_somebody(seed):
    """By brute force: products of all terms that share anybody, less those of equal owners."""
    rng = np.random.default_rng(seed)
    terms = rng.normal(1.0, 1.0, (12, 2))
    owner, partner = rng.integers(0, 8, 12), rng.integers(0, 8, 12)
    whole = np.zeros(2)
    for person in range(9):
        own = terms[owner == person].sum(axis=0)
        away = terms[(partner == person) & (owner != person)].sum(axis=0)
        whole += (own + away) ** 2 - own**2
    whole -= (terms[owner != partner] ** 2).sum(axis=0)
    found = shared_variance(terms, owner, partner)
    np.testing.assert_allclose(found, np.maximum(whole, 0))
    assert shared_variance(terms, owner, owner).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("cluster", [False, True])
def test_who_stood_in_widens_the_parts_that_hang_on_it_and_no_others(cluster):
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(10), 4) if cluster else None
    people, inside = People(40, codes), np.arange(40) % 2 == 0
    pair = Comparison("sex", "f", "m", inside, ~inside)
    values, partner = rng.normal(1, 1, (40, 3)), rng.permutation(40)
    plain = Components.of_means(people, pair, ("a", "b", "(folds)"), values, values.sum(axis=1))
    assert plain.with_partners(people, None) is plain
    terms = plain.estimate.influence
    everybody = np.arange(40) if plain.estimate.rows is None else plain.estimate.rows
    for factors in (2, None):
        moved = plain.with_partners(people, partner, factors)
        used = terms.copy()
        used[:, factors or 3 :] = 0.0
        more = shared_variance(used, everybody, partner[everybody])
        np.testing.assert_allclose(moved.estimate.variance, plain.estimate.variance + more)
        assert more[2] == 0 if factors else more.any()
        direct = paired(plain.estimate, people, used, everybody, partner[everybody])
        np.testing.assert_allclose(direct.variance, moved.estimate.variance)
        if cluster:
            both = shared_variance(used, codes[everybody], codes[partner[everybody]])
            np.testing.assert_allclose(
                moved.estimate.cluster_variance, plain.estimate.cluster_variance + both
            )
        np.testing.assert_allclose(moved.estimate.value, plain.estimate.value)
        assert float(moved.total) == float(plain.total)
    rows = component_rows(plain, {"sensitive": "sex"}, 0.9, unsure={"b"})
    assert [row["factor"] for row in rows] == ["a", "b", "(folds)", "(gap)"]
    assert [row["quantity"] for row in rows] == ["component"] * 3 + ["total"]
    assert {row["sensitive"] for row in rows} == {"sex"}
    for place, row in enumerate(rows):
        estimate = plain.total if place == 3 else plain.estimate[place]
        assert row["estimate"] == pytest.approx(float(estimate))
        ends = [np.nan] * 2 if place == 1 else estimate.interval(0.9)
        assert [row["low"], row["high"]] == pytest.approx(list(ends), nan_ok=True)
    assert rows[1]["reason"].startswith("friends in other clusters")


def test_a_median_lies_between_two_scores_or_is_the_lowest():
    scores = np.array([1.0, 2.0, 4.0, 8.0])
    assert median(scores, None) == 3.0
    assert median(scores, np.array([1.0, 1.0, 1.0, 1.0])) == 1.5
    assert median(scores, np.array([1.0, 1.0, 4.0, 1.0])) == 3.0
    assert median(scores, np.array([9.0, 1.0, 1.0, 1.0])) == 1.0


@pytest.mark.parametrize("threshold", [None, -0.3])
def test_a_rate_is_shared_out_as_the_decisions_are(frame, threshold):
    """From inside an additive model or by asking it: the same decisions, one person at a time."""
    data = Dataset.from_frame(
        frame.drop(columns="job").fillna(30.0),
        target="paid",
        sensitive=["sex"],
        context=["place", "persons"],
    )
    model = LogisticScorer().fit(data.X, data.y)
    score = score_function(model, "log_odds", dataset=data)
    cut = float(np.median(score(data.X))) if threshold is None else threshold
    method = estimator("selection_rate_shapley", threshold=threshold, references=1)
    table = decompose(model, data, sensitive="sex", method=method, output="log_odds").table
    table = table.set_index("factor")["estimate"]
    chosen, woman = score(data.X) >= cut, (frame["sex"] == "f").to_numpy()
    assert table["(gap)"] == pytest.approx(chosen[woman].mean() - chosen[~woman].mean())
    values = factor_attributions(
        lambda X: (score(X) >= cut).astype(float), data.X, data.factors, seed=0
    )
    gaps = values[woman].mean(axis=0) - values[~woman].mean(axis=0)
    assert table.drop("(gap)").tolist() == pytest.approx(gaps.tolist())
    decided = _decisions(score, cut)
    assert decided(data.X).tolist() == chosen.astype(float).tolist()
    assert score.inner is not None
    raw = np.linspace(-2, 2, 41)
    reached = (score.inner.link(raw) >= cut).astype(float)
    assert decided.inner.link(raw).tolist() == reached.tolist()
    bare = _decisions(score_function(lambda X: X["late"], dataset=data), 2.0)
    assert bare.inner is None
    kept = decompose(
        model, data, sensitive="sex", method="true_positive_shapley", output="log_odds"
    ).table
    some = data.take(np.flatnonzero(data.y == 1))
    own = score(some.X)
    yes, women = own >= np.median(own), (some.groups("sex") == "f").to_numpy()
    assert kept["estimate"].iloc[-1] == pytest.approx(yes[women].mean() - yes[~women].mean())
    assert set(kept["measure"]) == {"true_positive_rate"}
    assert set(kept["people"].iloc[[-1]]) == {women.sum()}


def test_decompositions_say_what_was_asked(frame):
    data = _data(frame, cluster="place")
    found = decompose(
        lambda X: -X["late"],
        data,
        sensitive="sex",
        seed=3,
        intervals=0.9,
        method=estimator("block_shapley"),
        reference_groups="f",
    )
    said = found.parameters
    assert found.seed == 3
    assert found.title.startswith("What carries the gap: ")
    assert said["intervals"] == 0.9
    assert (said["intervals_over"], said["clusters"]) == ("clusters", 20)
    assert (said["output"], said["kind"]) == ("score", "attribution")
    assert list(said["methods"]) == ["block_shapley"]
    assert set(found.table["group"]) == {"m"}
    assert set(found.table["reference_group"]) == {"f"}
    assert set(found.table["measure"]) == {"mean_score"}
    assert found.notes == (estimator("block_shapley").fails,)
    assert set(found.table["estimand"]) == {estimator("block_shapley").estimand}
    over = decompose(lambda X: -X["late"], data, sensitive="sex", over="people")
    assert over.parameters["clusters"] is None
    wide = {f"x{place}": np.arange(SIZE) % (place + 2) for place in range(14)}
    many = Dataset.from_frame(frame[["sex"]].assign(**wide), target=None, sensitive=["sex"])
    with pytest.warns(ManyFactors, match="14 factors"):
        notes = decompose(lambda X: X["x0"] * X["x1"], many, sensitive="sex").notes
    assert "With 14 factors" in notes[1]
    with pytest.raises(InputError, match=r"^method: 'no_such' is unknown"):
        decompose(lambda X: X["late"], data, sensitive="sex", method="no_such")


@pytest.mark.parametrize("old", ["scores", "attributions"])
def test_scores_and_attributions_are_taken_by_their_old_keywords(frame, scores, old):
    data = _data(frame)
    given = scores if old == "scores" else attribute(lambda X: -X["late"], data)
    plain = decompose(given, data, sensitive="sex")
    with pytest.warns(FutureWarning, match=old):
        renamed = decompose(dataset=data, sensitive="sex", **{old: given})
    pd.testing.assert_frame_equal(plain.table, renamed.table)


def test_members_are_all_or_a_sample_drawn_once():
    inside = np.arange(30) % 3 == 0
    rows = np.flatnonzero(inside)
    assert Twins().members(inside, "s").tolist() == rows.tolist()
    assert Twins(people=10).members(inside, "s").tolist() == rows.tolist()
    assert Twins(people=11).members(inside, "s").tolist() == rows.tolist()
    few = Twins(people=4, seed=2).members(inside, "s")
    drawn = Streams(2).generator("s").choice(rows, 4, replace=False)
    assert few.tolist() == sorted(drawn.tolist())
    assert len(set(few)) == 4
    assert few.tolist() != Twins(people=4, seed=3).members(inside, "s").tolist()


def test_the_truth_in_one_society_is_what_twins_would_score():
    society = load_world("baseline", citizens=300, seed=4).simulate()
    rater = load_agency("council").fit(society)
    found = true_decomposition(
        rater,
        society,
        sensitive="hukou",
        societies=0,
        intervals=0.9,
        twins=Twins(others="everyone", people=60, seed=1),
    )
    data = rater.agency.view(society)
    score = score_function(rater, "score")
    (pair,) = comparisons_of(data, "hukou")
    rows = Twins(people=60, seed=1).members(pair.inside, f"proxies.truth.{pair.group}")
    twin = rater.agency.view(society.twin(others="everyone", hukou=pair.reference_group)).X
    moved = score(data.X.iloc[rows]) - score(twin.iloc[rows])
    total = found.table[found.table["factor"] == "(gap)"].iloc[0]
    facts = People(60).mean(moved).facts(0.9)
    for column in ("estimate", "low", "high", "people", "over"):
        assert total[column] == pytest.approx(facts[column])
    parts = found.table[found.table["quantity"] == "component"]
    assert parts["factor"].tolist() == list(data.factors)
    assert parts["estimate"].sum() == pytest.approx(moved.mean())
    said, scores = found.parameters, score(data.X)
    assert said["observed"] == {
        pair.group: pytest.approx(scores[pair.inside].mean() - scores[pair.outside].mean())
    }
    for name, value in {
        "rater": rater.name,
        "model": rater.name,
        "output": "score",
        "unit": score.unit,
        "intervals": 0.9,
        "intervals_over": "people",
        "others": "everyone",
        "people": 60,
        "sample_seed": 1,
    }.items():
        assert said[name] == value, name
    assert list(said["methods"]) == ["true_carrier"]
    assert found.seed == society.world.seed
    assert found.title == f"What really carries the gap: {rater.name}"
    assert found.notes == (
        "The truth comes from an intervention in the simulated society, on everybody at once.",
    )
    held = true_decomposition(
        rater, society, sensitive="hukou", societies=0, twins=Twins(people=20)
    )
    assert held.notes[0].endswith("one person at a time.")
    assert set(held.table["method"]) == {"true_carrier"}
    assert set(held.table["measure"]) == {"mean_score"}
    assert set(held.table["unit"]) == {score.unit}


def test_other_societies_need_a_world_that_can_make_them():
    class Known:
        class world:
            simulate = None

    class Unknown:
        world = None

    assert _other_societies(Known, None) == 20
    assert _other_societies(Known, 9) == 9
    assert _other_societies(Known, 0) == 0
    assert _other_societies(Unknown, None) == 0
    assert _other_societies(Unknown, 0) == 0
    with pytest.raises(InputError, match="societies: are 9, and the world is unknown"):
        _other_societies(Unknown, 9)
    with pytest.raises(InputError, match="societies"):
        _other_societies(Known, 3)


@pytest.fixture
def plain(frame) -> Dataset:
    own = frame.drop(columns=["job", "same", "persons", "place"]).fillna(30.0)
    return Dataset.from_frame(own, target="paid", sensitive=["sex"])


@pytest.mark.parametrize("folds", [2, 3])
def test_what_is_known_says_what_a_regression_of_others_expects(plain, folds):
    """Two factors, by hand: linear regressions of the other folds, and Shapley's two orders."""
    method = estimator("conditional_shapley", regression=LinearRegression(), folds=folds)
    found = decompose(_crossed, plain, sensitive="sex", method=method, seed=2)
    scores = _crossed(plain.X).to_numpy()
    fold = Streams(2).generator("proxies.conditional").permutation(SIZE) % folds
    expected = np.zeros((2, SIZE))
    for place, name in enumerate(["late", "income"]):
        x = plain.X[[name]].to_numpy()
        for number in range(folds):
            mine = fold == number
            fitted = LinearRegression().fit(x[~mine], scores[~mine])
            expected[place, mine] = fitted.predict(x[mine])
    base = scores.mean()
    values = [
        (expected[0] - base + scores - expected[1]) / 2,
        (expected[1] - base + scores - expected[0]) / 2,
    ]
    woman = (plain.groups("sex") == "f").to_numpy()
    table = found.table.set_index("factor")["estimate"]
    for name, value in zip(["late", "income"], values, strict=True):
        assert table[name] == pytest.approx(value[woman].mean() - value[~woman].mean(), rel=1e-5)


def _crossed(X):
    return -X["late"] * X["income"].fillna(30.0)


@pytest.mark.parametrize("output", ["log_odds", "probability"])
def test_a_factor_left_out_takes_what_a_scorer_without_it_does(plain, output):
    model = LogisticScorer().fit(plain.X, plain.y)
    found = decompose(model, plain, sensitive="sex", method="leave_out", output=output)
    woman = (plain.groups("sex") == "f").to_numpy()
    people, (pair,) = People.of(plain), comparisons_of(plain, "sex")

    def scores(columns):
        fitted = LogisticScorer().fit(plain.X[columns], plain.y)
        return score_function(fitted, output, dataset=plain)(plain.X[columns])

    whole = scores(["late", "income"])
    table = found.table.set_index("factor")
    assert table.loc["(gap)", "estimate"] == pytest.approx(
        whole[woman].mean() - whole[~woman].mean()
    )
    for name, other in (("late", "income"), ("income", "late")):
        facts = pair.difference(people.mean, whole - scores([other])).facts()
        for column in ("estimate", "low", "high"):
            assert table.loc[name, column] == pytest.approx(facts[column], abs=1e-9)
    assert found.parameters["kind"] == "intervention"


def test_permuting_takes_the_mean_over_deals(plain):
    method = estimator("permute", repeats=3)
    found = decompose(_crossed, plain, sensitive="sex", method=method, seed=6)
    generator, scores = Streams(6).generator("proxies.permute"), _crossed(plain.X).to_numpy()
    left = np.zeros((2, SIZE))
    for _ in range(3):
        order = generator.permutation(SIZE)
        late, income = (plain.X[name].to_numpy() for name in ("late", "income"))
        left[0] += -late[order] * income / 3
        left[1] += -late * income[order] / 3
    people, (pair,) = People.of(plain), comparisons_of(plain, "sex")
    table = found.table.set_index("factor")
    for place, name in enumerate(["late", "income"]):
        facts = pair.difference(people.mean, scores - left[place]).facts()
        for column in ("estimate", "low", "high"):
            assert table.loc[name, column] == pytest.approx(facts[column])
    with pytest.raises(InputError, match="permute, repeats: is 0; give at least 1"):
        decompose(_crossed, plain, sensitive="sex", method=estimator("permute", repeats=0))


def test_strata_are_columns_cut_where_they_have_many_values(frame):
    data = _data(frame)

    def strata(column, bins=5):
        return estimator("within_stratum", stratum=column, bins=bins).strata(data)

    assert strata("same").tolist() == [0] * SIZE
    assert strata("job").tolist() == pd.factorize(frame["job"])[0].tolist()
    assert strata("late", 50).max() + 1 == frame["late"].nunique()
    # A gap is a stratum of its own, beside four of equally many.
    own = strata("income", 4)
    sizes = np.bincount(own)
    assert len(sizes) == 5
    assert sizes[own[frame["income"].isna()][0]] == frame["income"].isna().sum()
    assert np.ptp(np.delete(sizes, own[frame["income"].isna()][0])) <= 1
    place = strata("place", 20)
    assert len(np.unique(place)) == 20
    assert len(np.unique(strata("place", 19))) < 20
    for options, said in (
        ({"stratum": "no"}, "within_stratum, stratum 'no': is no column"),
        ({}, "within_stratum, stratum: is not named"),
        ({"stratum": "job", "bins": 1}, "within_stratum, bins: is 1; give at least 2"),
    ):
        with pytest.raises((InputError, TableError), match=said):
            estimator("within_stratum", **options).strata(data)
    assert estimator("within_stratum", stratum="job", bins=2).strata(data).max() == 2


def test_comparisons_join_methods_of_one_rater_and_one_unit(plain):
    one, two = (
        decompose(_crossed, plain, sensitive="sex", method=method)
        for method in ("swap_shapley", "permute")
    )
    both = compare([one, two])
    assert both.table.equals(pd.concat([one.table, two.table], ignore_index=True))
    assert list(both.parameters["methods"]) == ["swap_shapley", "permute"]
    assert both.title == f"What carries the gap: {one.parameters['rater']}"
    assert both.citations[: len(one.citations)] == one.citations
    for note in (*one.notes, *two.notes):
        assert note in both.notes
    with pytest.raises(InputError, match="compare: was given nothing"):
        compare([])
    other = decompose(
        LogisticScorer().fit(plain.X, plain.y), plain, sensitive="sex", method="permute"
    )
    with pytest.raises(InputError, match="compare: was given raters "):
        compare([one, other])
    assert one.metrics()["proxies.swap_shapley.sex.f.late"] == one.table["estimate"].iloc[0]


@pytest.mark.parametrize("stratum", ["job", "late"])
def test_within_strata_each_is_held_against_another_of_the_same_by_that_stratums_draw(
    frame, stratum
):
    data, method = _data(frame), estimator("within_stratum", stratum=stratum, bins=4)
    task = GapTask(model=_crossed, dataset=data, sensitive="sex", seed=3)
    found = method.attribute(_crossed, data, task, 5)
    score, strata = task.score(_crossed), method.strata(data)
    assert found.names == ("history", "work", "(strata)")
    assert found.scores == pytest.approx(score(data.X))
    assert found.values.sum(axis=1) == pytest.approx(found.scores)
    for number in np.unique(strata):
        rows = np.flatnonzero(strata == number)
        own = {"seed": 5 * 1009 + int(number)}
        values = factor_attributions(score, data.X.iloc[rows], data.factors, **own)
        np.testing.assert_allclose(found.values[rows][:, :2], values)
        assert found.references[rows].tolist() == rows[background_rows(len(rows), **own)].tolist()
    answer = decompose(_crossed, data, sensitive="sex", method=method, seed=3)
    numbers = found.scores
    woman = (frame["sex"] == "f").to_numpy()
    assert answer.table["estimate"].iloc[-1] == pytest.approx(
        numbers[woman].mean() - numbers[~woman].mean()
    )


@pytest.mark.parametrize("method", ["oaxaca_reference", "oaxaca_pooled", "oaxaca_threefold"])
def test_blocks_and_processors_change_nothing(frame, scores, method, monkeypatch):
    data = _data(frame, "persons")
    whole = decompose(scores, data, sensitive="sex", method=method).table
    monkeypatch.setattr(regression, "BLOCK", 1)
    monkeypatch.setattr(regression, "LONG", 1)
    apart = decompose(scores, data, sensitive="sex", method=method).table
    for column in ("estimate", "low", "high"):
        np.testing.assert_allclose(apart[column], whole[column], rtol=1e-10, atol=1e-12)
