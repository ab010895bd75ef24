"""Which columns a fitted booster took as categories, which no file of text can say."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from credit_ml.core.tables.origin import names_read


def category_columns(model: Any, columns: Iterable[Any] = ()) -> list[str]:
    """Return the columns that a model was fitted on as pandas' categories, and must be given so.

    Known of LightGBM and XGBoost, also inside a grid search, a calibration or a vote; CatBoost and
    scikit-learn take the values as they are.

    Parameters
    ----------
    model : fitted model
    columns : iterable of str
        Of the table, by which names are read as in `names_read`.

    Examples
    --------
    >>> category_columns(object())
    []
    """
    for inner in (getattr(model, "best_estimator_", None), *_members(model)):
        if inner is not None and inner is not model:
            return category_columns(inner, columns)
    names = names_read(model, columns) or []
    light = getattr(model, "_Booster", None)
    if light is not None and getattr(light, "pandas_categorical", None):
        said = light.params
        places = said.get("categorical_column", said.get("categorical_feature", ()))
        # Columns that are categories by their number alone are given as numbers.
        fits = len(places) == len(light.pandas_categorical)
        return [names[int(place)] for place in places] if fits else []
    if names and hasattr(model, "get_booster"):
        kinds = model.get_booster().feature_types or []
        return [name for name, kind in zip(names, kinds, strict=False) if kind == "c"]
    return []


def with_categories(frame: pd.DataFrame, model: Any) -> pd.DataFrame:
    """Return a table whose columns are categories where a fitted model took them so.

    Examples
    --------
    >>> with_categories(pd.DataFrame({"job": ["a"]}), object()).dtypes["job"] == "category"
    False
    """
    asked = plain_columns(frame, category_columns(model, frame.columns))
    return frame.astype(dict.fromkeys(asked, "category")) if asked else frame


def plain_columns(frame: pd.DataFrame, names: Iterable[str]) -> list[str]:
    """Return those of some columns that a table has, and that are no categories in it."""
    there = [name for name in names if name in frame.columns]
    return [name for name in there if not isinstance(frame[name].dtype, pd.CategoricalDtype)]


def _members(model: Any) -> list[Any]:
    """The first of several models that are given the same columns: a vote's, a calibration's."""
    inside = getattr(model, "calibrated_classifiers_", None)
    if inside:
        return [inside[0].estimator]
    voting = getattr(model, "estimators_", None)
    return [voting[0]] if isinstance(voting, list) and voting else []
