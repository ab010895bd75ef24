"""A booster's own categories: read back from the model, since no file of text can say them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

import credit_ml as cm
from credit_ml.core.errors import ModelError
from credit_ml.core.tables.categories import category_columns, with_categories
from credit_ml.datasets import converted
from credit_ml.studies.own_table.plan import planned
from credit_ml.studies.own_table.stored_model import read_model

PEOPLE = 400
KINDS = ["kind of work", "code", "always"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Names with blanks, categories of text and of numbers, one of a single value."""
    random = np.random.default_rng(4)
    made = pd.DataFrame(
        {
            "net income": random.normal(size=PEOPLE),
            "kind of work": random.choice(["Büro", "Bau", "Feld"], PEOPLE),
            "code": random.choice([3, 5, 9], PEOPLE),
            "always": "k",
            "sex": random.choice(["f", "m"], PEOPLE),
        }
    )
    noise = random.normal(size=PEOPLE)
    sure = made["net income"] + (made["kind of work"] == "Bau") + 2 * (made["code"] == 5) + noise
    return made.assign(paid=(sure > 0).astype(int))


def inputs(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["net income", *KINDS]].astype(dict.fromkeys(KINDS, "category"))


def models() -> dict[str, object]:
    lightgbm = pytest.importorskip("lightgbm")
    xgboost = pytest.importorskip("xgboost")
    plain = lightgbm.LGBMClassifier(n_estimators=10, verbose=-1, random_state=0, n_jobs=1)
    return {
        "alone": plain,
        "search": GridSearchCV(plain, {"num_leaves": [7]}, cv=2),
        "calibrated": CalibratedClassifierCV(plain, cv=2),
        "vote": VotingClassifier([("one", plain)], voting="soft"),
        "xgboost": xgboost.XGBClassifier(n_estimators=10, enable_categorical=True, n_jobs=1),
    }


@pytest.mark.parametrize("kind", ["alone", "search", "calibrated", "vote", "xgboost"])
def test_a_booster_says_which_columns_are_categories(kind: str, frame: pd.DataFrame) -> None:
    model = models()[kind].fit(inputs(frame), frame["paid"])
    assert category_columns(model, frame.columns) == KINDS
    again = with_categories(frame, model)[["net income", *KINDS]]
    np.testing.assert_array_equal(model.predict_proba(again), model.predict_proba(inputs(frame)))


def test_models_of_numbers_say_none(frame: pd.DataFrame) -> None:
    numbers = frame[["net income", "code"]]
    for model in (models()["alone"], models()["xgboost"], LogisticRegression()):
        assert category_columns(model.fit(numbers, frame["paid"]), frame.columns) == []
    assert category_columns(models()["alone"]) == []  # not fitted


def test_a_booster_is_audited_from_a_file_of_text(frame: pd.DataFrame, tmp_path: Path) -> None:
    """From csv to finding: the same numbers as of the frame that it was fitted on."""
    import skops.io

    model = models()["alone"].fit(inputs(frame), frame["paid"])
    skops.io.dump(model, tmp_path / "m.skops")
    frame.to_csv(tmp_path / "people.csv", sep=";", decimal=",", index=False)
    asked = {"target": "paid", "favourable": "1", "sensitive": "sex", "threshold": 0.5}
    said = {"separator": ";", "decimal": ",", "model": str(tmp_path / "m.skops"), "trust": True}
    options = asked | said | {"track": False, "progress": False}
    found = cm.audit_table(tmp_path / "people.csv", **options)
    selected = model.predict_proba(inputs(frame))[:, 1] >= 0.5
    audit = next(each for each in found.all_findings() if each.kind == "audit")
    rows = audit.table.query(
        "quantity == 'value' and measure == 'selection_rate' and sensitive == 'sex'"
    )
    expected = pd.Series(selected).groupby(frame["sex"]).mean()
    assert rows.set_index("group")["estimate"].to_dict() == pytest.approx(expected.to_dict())
    assert set(found.settings["factors"]) == {"net income", *KINDS}
    plan = planned(tmp_path / "people.csv", **asked, **said)
    assert "scores: by the fitted model LGBMClassifier, as it is" in plan
    assert read_model(tmp_path / "m.skops", trust=True).n_features_in_ == 4


def test_text_in_the_place_of_categories_is_one_line(frame: pd.DataFrame) -> None:
    model = models()["alone"].fit(inputs(frame), frame["paid"])
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex")
    for call in (lambda: cm.report(model, data), lambda: cm.explain(model, data)):
        with pytest.raises(ModelError, match=r"categories in 'kind of work', 'code', 'always'"):
            call()


def test_names_with_blanks_are_those_of_the_table(frame: pd.DataFrame) -> None:
    """LightGBM writes them with underscores; the table's are meant."""
    model = models()["alone"].fit(inputs(frame), frame["paid"])
    typed = frame.astype(dict.fromkeys(KINDS, "category"))
    factors = {"income": "net income", "job": ["kind of work", "code"]}
    data = cm.Dataset.from_frame(typed, target="paid", sensitive="sex", factors=factors)
    assert data.reading(model).held == ("always",)
    for found in (
        cm.explain(model, data),
        cm.decompose(model, data, sensitive="sex"),
        cm.intervene(model, data, sensitive="sex"),
    ):
        assert len(found.table)


def test_a_column_may_be_called_self(frame: pd.DataFrame) -> None:
    """As Boston's mortgages call who works for themselves; pandas' `assign` cannot."""
    named = frame.rename(columns={"kind of work": "self", "net income": "frame"})
    asked = {"categories": ["self,code"], "labels": ["sex:f=women,m=men"]}
    assert converted(named, **asked)["self"].dtype == "category"
    data = cm.Dataset.from_frame(converted(named, **asked), target="paid", sensitive="sex")
    inputs = data.X[["frame", "self", "code"]]
    model = models()["alone"].fit(inputs, data.y)
    data = cm.Dataset.from_frame(
        converted(named, **asked), target="paid", sensitive="sex", factors={"all": list(inputs)}
    )
    change = {"column": "self", "value": "Bau"}
    action = {"id": "move", "name": "move", "kind": "improving", "changes": [change]}
    menu = {
        "id": "own",
        "description": "",
        "actions": [action | {"price": 0.0, "effort": 0.1, "source": "assumed"}],
    }
    row = int(model.predict_proba(inputs)[:, 1].argmin())
    letter = cm.notice(model, data, row, threshold=0.5, decision="a loan", menu=menu)
    assert letter.verify() == []
    curves = cm.explanation.partial_dependence(model, data, column="self")
    assert len(curves.table)
