"""Whoever comes from fairlearn or pandas and uses its words reads ours in one line."""

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm
from credit_ml.core.errors import InputError
from credit_ml.core.renamed import other_words

PEOPLE = 80


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(0)
    made = {name: random.choice(list(values), PEOPLE) for name, values in GROUPS.items()}
    return pd.DataFrame(made).assign(late=random.normal(size=PEOPLE), paid=[1, 0] * (PEOPLE // 2))


GROUPS = {"sex": "fm", "region": "ns"}


@pytest.fixture(scope="module")
def data(frame: pd.DataFrame) -> cm.Dataset:
    return cm.Dataset.from_frame(frame, target="paid", sensitive=["sex", "region"])


@pytest.fixture(scope="module")
def found(data: cm.Dataset) -> Any:
    return cm.audit(data.X["late"] > 0, data, metrics=["selection_rate", "true_positive_rate"])


def functions() -> list[Callable[..., Any]]:
    names = ("audit", "parity", "quality", "calibration", "adverse_impact", "decompose")
    return [*(getattr(cm, name) for name in names), cm.Dataset.from_frame, cm.fairness.ranking]


@pytest.mark.parametrize("word", sorted(other_words("keywords")))
def test_every_instrument_says_what_is_ours_before_any_work(word: str) -> None:
    for function in functions():
        assert word not in inspect.signature(function).parameters
        with pytest.raises(InputError, match=rf"{function.__name__}: {word}= is a word of another"):
            function(None, None, **{word: None})


def test_what_a_metric_frame_takes_and_has_is_known_by_its_name(found: Any) -> None:
    metric_frame = pytest.importorskip("fairlearn.metrics").MetricFrame
    taken = set(inspect.signature(metric_frame).parameters) - {"metrics"}
    assert taken <= set(other_words("keywords"))
    for name in dir(metric_frame):
        if not name.startswith("_") and not hasattr(found, name):
            with pytest.raises(AttributeError, match=f"'{name}', a word of another library; here"):
                getattr(found, name)


@pytest.mark.parametrize("name", sorted(other_words("names")))
def test_names_of_others_are_known_in_both_rooms(name: str) -> None:
    for room in (cm, cm.fairness):
        assert not hasattr(room, name)
        with pytest.raises(AttributeError, match=f"'{name}', a word of another library; here"):
            getattr(room, name)


def test_what_is_said_can_be_done(found: Any) -> None:
    """Every remedy that names an expression of a finding is one."""
    for told in other_words("attributes").values():
        for part in told.split(", ")[0].split(" and "):
            shown = part.replace("control=...", "control='region'")
            if "==" in shown or not shown.startswith("finding."):
                shown = told.split(", with")[0]
            assert eval(shown, {"finding": found}) is not None


def test_an_unknown_name_is_as_ever(found: Any) -> None:
    for thing in (found, cm, cm.fairness):
        with pytest.raises(AttributeError) as caught:
            thing.nobody_has_this  # noqa: B018 (asked for its error)
        assert "another library" not in str(caught.value)
    assert pickle.loads(pickle.dumps(found)).title == copy.deepcopy(found).title == found.title


def test_within_control_features_as_fairlearn(frame: pd.DataFrame, data: Any, found: Any) -> None:
    metrics = pytest.importorskip("fairlearn.metrics")
    theirs = metrics.MetricFrame(
        metrics={
            "selection_rate": metrics.selection_rate,
            "true_positive_rate": metrics.true_positive_rate,
        },
        y_true=data.y,
        y_pred=(data.X["late"] > 0).astype(int),
        sensitive_features=frame["sex"],
        control_features=frame["region"],
    )
    for ours, other in ((found.difference, theirs.difference), (found.ratio, theirs.ratio)):
        expected = other().loc[["n", "s"]].to_numpy()
        assert ours(control="region").loc[["n", "s"]].to_numpy() == pytest.approx(expected)
    with pytest.raises(InputError, match=r"'branch' is no sensitive feature.*name it with"):
        found.difference(control="branch")


def test_models_and_outcomes_in_the_place_of_decisions(data: cm.Dataset) -> None:
    from sklearn.linear_model import LogisticRegression

    with pytest.raises(InputError, match=r"are a model, LogisticRegression; give what it says"):
        cm.audit(LogisticRegression(), data)
    with pytest.raises(InputError, match="such as scores >= threshold"):
        cm.audit(np.full(PEOPLE, 0.3), data)
    with pytest.raises(InputError, match="dataset: is no Dataset but"):
        cm.audit(data.y, data.X["late"] > 0)
    with pytest.raises(InputError, match="'recall' is called 'true_positive_rate' here"):
        cm.audit(data.X["late"] > 0, data, metrics=["recall"])
