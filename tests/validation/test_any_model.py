"""Any model, any instrument: it works, or one line says why not and what to do.

``python tests/validation/test_any_model.py`` writes the table of ``docs/any_model.md``, to which
every case here is held.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from catboost import CatBoostClassifier
from fairlearn.postprocessing import ThresholdOptimizer
from fairlearn.reductions import DemographicParity, ExponentiatedGradient
from fairlearn.reductions import GridSearch as FairGridSearch
from lightgbm import LGBMClassifier
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, StackingClassifier, VotingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler, TargetEncoder
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

import credit_ml as cm
from credit_ml.core.tables.dataset import NO_FACTOR
from credit_ml.explanation import reasons_for
from credit_ml.proxies import Guesses
from credit_ml.response import Action, Aim, Menu, ResponseOptions
from credit_ml.scoring import Mitigated
from credit_ml.scoring.crossfit import unfitted

PAGE = Path(__file__).parents[2] / "docs" / "any_model.md"
HEAD = """# Any model

What each instrument does with a model of each kind, on a table whose factors are *history*, *means*
and *work*. Unless a row says otherwise the model reads two columns more, a region and the sensitive
feature itself, which are in no factor: each person keeps their own there, and decompositions and
explanations show what they carry as one more factor, "(no factor)". The test
`tests/validation/test_any_model.py` runs every case and holds this page to what it finds.

