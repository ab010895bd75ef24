"""Train anybody's model on a table from which columns were taken, even one that names them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer

from credit_ml.core import ModelError, Rows
from credit_ml.core.tables.frames import with_columns
from credit_ml.core.tables.origin import names_read
from credit_ml.explanation.reasons.compute import commonest_or_middle
from credit_ml.scoring import Mitigated, display_name
from credit_ml.scoring.crossfit import unfitted

REMEDY = "it first, in a scikit-learn pipeline, or give a scorer of this package"


def named_columns(model: Any) -> list[str]:
    """Return the columns that a model was fitted on, or, unfitted, those that it names inside.

    Named are columns of its ColumnTransformers, the categories of CatBoost and the sensitive
    features of a `Mitigated`.

    Examples
    --------
    >>> from sklearn.compose import make_column_transformer
    >>> named_columns(make_column_transformer(("passthrough", ["late", "job"])))
    ['late', 'job']
    """
    fitted = names_read(model)
    if fitted is not None:
        return fitted
    # `get_params` of a class itself, or of a mock, is no list of parameters.
    inside = model.get_params(deep=True) if hasattr(model, "get_params") else {}
    found: dict[str, None] = {}
    for each in (model, *inside.values()):
        if isinstance(each, ColumnTransformer):
            for _, _, columns in each.transformers:
                found |= dict.fromkeys(_names(columns))
        elif isinstance(each, Mitigated):
            found |= dict.fromkeys(_names(each.sensitive))
    return [*found, *(name for name in _names(inside.get("cat_features")) if name not in found)]


def _names(columns: Any) -> Iterable[str]:
    several = [columns] if isinstance(columns, str) else columns
    return [each for each in several if isinstance(each, str)] if isinstance(several, list) else []


def trained(scorer: Any, X: pd.DataFrame, whole: pd.DataFrame, kept: Any, rows: Rows) -> Any:
    """Train a copy of a scorer on some rows of a table of everybody.

    A scorer that names columns which were taken from the whole table, so that it cannot be trained
    without them, is given each of them as a constant, of which it can learn nothing.

    Raises
    ------
    ModelError
        When it cannot be trained at all, or not on categories or missing values.
    """
    place, problem = display_name(scorer), "cannot be trained again, as every intervention does"
    remedy = "give an estimator of scikit-learn, or a scorer of this package"
    ModelError.unless(hasattr(scorer, "fit"), place, problem, remedy)
    try:
        return unfitted(scorer).fit(X.iloc[rows], kept[rows])
    except ModelError:
        raise
    except Exception as error:
        absent = [each for each in named_columns(scorer) if each not in X and each in whole]
        if absent:
            return trained(scorer, completed(X, absent, whole), whole, kept, rows)
        problem, remedy = "would learn from people of one outcome", "hold fewer people out"
        ModelError.unless(np.ptp(kept[rows]) > 0, place, problem, remedy)
        refused = _refusal(place, scorer, X, error)
        if refused is None:
            raise
        raise refused from error


def completed(X: pd.DataFrame, absent: Iterable[str], whole: pd.DataFrame) -> pd.DataFrame:
    """Return a table with columns of the whole one as constants: what most have, or the middle."""
    constants = {
        name: pd.Series(commonest_or_middle(whole[name]), X.index).astype(whole[name].dtype)
        for name in absent
    }
    return with_columns(X, constants) if constants else X


def _refusal(place: str, scorer: Any, X: pd.DataFrame, error: Exception) -> ModelError | None:
    """Say which column a scorer cannot learn from; None for an error about anything else."""
    if any(said in str(error) for said in ("of the dataframe", "not a valid feature name")):
        problem = f"names columns that are not among {', '.join(map(str, X.columns))}"
        return ModelError(place, problem, "name columns of the table that it is to be trained on")
    if not isinstance(error, TypeError | ValueError):
        return None
    for name in X.select_dtypes("category").columns:
        problem = f"cannot learn from column '{name}', which holds categories"
        return ModelError(place, problem, f"encode {REMEDY}")
    for name in X.columns[X.isna().any()]:
        problem = f"cannot learn from column '{name}', which has missing values"
        return ModelError(place, problem, f"fill {REMEDY}")
    return None
