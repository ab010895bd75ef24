"""People with weights: agreement with statsmodels, fairlearn and the table written out."""

from functools import cache

import fairlearn.metrics as fairlearn
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as sklearn
import statsmodels.api as sm

import credit_ml as cm
from credit_ml import fairness, proxies
from credit_ml.core import Dataset, InputError, TableError
from credit_ml.inference import People
from credit_ml.proxies import Guesses
from credit_ml.scoring import LogisticScorer

SIZE = 400
#: Sample weights of different kinds: whole numbers (with 0), and of any size.
WHOLE = np.random.default_rng(5).integers(0, 4, SIZE)
ANY = np.random.default_rng(6).gamma(2.0, 10.0, SIZE)


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(3)
    sex = random.choice(["f", "m"], SIZE, p=[0.4, 0.6])
    late = random.integers(0, 5, SIZE)
    paid = (random.random(SIZE) < 0.8 - 0.12 * late + 0.1 * (sex == "m")).astype(int)
    place = random.integers(0, 20, SIZE)
    return pd.DataFrame(
        {
            "late": late,
            "age": random.normal(40, 9, SIZE),
            "sex": sex,
            "town": random.choice(["a", "b", "c"], SIZE),
            "paid": paid,
            "place": place,
            "chance": np.round(np.clip(0.85 - 0.12 * late + 0.1 * random.random(SIZE), 0, 1), 2),
        }
    )


def _data(frame, weights=None, cluster=None):
    return Dataset.from_frame(
        frame,
        target="paid",
        sensitive=["sex", "town"],
        factors={"late": "late", "age": "age"},
        context=["chance"],
        cluster=cluster,
        weights=weights,
    )


def _chance(data):
    return data.context["chance"].to_numpy()


def _home(data):
    return data.sensitive["town"].rename("home")


def _decided(data):
    return _chance(data) >= 0.6


#: Every instrument that counts people by their weights, on a table.
WEIGHTED = {
    "audit": lambda data: cm.audit(_decided(data), data, scores=_chance(data)),
    "parity": lambda data: cm.parity(_decided(data), data),
    "adverse_impact": lambda data: cm.adverse_impact(_decided(data), data),
    "conditional_disparity": lambda data: cm.fairness.conditional_disparity(
        _decided(data), data, sensitive="sex", given="late"
    ),
    "calibration": lambda data: cm.calibration(_chance(data), data, bins=4),
    "quality": lambda data: cm.quality(_chance(data), data),
    "ranking": lambda data: cm.fairness.ranking(_chance(data), data),
    "distribution_distances": lambda data: cm.fairness.distribution_distances(_chance(data), data),
    "error_costs": lambda data: cm.fairness.error_costs(
        _chance(data), data, thresholds=[0.3, 0.6, 0.8]
    ),
    "threshold_curve": lambda data: cm.fairness.threshold_curve(
        _chance(data), data, thresholds=[0.3, 0.6, 0.8]
    ),
    "multiplicity": lambda data: cm.fairness.multiplicity(
        {"a": _decided(data), "b": _chance(data) >= 0.7}, {"a": 0.8, "b": 0.8}, data
    ),
    "audit_privileges": lambda data: next(
        iter(cm.fairness.audit_privileges(_Rater(), data, scores=_chance(data)).values())
    ),
    "decompose": lambda data: cm.decompose(
        _additive(), data, sensitive="sex", method="kitagawa_oaxaca_blinder", output="log_odds"
    ),
    "attribution_bands": lambda data: cm.explanation.attribution_bands(
        _additive(), data, people=100_000
    ),
    "score_map": lambda data: cm.fairness.score_map(
        data.context["chance"], data, _home(data), data.X["age"]
    ),
    "explain": lambda data: cm.explain(_additive(), data, sensitive="sex"),
    "detect_proxies": lambda data: cm.detect_proxies(
        data, sensitive="sex", model=_additive(), guesses=Guesses(columns=False)
    ),
    "proxy_discrimination": lambda data: proxies.proxy_discrimination(
        _additive(), data, sensitive="sex"
    ),
}
#: What draws who stands in for whom, or trains models that more rows pull less to 0.
DRAWN = ("detect_proxies", "proxy_discrimination")
#: Estimators of a gap that count by weight, and whether a table written out says the same.
ESTIMATORS = {
    "kitagawa_oaxaca_blinder": True,
    "shap_by_factor": True,
    "oaxaca_reference": True,
    "oaxaca_group": True,
    "oaxaca_neumark": True,
    "oaxaca_pooled": True,
    "oaxaca_threefold": True,
    "block_shapley": False,
    "leave_out": False,
    "selection_rate_shapley": False,
    "true_positive_shapley": False,
    "proxy_discrimination": False,
}


