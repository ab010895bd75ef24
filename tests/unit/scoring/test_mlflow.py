"""Every scorer survives mlflow: logged with its signature and an example, read back the same."""

from importlib.util import find_spec
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.models import infer_signature
from sklearn.base import clone

from credit_ml.scoring import (
    BlendScorer,
    CalibratedScorer,
    ExplainableBoostingScorer,
    LightGBMScorer,
    LogisticScorer,
    NeuralScorer,
    OpaqueScorer,
    Rule,
    RuleScorer,
    Scorecard,
    SmallTree,
)

SCORERS = [
    OpaqueScorer(max_iter=5),
    Scorecard(),
    LogisticScorer(),
    NeuralScorer(max_iter=3),
    SmallTree(),
    BlendScorer((LogisticScorer(), OpaqueScorer(max_iter=5))),
    CalibratedScorer(LogisticScorer()),
    RuleScorer([Rule(column="late", points_per_unit=-5.0)], start=100.0),
    pytest.param(
        ExplainableBoostingScorer(max_iter=10),
        marks=pytest.mark.skipif(not find_spec("interpret"), reason="interpret is an extra"),
    ),
    pytest.param(
        LightGBMScorer(n_estimators=5),
        marks=pytest.mark.skipif(not find_spec("lightgbm"), reason="lightgbm is an extra"),
    ),
]


# mlflow warns of every pickle, and of type hints of its own; ours is read back in the same test.
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore:Operation with range")
@pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: type(scorer).__name__)
def test_a_scorer_comes_back_as_it_was(scorer: Any, table: Any, tmp_path: Any) -> None:
    shown = table.X.astype(
        {
            name: "float64" if pd.api.types.is_numeric_dtype(kind) else str
            for name, kind in table.X.dtypes.items()
        }
    )
    model = clone(scorer).fit(table.X, table.kept)
    mlflow.sklearn.save_model(
        model,
        str(tmp_path / "model"),
        signature=infer_signature(shown, model.predict(table.X)),
        input_example=shown.head(3),
        pip_requirements=["credit-ml"],
        serialization_format="cloudpickle",
    )
    again = mlflow.sklearn.load_model(str(tmp_path / "model"))
    np.testing.assert_array_equal(
        again.decision_function(table.X), model.decision_function(table.X)
    )
    described = mlflow.models.get_model_info(str(tmp_path / "model"))
    assert described.signature.inputs.input_names() == table.X.columns.tolist()
    kept = mlflow.models.Model.load(str(tmp_path / "model")).load_input_example(
        str(tmp_path / "model")
    )
    assert len(kept) == 3