"""
NAMES = ("region", "sex")
PEOPLE = 400


@cache
def frame(people: int = PEOPLE) -> pd.DataFrame:
    random = np.random.default_rng(0)
    man = random.random(people) < 0.5
    table = pd.DataFrame(
        {
            "late": random.poisson(1 + 0.5 * man),
            "income": random.normal(3 + 0.4 * man, 1),
            "job": pd.Categorical(random.choice(["farm", "shop", "state"], people)),
            "region": random.choice(["north", "south"], people),
            "sex": np.where(man, "m", "f"),
        }
    )
    chance = 1 / (1 + np.exp(1 + table["late"] - table["income"] + 0.5 * man))
    return table.assign(paid=(random.random(people) < chance).astype(int))


@cache
def data() -> cm.Dataset:
    factors = {"history": "late", "means": "income", "work": "job"}
    return cm.Dataset.from_frame(frame(), target="paid", sensitive="sex", factors=factors)


def encoded(model: Any) -> Any:
    """A pipeline that names its columns, two of them in no factor."""
    one_hot = OneHotEncoder(sparse_output=False, handle_unknown="ignore")
    parts = make_column_transformer(
        (one_hot, ["job", *NAMES]), (StandardScaler(), ["late", "income"])
    )
    return make_pipeline(parts, model)


class LabelsOnly(ClassifierMixin, BaseEstimator):
    """Says who will pay and nothing else."""

    def fit(self, X: pd.DataFrame, y: Any) -> "LabelsOnly":
        self.inner_ = encoded(DecisionTreeClassifier(max_depth=3)).fit(X, y)
        self.classes_, self.feature_names_in_ = self.inner_.classes_, self.inner_.feature_names_in_
        return self

    def predict(self, X: pd.DataFrame) -> Any:
        return self.inner_.predict(X)


class PlainLabels:
    """No scikit-learn's: one method, which says the outcome's own value."""

    def predict(self, X: pd.DataFrame) -> Any:
        return (linear_score(X) > 6).astype(int)


def by_type() -> Any:
    categories = make_column_selector(dtype_include=["category", "object"])
    one_hot = OneHotEncoder(handle_unknown="ignore")
    parts = make_column_transformer((one_hot, categories), remainder="passthrough")
    return make_pipeline(parts, LogisticRegression(max_iter=1000))


def two() -> list[tuple[str, Any]]:
    tree = DecisionTreeClassifier(max_depth=3)
    return [("logistic", encoded(LogisticRegression())), ("tree", encoded(tree))]


def linear_score(X: pd.DataFrame) -> Any:
    return 3.0 * X["income"] - X["late"]


def target_encoded() -> Any:
    parts = make_column_transformer(
        (TargetEncoder(cv=KFold(2)), ["job", *NAMES]), remainder="passthrough"
    )
    return make_pipeline(parts, LogisticRegression(max_iter=1000))


def by_thresholds() -> Any:
    tuned = ThresholdOptimizer(estimator=by_type(), predict_method="predict_proba")
    return Mitigated(tuned, sensitive="sex")


def by_reduction() -> Any:
    learner = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    weigh = "logisticregression__sample_weight"
    reduced = ExponentiatedGradient(
        learner, DemographicParity(), max_iter=2, sample_weight_name=weigh
    )
    return Mitigated(reduced, sensitive="sex")


def by_grid() -> Any:
    learner = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    weigh = "logisticregression__sample_weight"
    return Mitigated(
        FairGridSearch(learner, DemographicParity(), grid_size=4, sample_weight_name=weigh),
        sensitive="sex",
    )


FEATURES = ["late", "income", "job"]
FAIR = [*FEATURES, "sex"]
#: Columns that each kind reads, and how it is made.
MODELS: dict[str, tuple[list[str], Callable[[], Any]]] = {
    "pipeline, columns by name": ([*FEATURES, *NAMES], lambda: encoded(LogisticRegression())),
    "pipeline, columns by type; features alone": (FEATURES, by_type),
    "boosted trees with native categories; features alone": (
        FEATURES,
        lambda: HistGradientBoostingClassifier(
            max_iter=10, categorical_features="from_dtype", random_state=0
        ),
    ),
    "XGBoost with native categories; features alone": (
        FEATURES,
        lambda: XGBClassifier(n_estimators=10, max_depth=3, enable_categorical=True, n_jobs=1),
    ),
    "LightGBM with native categories; features alone": (
        FEATURES,
        lambda: LGBMClassifier(n_estimators=10, num_leaves=8, verbose=-1, n_jobs=1),
    ),
    "CatBoost with native categories; features alone": (
        FEATURES,
        lambda: CatBoostClassifier(
            iterations=10,
            depth=3,
            cat_features=["job"],
            verbose=False,
            allow_writing_files=False,
            thread_count=1,
        ),
    ),
    "target encoding": ([*FEATURES, *NAMES], target_encoded),
    "grid search": (
        [*FEATURES, *NAMES],
        lambda: GridSearchCV(
            encoded(LogisticRegression()), {"logisticregression__C": [0.1, 1.0]}, cv=2
        ),
    ),
    "calibrated": (
        [*FEATURES, *NAMES],
        lambda: CalibratedClassifierCV(encoded(LogisticRegression()), cv=2),
    ),
    "voting": ([*FEATURES, *NAMES], lambda: VotingClassifier(two(), voting="soft")),
    "stacking": ([*FEATURES, *NAMES], lambda: StackingClassifier(two(), cv=2)),
    "fairlearn's group thresholds, with the sensitive feature": (FAIR, by_thresholds),
    "fairlearn's reduction": (FAIR, by_reduction),
    "fairlearn's grid search": (FAIR, by_grid),
    "decision function alone": ([*FEATURES, *NAMES], lambda: encoded(LinearSVC())),
    "labels alone": ([*FEATURES, *NAMES], LabelsOnly),
    "labels alone, of a class with predict alone; features alone": (FEATURES, PlainLabels),
    "regression": ([*FEATURES, *NAMES], lambda: encoded(LinearRegression())),
    "plain function; features alone": (FEATURES, lambda: linear_score),
}


@cache
def fitted(kind: str) -> Any:
    columns, make = MODELS[kind]
    model = make()
    return model.fit(frame()[columns], frame()["paid"]) if hasattr(model, "fit") else model


@cache
def scores(kind: str) -> np.ndarray:
    return cm.score_function(fitted(kind), dataset=data())(data().X)


def threshold(kind: str) -> float:
    return float(np.median(scores(kind)))


MENU = Menu(
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


def disclosed(kind: str) -> Any:
    aim = Aim(id="loan", name="a loan", threshold=threshold(kind), value=0.1)
    response = ResponseOptions(menu=MENU, privileges=[aim])
    return cm.disclose(fitted(kind), data(), people=60, response=response)


#: One that takes a column away which models name, one that changes columns, one of fairlearn's.
TRIED = ["drop_work", "residualise", "thresholds_demographic_parity"]

INSTRUMENTS: dict[str, Callable[[str], Any]] = {
    "audit": lambda kind: cm.audit(scores(kind) >= threshold(kind), data(), scores=scores(kind)),
    "decompose": lambda kind: cm.decompose(fitted(kind), data(), sensitive="sex"),
    "detect_proxies": lambda kind: cm.detect_proxies(
        data(), sensitive="sex", model=fitted(kind), guesses=Guesses(columns=False, folds=2)
    ),
    "explain": lambda kind: cm.explain(fitted(kind), data(), people=40),
    "reasons": lambda kind: reasons_for(fitted(kind), data(), 3),
    "notice": lambda kind: cm.notice(
        fitted(kind), data(), 3, threshold=threshold(kind), decision="a loan", menu=MENU
    ),
    "recourse": lambda kind: cm.recourse(
        fitted(kind), data(), threshold=threshold(kind), menu=MENU
    ),
    "surrogate_fidelity": lambda kind: cm.explanation.surrogate_fidelity(
        fitted(kind), data(), output="score", sensitive="sex"
    ),
    "partial_dependence": lambda kind: cm.explanation.partial_dependence(
        fitted(kind), data(), column="late", people=40
    ),
    "intervene": lambda kind: cm.intervene(
        fitted(kind), data(), sensitive="sex", interventions=TRIED
    ),
    "alternatives": lambda kind: cm.alternatives(fitted(kind), data(), sensitive="sex"),
    "disclose": disclosed,
    "report": lambda kind: cm.report(fitted(kind), data(), progress=False),
}


@cache
def outcome(kind: str, instrument: str) -> str:
    """Return "works", or the one line that says why not; any other error is a failure."""
    try:
        INSTRUMENTS[instrument](kind)
    except cm.CreditMLError as refused:
        return str(refused)
    return "works"


def page() -> str:
    """Return the table of what works, with the lines of what does not below it."""
    lines = ["| model | " + " | ".join(f"`{name}`" for name in INSTRUMENTS) + " |"]
    lines.append("|---" * (len(INSTRUMENTS) + 1) + "|")
    notes: list[str] = []
    for kind in MODELS:
        cells = []
        for instrument in INSTRUMENTS:
            said = outcome(kind, instrument)
            if said != "works" and said not in notes:
                notes.append(said)
            cells.append(said if said == "works" else f"({notes.index(said) + 1})")
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    told = [f"{number}. `{note}`" for number, note in enumerate(notes, 1)]
    return HEAD + "\n".join([*lines, "", *told]) + "\n"


def told_on_the_page(kind: str, instrument: str) -> str:
    """Return what the page says of one case."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(f"| {kind} |"))
    cell = row.strip("| ").split(" | ")[1 + list(INSTRUMENTS).index(instrument)]
    if cell == "works":
        return cell
    number = cell.strip("()")
    return next(line for line in lines if line.startswith(f"{number}. ")).split("`")[1]


