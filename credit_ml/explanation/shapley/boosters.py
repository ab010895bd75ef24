"""What each column adds in XGBoost, LightGBM and CatBoost, as these libraries say it themselves."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit

from credit_ml.core import Array, ModelError
from credit_ml.scoring.direction import display_name

#: Probabilities of these libraries are of single precision.
ROUNDED = 1e-5
#: Single precision, times as many roundings as a few thousand trees may add up to.
OF_SINGLE = 1e-6


class Contributions(NamedTuple):
    """Log-odds of the second class, and what each column adds to them beside a base."""

    values: Array
    """Shape (people, columns)."""
    base: float
    log_odds: Array
    """The model's own, shape (people,)."""


def contributions(model: Any, X: Any) -> Contributions | None:
    """Path-dependent SHAP values by the library that grew the trees; None of any other model.

    They know what shap does not: native categories, and what the library does where values are
    missing.

    Parameters
    ----------
    model : fitted XGBClassifier, LGBMClassifier or CatBoostClassifier
    X : DataFrame or ndarray
        As the model itself takes it.

    Raises
    ------
    ModelError
        When its raw sum is no log-odds, or the library cannot say what columns add.
    """
    read = _READ.get(type(model).__module__.partition(".")[0])
    if read is None or not hasattr(model, "predict_proba"):
        return None
    try:
        found, log_odds = read(model, X)
    except Exception as error:
        problem = f"does not say what its columns add ({type(error).__name__})"
        raise ModelError(display_name(model), problem, "use attributions by factor") from error
    remedy = "train it with its logistic objective"
    expected = np.asarray(model.predict_proba(X), dtype="float64")[:, 1]
    same = found.ndim == 2 and np.allclose(expit(log_odds), expected, atol=ROUNDED, rtol=0)
    ModelError.unless(same, display_name(model), "has a raw sum that is no log-odds", remedy)
    values, bases = found[:, :-1], found[:, -1]
    # What single precision rounds is given to the largest value; what is more is no rounding.
    miss = log_odds - values.sum(axis=1) - bases.mean()
    rounding = np.abs(miss) <= OF_SINGLE * (1 + np.abs(found).sum(axis=1))
    largest = np.abs(values).argmax(axis=1)
    values[np.arange(len(values)), largest] += np.where(rounding, miss, 0.0)
    return Contributions(values, float(bases.mean()), log_odds)


def _of_xgboost(model: Any, X: Any) -> tuple[Array, Array]:
    xgboost: Any = import_module("xgboost")
    table = xgboost.DMatrix(X, missing=model.missing, enable_categorical=True)
    # Of one that stopped early, the rounds up to the best; (0, 0) are all.
    rounds = (0, int(getattr(model, "best_iteration", -1)) + 1)
    told: dict[str, Any] = {"iteration_range": rounds}
    booster = model.get_booster()
    found = booster.predict(table, pred_contribs=True, **told)
    return _double(found), _double(booster.predict(table, output_margin=True, **told))


def _of_lightgbm(model: Any, X: Any) -> tuple[Array, Array]:
    found = model.predict(X, pred_contrib=True)
    return _double(found), _double(model.predict(X, raw_score=True))


def _of_catboost(model: Any, X: Any) -> tuple[Array, Array]:
    catboost: Any = import_module("catboost")
    table = catboost.Pool(X, cat_features=model.get_cat_feature_indices())
    found = model.get_feature_importance(table, type="ShapValues")
    return _double(found), _double(model.predict(X, prediction_type="RawFormulaVal"))


def _double(values: Any) -> Array:
    return np.array(values, dtype=np.float64)


_READ: dict[str, Callable[[Any, Any], tuple[Array, Array]]] = {
    "xgboost": _of_xgboost,
    "lightgbm": _of_lightgbm,
    "catboost": _of_catboost,
}
