"""No model of the grid gives a reason that helped: on German credit, asked of the model itself."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm
from credit_ml.datasets.german import german_credit
from credit_ml.explanation import reasons_for

_SPEC = importlib.util.spec_from_file_location(
    "any_model", Path(__file__).with_name("test_any_model.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
any_model: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(any_model)

#: Columns of the file under the names that the grid's models read.
NAMED = {"late": "months", "income": "amount", "job": "purpose", "region": "housing", "sex": "sex"}
#: The least scored, who are told why.
TOLD = 15


@cache
def people(path: Path) -> pd.DataFrame:
    table = german_credit(path)
    made = pd.DataFrame({name: table[own] for name, own in NAMED.items()})
    made["job"], made["income"] = made["job"].astype("category"), made["income"] / 1000
    return made.assign(paid=(table["outcome"] == "good").astype(int))


def said(model: Any, table: pd.DataFrame) -> np.ndarray:
    """What the model itself says, asked without this package."""
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(table))[:, 1]
    if hasattr(model, "decision_function"):
        return np.asarray(model.decision_function(table))
    return np.asarray(model.predict(table) if hasattr(model, "predict") else model(table))


@pytest.mark.parametrize("kind", any_model.MODELS)
def test_no_reason_is_one_that_helped(shared_data: Path, kind: str) -> None:
    frame = people(shared_data / "german.data")
    columns, make = any_model.MODELS[kind]
    model = make()
    if hasattr(model, "fit"):
        model = model.fit(frame[columns], frame["paid"])
    factors = {"loan": ["late", "income"], "life": ["job", "region"]}
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex", factors=factors)
    scores, named = said(model, frame[columns]), 0
    for citizen in np.argsort(scores, kind="stable")[:TOLD]:
        found = reasons_for(model, data, int(citizen))
        assert found.score == pytest.approx(scores[citizen])
        for row in found.table.to_dict("records"):
            one = frame[columns].iloc[[citizen]].copy()
            assert row["column"] in one
            typical = pd.Series([row["typical"]], index=one.index)
            one[row["column"]] = typical.astype(frame[row["column"]].dtype)
            change = float(said(model, one)[0] - scores[citizen])
            assert change == pytest.approx(row["effect"], abs=1e-6)
            # It cost points, and the typical value gives some back, or the other way round.
            assert np.sign(change) == -np.sign(row["points"])
            assert abs(change) >= 0.25 * abs(row["points"]) - 1e-9
            named += 1
    assert named or kind == "labels alone"