@pytest.mark.parametrize("instrument", INSTRUMENTS)
@pytest.mark.parametrize("kind", MODELS)
def test_it_works_or_one_line_says_why_not(kind: str, instrument: str) -> None:
    said = outcome(kind, instrument)
    assert "\n" not in said
    assert said == told_on_the_page(kind, instrument), "write the page again"


@pytest.mark.parametrize("kind", MODELS)
def test_scores_are_those_of_the_model_on_the_own_table(kind: str) -> None:
    model, (columns, _) = fitted(kind), MODELS[kind]
    table = frame()[columns]
    if hasattr(model, "predict_proba"):
        expected = model.predict_proba(table)[:, 1]
    elif hasattr(model, "decision_function"):
        expected = model.decision_function(table)
    else:
        expected = model.predict(table) if hasattr(model, "predict") else model(table)
    np.testing.assert_array_equal(scores(kind), expected)
    assert reasons_for(model, data(), 3).score == pytest.approx(expected[3])
    whose = np.array([250, 3, 7])
    taken = data().take(whose)
    again = cm.score_function(model, dataset=taken)(taken.X)
    np.testing.assert_allclose(again, expected[whose])
    found = cm.recourse(model, data(), threshold=threshold(kind), menu=MENU)
    np.testing.assert_allclose(found.people["score"], expected)