class _Rater:
    """Grants one privilege."""

    class agency:
        class line:
            id, name, threshold = "car", "car", 0.6

        privileges = (line,)


@cache
def _additive():
    """An additive score, of a table that is none of those here."""
    X = pd.DataFrame({"late": np.arange(60) % 5, "age": 20.0 + np.arange(60) % 37})
    return LogisticScorer().fit(X, (X["late"] + X["age"] % 3 < 3).astype(int))


#: What has no place for weights: checks, what is said of one person, and fits that have tests
#: of their own.
NO_INSTRUMENT = {
    "attribute",
    "cross_fit",
    "additive_terms",
    "check_folds",
    "check_fitted_on",
    "comparisons_of",
    "features_of",
    "good_class",
    "groups_of",
    "person_attributions",
    "score_function",
}
PACKAGES = ("scoring", "agencies", "fairness", "explanation", "proxies", "disclosure")
PACKAGES += ("strategic", "consequences")


def _instruments():
    """Every public function that takes a Dataset."""
    import importlib
    import inspect

    for package in PACKAGES:
        home = importlib.import_module(f"credit_ml.{package}")
        for name in home.__all__:
            function = getattr(home, name)
            if inspect.isfunction(function) and name not in NO_INSTRUMENT:
                parameters = inspect.signature(function).parameters
                takes = {key: str(each.annotation) for key, each in parameters.items()}
                if any("tables.dataset.Dataset" in held for held in takes.values()):
                    yield pytest.param(name, function, parameters, id=name)


@pytest.mark.parametrize(("name", "function", "parameters"), list(_instruments()))
def test_every_instrument_counts_by_weight_or_says_by_name_that_it_does_not(
    frame, name, function, parameters
):
    data = _data(frame, ANY)
    if name in WEIGHTED:
        plain, weighted = WEIGHTED[name](_data(frame)), WEIGHTED[name](data)
        assert not np.allclose(
            plain.table["estimate"], weighted.table["estimate"][: len(plain.table)], equal_nan=True
        )
        return
    needed = {
        key: data if "tables.dataset.Dataset" in str(each.annotation) else None
        for key, each in parameters.items()
        if each.default is each.empty and each.kind is not each.VAR_KEYWORD
    }
    with pytest.raises(InputError, match=f"^{name}.*takes no weights of people"):
        function(**needed)


def _gap(data, method):
    output = "probability" if method == "proxy_discrimination" else "log_odds"
    return cm.decompose(_additive(), data, sensitive="sex", method=method, output=output)


