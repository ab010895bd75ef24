"""From a table of people to float32 numbers that trees, cards and shap all read alike."""

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from credit_ml.core import TableError, known_names

#: How scikit-learn is to check a table without names.
_NUMBERS: dict[str, Any] = {"dtype": "float32", "ensure_all_finite": "allow-nan"}


#: People up to whom a table's numbers are read in one step.
FEW = 100_000


class FeatureEncoder(BaseEstimator):
    """Every feature becomes a float32 column: numbers as they are, categories by their order.

    A category becomes its position among the categories seen in `fit`, from 0; a missing or
    unseen value becomes NaN. Nothing is learned from outcomes, so encoding cannot leak them.
    float32 and ordinal codes because shap is exact on those alone: on float64 features and on
    native categories of histogram boosting its attributions do not add up.

    Cost: one pass over the table.

    References
    ----------
    shap issue 5116 (interventional trees keep thresholds in float32).

    Examples
    --------
    >>> people = pd.DataFrame({"late": [0.0, None], "job": pd.Categorical(["state", "none"])})
    >>> FeatureEncoder().fit(people).transform(people)["job"].tolist()
    [1.0, 0.0]
    """

    categories_: dict[str, tuple[Any, ...]]
    """Categories in order, of each column that has them."""
    columns_: tuple[Any, ...]
    """Names of the encoded columns; ``x0, x1, ...`` for an array without names."""

    def fit(self, X: pd.DataFrame | ArrayLike, y: Any = None) -> Self:
        """Learn names, order and categories of the columns.

        Raises
        ------
        TableError
            When a column holds values that are neither numbers nor categories, or infinite ones.
        """
        if isinstance(X, pd.DataFrame):
            remedy = "give at least one person and one feature"
            TableError.unless(X.size, "X", f"has shape {X.shape}", remedy)
            validate_data(self, X, reset=True, skip_check_array=True)
            self.columns_ = tuple(X.columns)
            self.categories_ = {
                column: _categories(X[column]) for column in X.columns if _is_coded(X[column])
            }
        else:
            numbers = validate_data(self, X, reset=True, **_NUMBERS)
            self.columns_ = tuple(f"x{number}" for number in range(numbers.shape[1]))
            self.categories_ = {}
        return self

    def transform(self, X: pd.DataFrame | ArrayLike) -> pd.DataFrame:
        """Return the columns of `fit` as float32; NaN where missing or never seen.

        Raises
        ------
        TableError
            When a column of `fit` is absent, or holds what cannot be encoded.
        """
        arrays = self.arrays(X)
        index = X.index if isinstance(X, pd.DataFrame) else None
        return pd.DataFrame(dict(zip(self.columns_, arrays, strict=True)), index=index)

    def arrays(self, X: pd.DataFrame | ArrayLike) -> list[NDArray[np.float32]]:
        """Return the columns of `transform` as arrays; of float32 numbers without a copy.

        Raises
        ------
        TableError
            When a column of `fit` is absent, or holds what cannot be encoded.
        """
        check_is_fitted(self)
        if not isinstance(X, pd.DataFrame):
            return list(np.asfortranarray(validate_data(self, X, reset=False, **_NUMBERS)).T)
        self._refuse_absent(X)
        validate_data(self, X, reset=False, skip_check_array=True)
        coded = self.categories_
        plain = _plain_numbers(X, [at for at, one in enumerate(self.columns_) if one not in coded])
        return [
            plain[at]
            if at in plain
            else (_codes(X.iloc[:, at], coded[one]) if one in coded else _numbers(X.iloc[:, at]))
            for at, one in enumerate(self.columns_)
        ]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        return tags

    def _refuse_absent(self, X: pd.DataFrame) -> None:
        known = [str(column) for column in X.columns]
        absent = [name for name in self.columns_ if name not in X.columns]
        # With as many columns as in fit, names were changed: scikit-learn's own words say so.
        if absent and hasattr(self, "feature_names_in_") and len(known) != len(self.columns_):
            raise TableError("X", f"column '{absent[0]}' is absent", known_names(absent[0], known))


def _is_coded(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype) or _is_text(column)


def _is_text(column: pd.Series) -> bool:
    named = column.dtype == object and all(isinstance(value, str) for value in column.dropna())
    return named or isinstance(column.dtype, pd.StringDtype)


def _categories(column: pd.Series) -> tuple[Any, ...]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return tuple(column.cat.categories)
    return tuple(sorted(column.dropna().unique()))


def _codes(column: pd.Series, categories: tuple[Any, ...]) -> NDArray[np.float32]:
    place = {category: code for code, category in enumerate(categories)}
    if isinstance(column.dtype, pd.CategoricalDtype):
        # A category's own code is looked up once a category, not once a person.
        table = [place.get(category, np.nan) for category in column.cat.categories]
        return np.array([*table, np.nan], dtype="float32")[column.cat.codes.to_numpy()]
    if not (_is_text(column) or column.isna().all()):
        problem = "is a number, and was a category in fit"
        remedy = f"known categories: {', '.join(map(str, categories[:10]))}"
        raise TableError(f"X, column '{column.name}'", problem, remedy)
    return column.map(place).to_numpy(dtype="float32", na_value=np.nan)


def _plain_numbers(X: pd.DataFrame, places: list[int]) -> dict[int, NDArray[np.float32]]:
    """Columns of plain numbers by place, all in one step: single columns of a small table are dear.

    None of them where one is no plain number or is infinite, which is named one at a time, and of
    a large table, which would be copied whole.
    """
    kinds = X.dtypes.iloc[places]
    plain = all(isinstance(kind, np.dtype) and kind.kind in "fiub" for kind in kinds)
    if not plain or not places or len(X) > FEW:
        return {}
    seen = X if len(places) == X.shape[1] else X.iloc[:, places]
    with np.errstate(over="ignore"):
        numbers = seen.to_numpy("float32")
    return {} if np.isinf(numbers).any() else dict(zip(places, numbers.T, strict=True))


def _numbers(column: pd.Series) -> NDArray[np.float32]:
    place = f"X, column '{column.name}'"
    if isinstance(column.dtype, pd.CategoricalDtype):
        raise TableError(place, "is a category, and was a number in fit", "give numbers")
    try:
        with np.errstate(over="ignore"):
            numbers = column.to_numpy(dtype="float32", na_value=np.nan)
    except (TypeError, ValueError) as error:
        problem = f"holds {column.dtype} values"
        raise TableError(place, problem, "turn them into numbers or categories") from error
    infinite, remedy = np.isinf(numbers).any(), "replace them by numbers or NaN"
    TableError.unless(not infinite, place, "has infinite values", remedy)
    return numbers