@pytest.mark.parametrize("kind", MODELS)
def test_letters_are_true(kind: str) -> None:
    """Of every kind; benchmarks/letters.py holds thousands."""
    told = cm.disclosure.LetterOptions(seed=1, jurisdiction="uk")
    of = {"threshold": threshold(kind), "decision": "a loan", "menu": MENU, "letter": told}
    letters = list(cm.disclosure.notices(fitted(kind), data(), range(24), **of))
    assert cm.disclosure.falsehoods(letters) == [[]] * 24


@pytest.mark.parametrize("kind", MODELS)
def test_components_sum_to_the_gap_of_the_model_on_the_own_table(kind: str) -> None:
    found = cm.decompose(fitted(kind), data(), sensitive="sex", reference_groups="f").table
    parts = found.set_index("factor")["estimate"]
    means = pd.Series(scores(kind)).groupby(frame()["sex"]).mean()
    assert parts["(gap)"] == pytest.approx(means["m"] - means["f"], abs=1e-9)
    assert parts.drop("(gap)").sum() == pytest.approx(parts["(gap)"], abs=1e-9)
    assert (NO_FACTOR in parts.index) == ("sex" in MODELS[kind][0])


def test_a_model_of_the_sensitive_feature_alone_carries_the_whole_gap_outside_the_factors() -> None:
    one_hot = make_column_transformer((OneHotEncoder(), ["sex"]))
    model = make_pipeline(one_hot, LogisticRegression()).fit(frame()[["sex"]], frame()["paid"])
    found = cm.decompose(model, data(), sensitive="sex", reference_groups="f").table
    parts = found.set_index("factor")["estimate"]
    assert parts[NO_FACTOR] == pytest.approx(parts["(gap)"])
    assert parts[["history", "means", "work"]].abs().max() < 1e-12
    reasons = reasons_for(model, data(), 0)
    assert reasons.score == pytest.approx(model.predict_proba(frame())[0, 1])
    assert (reasons.factors["points"].abs() < 1e-12).all()


def test_which_class_is_good_is_tried_with_the_columns_besides() -> None:
    table = frame().assign(default=1 - frame()["paid"]).drop(columns="paid")
    factors = {"history": "late", "means": "income"}
    flagged = cm.Dataset.from_frame(
        table, target="default", favourable=0, sensitive="sex", factors=factors
    )
    columns = [*FEATURES, *NAMES]
    model = encoded(LogisticRegression()).fit(table[columns], table["default"])
    paying = model.predict_proba(table[columns])[:, 0]
    for data_, expected in ((flagged, paying), (flagged.take([9, 2]), paying[[9, 2]])):
        score = cm.score_function(model, dataset=data_)
        np.testing.assert_allclose(score(data_.X), expected)
        found = cm.recourse(model, data_, threshold=0.5, menu=MENU).people
        np.testing.assert_allclose(found["score"], expected)


def test_catboost_is_asked_by_name_and_trained_again_from_nothing() -> None:
    kind = "CatBoost with native categories; features alone"
    other_way = cm.Dataset.from_frame(
        frame()[["sex", "paid", "job", "income", "late"]],
        target="paid",
        sensitive="sex",
        factors={"work": "job", "means": "income", "history": "late"},
    )
    score = cm.score_function(fitted(kind), dataset=other_way)
    np.testing.assert_array_equal(score(other_way.X), scores(kind))
    # Of a copy that has learned once, predictions may go on for ever (catboost/catboost#2905).
    for model in (fitted(kind), make_pipeline("passthrough", fitted(kind))):
        again = unfitted(model)
        assert not (again if model is fitted(kind) else again[-1]).is_fitted()
        again.fit(frame()[FEATURES][::2], frame()["paid"][::2]).predict_proba(frame()[FEATURES])


def test_the_outcome_is_given_to_no_model() -> None:
    model = LogisticRegression().fit(frame()[["late", "paid"]], frame()["paid"])
    with pytest.raises(
        cm.core.InputError, match="reads the column 'paid', which is no feature here"
    ):
        cm.decompose(model, data(), sensitive="sex")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