@pytest.mark.parametrize("method", list(proxies.estimators_frame()["id"]))
def test_estimators_of_a_gap_count_by_weight_or_say_by_name_that_they_do_not(frame, method):
    data = _data(frame, ANY)
    if method not in ESTIMATORS:
        said = f"^decompose, method '{method}': takes no weights"
        with pytest.raises(InputError, match=said):
            _gap(data, method)
        return
    plain, equal = _gap(_data(frame), method).table, _gap(_data(frame, np.ones(SIZE) * 3), method)
    pd.testing.assert_frame_equal(plain, equal.table, check_exact=True)
    found = _gap(data, method).table
    scaled = _gap(_data(frame, ANY * 8), method).table
    pd.testing.assert_frame_equal(found, scaled, rtol=1e-6, atol=1e-9)
    assert not np.allclose(found["estimate"], plain["estimate"])
    parts = found[found["quantity"] == "component"]["estimate"].sum()
    if proxies.estimator(method).kind == "attribution":
        assert found["estimate"].iloc[-1] == pytest.approx(parts, abs=1e-9)


@pytest.mark.parametrize("method", [name for name, same in ESTIMATORS.items() if same])
def test_a_gap_is_that_of_the_table_written_out(frame, method):
    weighted = _gap(_data(frame, WHOLE), method).table
    written = _gap(_data(frame.loc[frame.index.repeat(WHOLE)]), method).table
    pd.testing.assert_series_equal(weighted["factor"], written["factor"])
    np.testing.assert_allclose(weighted["estimate"], written["estimate"], atol=1e-9)


def test_prices_have_the_variance_of_a_weighted_regression(frame):
    """HC1 of weighted least squares, as svyglm's."""
    from credit_ml.inference import comparisons_of
    from credit_ml.proxies.decomposition.estimators.design import NumericDesign
    from credit_ml.proxies.decomposition.estimators.regression import Regression

    data = _data(frame, ANY)
    pair = next(iter(comparisons_of(data, "sex")))
    design = frame[["late", "age"]].to_numpy(dtype=float)
    people = People.of(data)
    regression = Regression(design=NumericDesign.of(design), scores=_chance(data), people=people)
    prices = regression.prices(pair.outside)
    slope, eye = prices.slope, np.eye(design.shape[1])
    terms = regression.influence(pair, np.zeros_like(eye), (prices, eye))[:-1].T
    theirs = sm.WLS(
        _chance(data)[pair.outside],
        sm.add_constant(design[pair.outside]),
        weights=ANY[pair.outside],
    ).fit(cov_type="HC1")
    np.testing.assert_allclose(slope, theirs.params[1:])
    number = pair.outside.sum()
    errors = np.sqrt((terms**2).sum(axis=0) * number / (number - 1))
    np.testing.assert_allclose(errors, theirs.bse[1:])


def test_block_shapley_of_a_crossed_score_is_that_of_the_population(frame):
    """Drawn references: within the interval of the table written out many times."""
    score = _crossed
    weighted = cm.decompose(score, _data(frame, WHOLE), sensitive="sex").table
    written = cm.decompose(
        score, _data(frame.loc[frame.index.repeat(WHOLE * 30)]), sensitive="sex"
    ).table
    reach = weighted["high"] - weighted["low"]
    assert (np.abs(weighted["estimate"] - written["estimate"]) < 0.5 * reach + 1e-9).all()


def _crossed(X):
    return -X["late"] * X["age"]


@pytest.mark.parametrize("cluster", [None, "place"])
@pytest.mark.parametrize("name", WEIGHTED)
def test_equal_weights_change_nothing(frame, name, cluster):
    plain = WEIGHTED[name](_data(frame, cluster=cluster))
    equal = WEIGHTED[name](_data(frame, np.full(SIZE, 7.3), cluster))
    pd.testing.assert_frame_equal(plain.table, equal.table, check_exact=True)
    assert plain.notes == equal.notes


@pytest.mark.parametrize("cluster", [None, "place"])
@pytest.mark.parametrize("name", WEIGHTED)
def test_the_scale_of_weights_changes_nothing(frame, name, cluster):
    one, other = (WEIGHTED[name](_data(frame, ANY * by, cluster)).table for by in (1.0, 1e-3))
    scaled = one["measure"] == "sum_of_weights"
    # A prior is fitted by steps until they are small.
    near = 1e-4 if name == "adverse_impact" else 1e-9
    pd.testing.assert_frame_equal(one[~scaled], other[~scaled], rtol=near, atol=near)


