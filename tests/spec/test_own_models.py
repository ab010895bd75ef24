"""Somebody's own model: given what it was fitted on, and read the right way round."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import credit_ml as cm
from credit_ml.core import InputError, ModelError
from credit_ml.explanation import feature_attributions
from credit_ml.response import Action, Menu
from credit_ml.scoring import OpaqueScorer, Scorecard, additive_terms

FEATURES = ["late", "income", "postcode"]


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(0)
    people = 1_500
    sex = random.choice(["f", "m"], people)
    frame = pd.DataFrame(
        {
            "late": random.poisson(1 + 0.5 * (sex == "m"), people),
            "income": random.normal(3 + 0.4 * (sex == "m"), 1, people),
            "postcode": random.normal(0.3 * (sex == "m"), 1, people),
            "sex": sex,
        }
    )
    chance = 1 / (1 + np.exp(1 + frame["late"] - frame["income"]))
    frame["paid"] = (random.random(people) < chance).astype(int)
    return frame


def as_flag(frame):
    return frame.assign(outcome=1 - frame["paid"]).drop(columns="paid"), 0


def as_names(frame):
    named = np.where(frame["paid"] == 1, "good", "late")
    return frame.assign(outcome=named).drop(columns="paid"), "good"


def as_codes(frame):
    return frame.assign(outcome=2 - frame["paid"]).drop(columns="paid"), 1


MODELS = {
    "logistic": lambda: LogisticRegression(),
    "boosted": lambda: HistGradientBoostingClassifier(max_iter=15),
    "forest": lambda: RandomForestClassifier(20, max_depth=4, random_state=0),
    "pipeline": lambda: make_pipeline(LogisticRegression()),
    "opaque": lambda: OpaqueScorer(max_iter=15),
    "scorecard": lambda: Scorecard(),
}


@pytest.mark.parametrize("written", [as_flag, as_names, as_codes])
@pytest.mark.parametrize("kind", MODELS)
class TestDirection:
    """A model of the outcome as written says what a model of `Dataset.y` says."""

    @pytest.fixture
    def pair(self, frame, written, kind):
        table, favourable = written(frame)
        data = cm.Dataset.from_frame(
            table, target="outcome", favourable=favourable, sensitive="sex"
        )
        theirs = MODELS[kind]().fit(table[FEATURES], table["outcome"])
        return theirs, MODELS[kind]().fit(table[FEATURES], data.y), data

    @pytest.mark.parametrize("output", ["probability", "log_odds"])
    def test_scores_are_high_for_the_good_outcome(self, pair, output):
        theirs, coded, data = pair
        score = cm.score_function(theirs, output, dataset=data)(data.X)
        assert roc_auc_score(data.y, score) > 0.6
        assert (
            np.corrcoef(score, cm.score_function(coded, output, dataset=data)(data.X))[0, 1] > 0.9
        )

    def test_the_gap_has_the_sign_of_the_good_outcome(self, pair):
        theirs, _, data = pair
        found = cm.decompose(theirs, data, sensitive="sex", reference_groups="f").table
        score = pd.Series(cm.score_function(theirs, dataset=data)(data.X))
        means = score.groupby(data.groups("sex").to_numpy()).mean()
        gap = found.loc[found["factor"] == "(gap)", "estimate"].iloc[0]
        assert gap == pytest.approx(means["m"] - means["f"], abs=1e-9)
        late = found.loc[found["factor"] == "late", "estimate"].iloc[0]
        assert late < 0  # men are late more often, which is bad for them

    def test_attributions_say_what_is_good_for_the_person(self, pair):
        theirs, _, data = pair
        output = "probability" if isinstance(theirs, RandomForestClassifier) else "log_odds"
        try:
            found = feature_attributions(theirs, data.X, output=output)
        except ModelError as error:
            assert "not known to add columns up" in str(error)  # noqa: PT017
            return
        assert found["late"].corr(data.X["late"]) < -0.8
        assert found["income"].corr(data.X["income"]) > 0.8


def test_recourse_is_that_of_the_same_model_fitted_the_other_way_round():
    society = cm.load_world("baseline", citizens=400, seed=4).simulate()
    view = cm.load_agency("sesame").view(society)
    numbers = view.X.select_dtypes("number").fillna(0.0)
    frame = numbers.assign(
        default=1 - view.y, money=view.context["income"], hukou=view.sensitive["hukou"]
    )
    data = cm.Dataset.from_frame(
        frame, target="default", favourable=0, sensitive="hukou", context="money"
    )
    scale = StandardScaler().fit(numbers)
    found = []
    for outcome in (frame["default"], 1 - frame["default"]):
        model = LogisticRegression().fit(scale.transform(numbers), outcome)
        plain = LogisticRegression(C=1e-9).fit(numbers, outcome)
        plain.classes_, plain.coef_ = model.classes_, model.coef_ / scale.scale_
        plain.intercept_ = model.intercept_ - plain.coef_ @ scale.mean_
        income = data.context["money"]
        found.append(cm.recourse(plain, data, threshold=0.75, income=income))
    pd.testing.assert_frame_equal(found[0].people, found[1].people, rtol=1e-6)
    helped = found[0].people.query("status == 'cheapest'")
    assert len(helped) > 10
    assert (helped["then"] > helped["score"]).all()


def test_a_model_alone_is_refused_where_its_second_class_is_not_the_good_one(frame):
    for written in (as_flag, as_names, as_codes):
        table, favourable = written(frame)
        data = cm.Dataset.from_frame(
            table, target="outcome", favourable=favourable, sensitive="sex"
        )
        model = LogisticRegression().fit(table[FEATURES], table["outcome"])
        if model.classes_[1] == favourable:
            continue
        with pytest.raises(ModelError, match=r"second class .* is not the good outcome"):
            cm.score_function(model)(data.X)


def test_terms_add_up_to_the_score_the_right_way_round(frame):
    table, favourable = as_names(frame)
    data = cm.Dataset.from_frame(table, target="outcome", favourable=favourable, sensitive="sex")
    model = LogisticRegression().fit(table[FEATURES], table["outcome"])
    terms = additive_terms(model, data.X, "log_odds", dataset=data)
    score = cm.score_function(model, "log_odds", dataset=data)(data.X)
    np.testing.assert_allclose(np.ptp(score - terms.sum(axis=1)), 0, atol=1e-9)
    assert terms["late"].corr(data.X["late"]) < 0


def test_a_flag_that_says_nothing_of_direction_is_asked_about(frame):
    table, favourable = as_flag(frame)
    noise = table.assign(late=np.random.default_rng(1).normal(size=len(table)))
    data = cm.Dataset.from_frame(
        noise, target="outcome", favourable=favourable, sensitive="sex", factors={"late": "late"}
    )
    random = np.random.default_rng(2).permutation(noise["outcome"].to_numpy())
    model = LogisticRegression().fit(noise[["late"]], random)
    with pytest.raises(
        ModelError, match="1,500 people of the whole table cannot be told from chance"
    ):
        cm.score_function(model, dataset=data)
    told = cm.score_function(model, dataset=data, direction="lower_is_better")(data.X)
    np.testing.assert_allclose(told, model.predict_proba(noise[["late"]])[:, 0])
    with pytest.raises(InputError, match="'up' is unknown"):
        cm.score_function(model, direction="up")


@pytest.fixture(scope="module", params=["on the flag", "on Dataset.y"])
def flagged(request):
    """A default flag, a model, the chance to repay, and the people whom it is wrong about."""
    random, people = np.random.default_rng(0), 2_000
    table = pd.DataFrame(
        {
            "sex": random.choice(["f", "m"], people),
            "late": random.poisson(1, people),
            "income": random.normal(0, 1, people),
        }
    )
    chance = 1 / (1 + np.exp(1 + 0.6 * table["income"] - 0.5 * table["late"]))
    table["default"] = (random.random(people) < chance).astype(int)
    data = cm.Dataset.from_frame(table, target="default", favourable=0, sensitive=["sex"])
    flag = request.param == "on the flag"
    model = LogisticRegression().fit(data.X, table["default"] if flag else data.y)
    chance = model.predict_proba(data.X)[:, 0 if flag else 1]
    return data, model, chance, np.flatnonzero((chance >= 0.7) != (data.y == 1))


ONE_ACTION = Menu(
    id="own",
    description="One way.",
    actions=(
        Action(
            id="pay",
            name="pay late bills",
            kind="improving",
            changes=({"column": "late", "add": -1, "low": 0},),
            price=0.0,
            effort=0.02,
            source="assumed",
        ),
    ),
)


class TestOfPeopleTakenFromATable:
    def test_those_a_model_is_wrong_about_do_not_reverse_it(self, flagged):
        data, model, chance, wrong = flagged
        taken = data.take(wrong)
        assert roc_auc_score(taken.y, chance[wrong]) < 0.2
        np.testing.assert_array_equal(
            cm.score_function(model, dataset=taken)(taken.X), chance[wrong]
        )
        np.testing.assert_array_equal(
            cm.score_function(model, dataset=taken.take([3, 1]))(taken.X), chance[wrong]
        )
        reasons = cm.explain(model, taken).reasons(citizen=0)
        assert reasons.score == pytest.approx(chance[wrong][0])

    def test_recourse_is_theirs_in_the_whole_table(self, flagged):
        data, model, _, wrong = flagged
        asked = {"threshold": 0.7, "menu": ONE_ACTION}
        whole = cm.recourse(model, data, **asked).people
        taken = cm.recourse(model, data.take(wrong), **asked).people
        for column in ("status", "score", "then"):
            expected = whole[column].iloc[wrong].reset_index(drop=True)
            pd.testing.assert_series_equal(
                taken[column].reset_index(drop=True), expected, check_exact=False
            )

    def test_one_person_is_written_to(self, flagged):
        data, model, chance, _ = flagged
        declined = int(np.flatnonzero(chance < 0.6)[0])
        for citizen in (17, declined):
            found = cm.notice(
                model, data, citizen, threshold=0.6, decision="a loan", menu=ONE_ACTION
            )
            assert found.reasons.score == pytest.approx(chance[citizen])

    def test_a_function_is_not_stopped_for_them(self, flagged):
        data, model, chance, wrong = flagged
        high = 1 if np.array_equal(model.predict_proba(data.X)[:, 1], chance) else 0
        taken = data.take(wrong)
        score = cm.score_function(lambda X: model.predict_proba(X)[:, high], dataset=taken)
        np.testing.assert_array_equal(score(taken.X), chance[wrong])
        with pytest.raises(ModelError, match="is lower for people with the good outcome"):
            cm.score_function(lambda X: -model.predict_proba(X)[:, high], dataset=taken)

    def test_a_small_whole_table_is_said_to_be_small(self, flagged):
        data, model, _, _ = flagged
        few = np.concatenate([np.flatnonzero(data.y == 1)[:3], np.flatnonzero(data.y == 0)[:3]])
        table = data.X.iloc[few].assign(default=1 - data.y.iloc[few])
        small = cm.Dataset.from_frame(table, target="default", favourable=0, sensitive=[])
        told = (
            r"6 people of the whole table .*AUC \d.\d\d, between .* 3 standard errors.*direction="
        )
        with pytest.raises(ModelError, match=told):
            cm.score_function(model, dataset=small)


def test_classes_of_another_outcome_are_refused(frame):
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex")
    model = LogisticRegression().fit(frame[FEATURES], frame["sex"])
    with pytest.raises(ModelError, match="has the classes 'f' and 'm', and paid is 0 or 1"):
        cm.decompose(model, data, sensitive="sex")


def test_a_risk_is_stopped_with_both_readings_unless_told(frame):
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex")

    def risk(X):
        return 10.0 * X["late"] - 5.0 * X["income"]

    with pytest.raises(ModelError, match=r"AUC 0\.\d+; .*higher_is_better.*lower_is_better"):
        cm.decompose(risk, data, sensitive="sex")
    turned = cm.score_function(risk, dataset=data, direction="lower_is_better")
    np.testing.assert_allclose(turned(data.X), -risk(frame))
    kept = cm.score_function(risk, dataset=data, direction="higher_is_better")
    np.testing.assert_allclose(kept(data.X), risk(frame))
    line = LinearRegression().fit(frame[FEATURES], 1 - frame["paid"])
    with pytest.raises(ModelError, match="is lower for people with the good outcome"):
        cm.decompose(line, data, sensitive="sex")


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("kind", MODELS)
def test_factors_in_another_order_than_the_columns_change_nothing(frame, kind, named):
    factors = {"address": ["postcode"], "history": ["late"], "means": ["income"]}
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex", factors=factors)
    X = frame[FEATURES] if named else frame[FEATURES].to_numpy(dtype="float64")
    model = MODELS[kind]().fit(X, frame["paid"])
    truth = pd.Series(model.predict_proba(X)[:, 1]).groupby(frame["sex"]).mean()
    found = cm.decompose(model, data, sensitive="sex", reference_groups="f").table
    gap = found.loc[found["factor"] == "(gap)", "estimate"].iloc[0]
    assert gap == pytest.approx(truth["m"] - truth["f"], abs=1e-6)
    assert found.loc[found["factor"] == "history", "estimate"].iloc[0] < 0


def test_a_model_is_given_its_own_columns_in_its_own_order(frame):
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex")
    model = LogisticRegression().fit(frame[["income", "late"]], frame["paid"])
    np.testing.assert_array_equal(
        cm.score_function(model, dataset=data)(data.X),
        model.predict_proba(frame[["income", "late"]])[:, 1],
    )
    wider = LogisticRegression().fit(frame[FEATURES].assign(age=1.0), frame["paid"])
    with pytest.raises(ModelError, match="reads the column 'age', which is no feature here"):
        cm.decompose(wider, data, sensitive="sex")
    nameless = LogisticRegression().fit(frame[FEATURES[:2]].to_numpy(), frame["paid"])
    with pytest.raises(ModelError, match="fitted on 2 columns without names, and here are 3"):
        cm.decompose(nameless, data, sensitive="sex")


VALUES = {
    "whole-number categories": lambda random, n: pd.Categorical(random.integers(0, 3, n)),
    "codes of tenths": lambda random, n: random.choice([0.1, 0.2, 0.3], n),
    "text": lambda random, n: random.choice(["a", "b", "c"], n),
    "text as objects": lambda random, n: pd.Series(
        random.choice(["a", "b", None], n), dtype=object
    ),
    "booleans": lambda random, n: random.random(n) < 0.5,
    "large whole numbers": lambda random, n: 50_000_000 + random.integers(0, 3, n),
    "nullable": lambda random, n: pd.array(random.integers(0, 3, n), dtype="Int64"),
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_model_is_given_the_values_and_types_it_was_fitted_on(frame, kind):
    table = frame.assign(region=VALUES[kind](np.random.default_rng(3), len(frame)))
    columns = [*FEATURES, "region"]
    encoded = make_column_transformer((OneHotEncoder(), ["region"]), remainder="passthrough")
    model = make_pipeline(encoded, LogisticRegression(max_iter=2_000)).fit(
        table[columns], table["paid"]
    )
    data = cm.Dataset.from_frame(table, target="paid", sensitive="sex")
    np.testing.assert_array_equal(
        cm.score_function(model, dataset=data)(data.X), model.predict_proba(table[columns])[:, 1]
    )
    seen = []

    def asked(X):
        seen.append(X)
        return model.predict_proba(X)[:, 1]

    cm.decompose(asked, data, sensitive="sex")
    for X in seen:
        assert list(X.columns) == columns
        assert X.dtypes.equals(table[columns].dtypes)
    distinct = set().union(*(X["region"].dropna() for X in seen))
    assert distinct == set(table["region"].dropna())