@pytest.mark.parametrize("name", [name for name in WEIGHTED if name not in DRAWN])
def test_whole_weights_are_a_table_written_out(frame, name):
    """Bins of equal numbers of people lie elsewhere when their number differs: apart from those."""
    weighted = WEIGHTED[name](_data(frame, WHOLE)).table
    written = WEIGHTED[name](_data(frame.loc[frame.index.repeat(WHOLE)])).table
    assert len(written)
    keys = [
        key
        for key in ("quantity", "measure", "sensitive", "group", "reference_group", "factor")
        if key in written
    ] + [key for key in ("threshold", "stratum", "bin", "level") if key in written]
    binned = ("reliability", "expected_calibration_error", "shrunken_selection_rate", "count")
    one, other = (
        table[~table["measure"].isin((*binned, "sum_of_weights"))].set_index(keys)["estimate"]
        for table in (weighted, written)
    )
    pd.testing.assert_series_equal(one, other, rtol=1e-9, atol=1e-9)


def test_who_has_no_weight_is_absent(frame):
    some = np.where(np.arange(SIZE) % 3 == 0, 0.0, 5.0)
    kept = frame[some > 0]
    for name in ("quality", "distribution_distances", "conditional_disparity", "decompose"):
        weighted, without = WEIGHTED[name](_data(frame, some)), WEIGHTED[name](_data(kept))
        for column in ("estimate", "low", "high", "people"):
            np.testing.assert_allclose(
                weighted.table[column], without.table[column], rtol=1e-9, atol=1e-9
            )
    audits = [WEIGHTED["audit"](_data(*each)).table for each in ((frame, some), (kept,))]
    for column in ("estimate", "low", "high", "people"):
        one = audits[0][audits[0]["measure"] != "sum_of_weights"]
        np.testing.assert_allclose(one[column], audits[1][column], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("feature", ["sex", "town"])
def test_fairlearn_answers_the_same_to_sample_params(frame, feature):
    data = _data(frame, ANY)
    names = ("selection_rate", "true_positive_rate", "false_positive_rate")
    metrics = {name: getattr(fairlearn, name) for name in names}
    metrics |= {"accuracy": sklearn.accuracy_score, "f1_score": sklearn.f1_score}
    theirs = fairlearn.MetricFrame(
        metrics=metrics,
        y_true=data.y,
        y_pred=_decided(data).astype(int),
        sensitive_features=frame[feature],
        sample_params={name: {"sample_weight": ANY} for name in metrics},
    )
    ours = cm.audit(
        _decided(data), data, metrics=[*names, "accuracy", sklearn.f1_score], sensitive=feature
    )
    values = ours.where(quantity="value", sensitive=feature).table
    wide = values.pivot_table("estimate", "group", "measure")
    for name in metrics:
        np.testing.assert_allclose(wide[name], theirs.by_group[name].astype(float), atol=1e-12)
    largest = ours.where(quantity="largest_difference", sensitive=feature).table
    for name, estimate in largest.set_index("measure")["estimate"].items():
        assert estimate == pytest.approx(theirs.difference()[name])


def test_parity_is_fairlearns_with_weights(frame):
    data = _data(frame, ANY)
    found = cm.parity(_decided(data), data, sensitive="sex").where(quantity="difference").table
    by_name = found.set_index("measure")["estimate"]
    asked = {"y_true": data.y, "y_pred": _decided(data).astype(int), "sample_weight": ANY}
    for name, theirs in (
        ("demographic_parity", fairlearn.demographic_parity_difference),
        ("equalized_odds", fairlearn.equalized_odds_difference),
    ):
        assert by_name[name] == pytest.approx(theirs(**asked, sensitive_features=frame["sex"]))


def test_a_function_without_weights_is_refused_by_name(frame):
    def share(y_true, y_pred):
        return float(np.mean(y_pred))

    with pytest.raises(InputError, match="'share': takes no sample_weight"):
        cm.audit(_decided(_data(frame)), _data(frame, ANY), metrics=share)


def test_means_and_shares_have_the_variance_of_a_weighted_regression(frame):
    """HC1 of weighted least squares on a constant is the linearised variance of svymean."""
    people, one = People(SIZE, weights=ANY), np.ones(SIZE)
    for values in (frame["age"].to_numpy(), frame["paid"].to_numpy(dtype=float)):
        found = people.mean(values) if values.max() > 1 else people.share(values)
        theirs = sm.WLS(values, one, weights=ANY).fit(cov_type="HC1")
        assert float(found) == pytest.approx(theirs.params[0])
        assert found.error() == pytest.approx(theirs.bse[0])
        assert float(found) == pytest.approx(sm.stats.DescrStatsW(values, ANY).mean)


def test_a_rate_has_the_variance_of_svyratio(frame):
    paid, late = frame["paid"].to_numpy(dtype=float), (frame["late"] < 3).to_numpy(dtype=float)
    found = People(SIZE, weights=ANY).rate(paid * late, late)
    value = (ANY * paid * late).sum() / (ANY * late).sum()
    pull = ANY * (paid * late - value * late) / (ANY * late).sum()
    number = late.sum()
    assert float(found) == pytest.approx(value)
    assert found.error() == pytest.approx(np.sqrt((pull**2).sum() * number / (number - 1)))


def test_a_gap_has_the_variance_of_a_regression_on_the_group(frame):
    woman = (frame["sex"] == "f").to_numpy()
    people, age = People(SIZE, weights=ANY), frame["age"].to_numpy()
    gap = people.mean(age, woman) - people.mean(age, ~woman)
    design = sm.add_constant(woman.astype(float))
    theirs = sm.WLS(age, design, weights=ANY).fit(cov_type="HC0")
    assert float(gap) == pytest.approx(theirs.params[1])
    assert gap.error() == pytest.approx(theirs.bse[1], rel=0.01)


def test_areas_quantiles_and_correlations_are_the_libraries(frame):
    people, chance = People(SIZE, weights=ANY), frame["chance"].to_numpy()
    paid, age = frame["paid"].to_numpy(), frame["age"].to_numpy()
    area = sklearn.roc_auc_score(paid, chance, sample_weight=ANY)
    assert float(people.auc(chance, paid)) == pytest.approx(area)
    middle = np.quantile(age, 0.3, weights=ANY, method="inverted_cdf")
    assert float(people.quantile(age, 0.3)) == middle
    both = sm.stats.DescrStatsW(np.column_stack([chance, paid]), ANY).corrcoef[0, 1]
    assert float(people.correlation(chance, paid)) == pytest.approx(both)
    slope = sm.GLM(
        paid,
        sm.add_constant(np.log(chance / (1 - chance))),
        family=sm.families.Binomial(),
        freq_weights=ANY,
    ).fit()
    found = cm.calibration(chance, _data(frame, ANY)).metrics()["calibration.slope"]
    assert found == pytest.approx(slope.params[1], rel=1e-6)


def test_distances_are_scipys_with_weights(frame):
    from scipy import stats

    data, woman = _data(frame, ANY), (frame["sex"] == "f").to_numpy()
    chance = frame["chance"].to_numpy()
    found = cm.fairness.distribution_distances(chance, data, sensitive="sex").table
    theirs = stats.wasserstein_distance(chance[woman], chance[~woman], ANY[woman], ANY[~woman])
    assert found.set_index("measure")["estimate"]["wasserstein"] == pytest.approx(theirs)


@pytest.mark.parametrize("cluster", [None, "place"])
def test_a_tally_says_what_its_people_say(frame, cluster):
    data = _data(frame, ANY, cluster)
    people, audit = People.of(data), WEIGHTED["audit"](data)
    for name, group, who in cm.inference.groups_of(data):
        found = audit.where(quantity="value", sensitive=name, group=group).table
        rows = found.set_index("measure")
        for measure, estimate in (
            ("selection_rate", people.share(_decided(data), who)),
            ("mean_score", people.mean(_chance(data), who)),
            ("true_positive_rate", people.share(_decided(data), who & (data.y == 1))),
        ):
            facts = estimate.facts()
            for column in ("estimate", "low", "high"):
                assert rows.loc[measure, column] == pytest.approx(facts[column], abs=1e-12)
        assert rows.loc["count", "estimate"] == who.sum()
        assert rows.loc["sum_of_weights", "estimate"] == pytest.approx(ANY[who].sum())


def test_parts_of_a_table_tally_to_the_whole(frame):
    table = frame.assign(yes=frame["chance"] >= 0.6, persons=ANY)
    asked = {"decision": "yes", "sensitive": ["sex"], "outcome": "paid", "score": "chance"}
    whole = fairness.tally_parts([table], weight="persons", **asked)
    parts = fairness.tally_parts([table[:150], table[150:]], weight="persons", **asked)
    one, two = (fairness.audit_tally(each) for each in (whole, parts))
    pd.testing.assert_frame_equal(one.table, two.table)
    direct = WEIGHTED["audit"](_data(frame, ANY)).where(sensitive="sex").table
    ours = one.where(sensitive="sex").table
    np.testing.assert_allclose(ours["low"], direct["low"], atol=1e-9)


def test_a_finding_says_that_it_is_weighted(frame):
    for name in ("audit", "quality", "parity"):
        notes = " ".join(WEIGHTED[name](_data(frame, ANY)).notes)
        assert f"400 people stand for {ANY.sum():,.10g} (the sum of their weights)" in notes
        assert f"{ANY.sum() ** 2 / (ANY**2).sum():,.0f} of equal weight" in notes


def test_the_command_takes_a_column_of_weights_and_the_page_says_so(frame, tmp_path):
    table = frame[["late", "age", "sex", "paid", "chance"]].assign(persons=ANY)
    asked = {"target": "paid", "sensitive": "sex", "score": "chance", "weights": "persons"}
    found = cm.studies.audit_table(
        table, output=tmp_path / "page.html", track=False, progress=False, **asked
    )
    (rater,) = found.raters
    audited = next(each for each in rater.findings if each.kind == "audit")
    data = Dataset.from_frame(table, target="paid", sensitive="sex", weights="persons")
    threshold = float(audited.parameters["decision"].split()[0])
    ours = cm.audit(table["chance"] >= threshold, data, scores=table["chance"])
    np.testing.assert_allclose(audited.table["estimate"], ours.table["estimate"])
    # As much of the weight reaches the threshold as kept its obligations.
    kept = float(np.average(table["paid"], weights=ANY))
    lower = table["chance"][table["chance"] < threshold].max()
    assert np.average(table["chance"] > threshold, weights=ANY) <= kept
    assert np.average(table["chance"] >= lower, weights=ANY) >= kept
    assert found.data["sum_of_weights"] == pytest.approx(ANY.sum())
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Numbers are weighted by" in text
    assert "Sum of weights" in text
    assert "--weights persons" in text
    with pytest.raises(TableError, match="weights: column 'person' is absent; did you mean"):
        cm.studies.audit_table(table, track=False, **asked | {"weights": "person"})


def test_a_menu_is_refused_with_weights(frame):
    table = frame[["late", "age", "sex", "paid"]].assign(persons=ANY)
    asked = {"target": "paid", "sensitive": "sex", "weights": "persons", "menu": "default"}
    with pytest.raises(InputError, match="takes no weights of people"):
        cm.studies.audit_table(table, track=False, progress=False, **asked)
