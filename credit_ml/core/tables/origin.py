"""How a user's table was before it was taken apart: what their own model expects to be given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from credit_ml.core.tables.frames import with_columns

#: People on whom it is tried which way round a model ranks.
TRIED = 2_000
_KEY = "credit_ml"


@dataclass(frozen=True, eq=False)
class RawTable:
    """A user's whole table as it came, and which of its rows are at hand; nothing is copied.

    Examples
    --------
    >>> raw = RawTable(pd.DataFrame({"age": [20, 30, 40]})).take(np.array([2, 0]))
    >>> raw.columns(["age"])["age"].tolist()
    [40, 20]
    """

    frame: pd.DataFrame
    rows: np.ndarray | None = None
    """Positions of the people at hand; None for all."""

    def take(self, positions: np.ndarray) -> Self:
        """Return the same table with fewer people at hand, counted among those there are."""
        return type(self)(self.frame, positions if self.rows is None else self.rows[positions])

    def columns(self, names: Sequence[str]) -> pd.DataFrame:
        """Return columns of the people at hand, in the types in which they came."""
        found = self.frame[list(names)]
        return found if self.rows is None else found.iloc[self.rows].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Probe:
    """People of a whole table on whom it is tried which way round a model ranks.

    At most 2,000, spread over the table and, where outcomes are known, half of them of each
    outcome if there are enough: how a model ranks does not depend on how rare an outcome is.

    Examples
    --------
    >>> tried = Probe.of(pd.DataFrame({"late": [0, 1, 2, 3]}), pd.Series([1, 1, 0, 0]))
    >>> len(tried.X), tried.y.tolist()
    (4, [1, 1, 0, 0])
    """

    X: pd.DataFrame
    """Their features."""
    y: np.ndarray | None
    """Their outcomes, 1 when favourable."""
    raw: RawTable | None = None
    """Their rows of the user's table."""

    @classmethod
    def of(cls, X: pd.DataFrame, y: pd.Series | None, raw: RawTable | None = None) -> Self:
        """Choose them from a whole table: a copy of at most 2,000 rows."""
        if y is None:
            tried = spread(len(X))
            return cls(X.iloc[tried], None, raw and raw.take(tried))
        outcomes = y.to_numpy()
        good, other = np.flatnonzero(outcomes == 1), np.flatnonzero(outcomes != 1)
        most = max(TRIED // 2, TRIED - min(len(good), len(other)))
        chosen = [who[spread(len(who), most)] for who in (good, other) if len(who)]
        tried = np.sort(np.concatenate(chosen))
        return cls(X.iloc[tried], outcomes[tried], raw and raw.take(tried))

    def reading(self, model: Any) -> Self:
        """Return them with the columns besides that a fitted model reads, where there are any."""
        known = self.X.columns if self.raw is None else self.raw.frame.columns
        asked = pd.Index(names_read(model, known) or ())
        more = asked[~asked.isin(self.X.columns)]
        return self.read(self.X.columns.append(more)) or self

    def read(self, columns: pd.Index) -> Self | None:
        """Return them with these features; None when one is new, which no whole table has."""
        more = columns.difference(self.X.columns)
        if not more.isin([] if self.raw is None else self.raw.frame.columns).all():
            return None
        beside = None if self.raw is None else self.raw.columns(list(more)).set_axis(self.X.index)
        every = self.X if beside is None else pd.concat([self.X, beside], axis=1)
        return type(self)(every[columns], self.y, self.raw)


def names_read(model: Any, columns: Iterable[Any] = ()) -> list[str] | None:
    """Return the columns that a model was fitted on, by name; None where it knows no names.

    scikit-learn and most others keep them in ``feature_names_in_``, CatBoost in
    ``feature_names_``, where those of an array are its numbers. LightGBM writes ``_`` for each
    blank of a name: where the table has no such column but one with blanks, that is meant.

    Examples
    --------
    >>> class Model:
    ...     feature_names_ = ["late", "sex"]
    >>> names_read(Model()), names_read(len)
    (['late', 'sex'], None)
    """
    names = getattr(model, "feature_names_in_", None)
    if names is None:
        names = getattr(model, "feature_names_", None)
        if names is None or list(names) == list(map(str, range(len(names)))):
            return None
    there = [str(column) for column in columns]
    written = {column.replace(" ", "_"): column for column in there}
    written |= {column: column for column in there}
    return [written.get(str(name), str(name)) for name in names]


@dataclass(frozen=True, kw_only=True, eq=False)
class Origin:
    """Values and types of the user's own table, kept beside the features made of it.

    It travels in ``Dataset.X.attrs``, so that a table of features met alone still says which
    outcome is good and what types its columns had.

    Examples
    --------
    >>> from credit_ml.core import Dataset
    >>> frame = pd.DataFrame({"job": ["a", "b"], "default": [0, 1]})
    >>> data = Dataset.from_frame(frame, target="default", favourable=0, sensitive=[])
    >>> origin = Origin.of(data.X)
    >>> origin.outcomes, origin.restored(data.X)["job"].dtype == frame["job"].dtype
    ((1, 0), True)
    """

    target: str | None
    """The user's column of outcomes."""
    outcomes: tuple[Any, Any] | None
    """The user's own values of it: the one that is not favourable, and the one that is."""
    dtypes: Mapping[str, Any]
    """The user's own type of each feature."""
    nones: frozenset[str]
    """Features whose missing values the user wrote as None, which encoders tell from NaN."""
    whole: frozenset[str]
    """Features in which every known number is whole, whatever the type: a file's counts come as
    fractions where one is missing."""
    trial: Probe
    """Some of its people, on whom a model is tried."""

    @classmethod
    def of(cls, X: object) -> "Origin | None":
        """Return the origin of a table of features; None when it has none on it."""
        found = getattr(X, "attrs", {}).get(_KEY)
        return found.origin if isinstance(found, _Attached) else None

    @classmethod
    def from_columns(
        cls,
        frame: pd.DataFrame,
        target: str | None,
        outcomes: tuple[Any, Any] | None,
        X: pd.DataFrame,
        y: pd.Series | None,
    ) -> Self:
        """Note what a user's table was, beside the features and outcomes made of it."""
        features = list(map(str, X.columns))
        objects = [name for name in features if frame[name].dtype == object]
        nones = frozenset(name for name in objects if any(value is None for value in frame[name]))
        dtypes = {name: frame[name].dtype for name in features}
        trial = Probe.of(X, y, RawTable(frame))
        return cls(
            target=target,
            outcomes=outcomes,
            dtypes=dtypes,
            nones=nones,
            whole=frozenset(name for name in features if _all_whole(X[name])),
            trial=trial,
        )

    def attach(self, X: pd.DataFrame) -> None:
        """Put it on a table of features."""
        X.attrs[_KEY] = _Attached(self)

    def restored(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return features in the types of the user's table, wherever they fit exactly."""
        changed = {
            name: column
            for name, dtype in self.dtypes.items()
            if name in X.columns and (column := _restored(X[name], dtype)) is not None
        }
        for name in self.nones & changed.keys():
            changed[name] = changed[name].where(changed[name].notna(), None)
        return with_columns(X, changed) if changed else X


def spread(people: int, most: int = TRIED) -> np.ndarray:
    """Positions of at most so many people, spread evenly over a table of `people`.

    Examples
    --------
    >>> spread(10, 4).tolist()
    [0, 3, 6, 9]
    """
    return np.unique(np.linspace(0, people - 1, min(people, most)).astype(np.intp))


def holds_whole(values: pd.Series) -> bool:
    """Whether a column is of whole numbers by its type, or was in the user's whole table.

    Examples
    --------
    >>> holds_whole(pd.Series([1, 2])), holds_whole(pd.Series([1.0, 2.0]))
    (True, False)
    """
    origin = Origin.of(values)
    return values.dtype.kind in "iu" or (origin is not None and values.name in origin.whole)


def _all_whole(column: pd.Series) -> bool:
    if column.dtype.kind != "f":
        return column.dtype.kind in "iu"
    numbers = column.to_numpy()
    known = numbers[~np.isnan(numbers)]
    return len(known) > 0 and bool((known == np.rint(known)).all())


class _Attached(dict[str, Any]):
    """An empty dict to pandas, which copies attributes deeply and writes them as JSON."""

    def __init__(self, origin: Origin | None = None) -> None:
        super().__init__()
        self.origin = origin

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __eq__(self, other: object) -> bool:
        return self is other

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.origin,)


def _restored(column: pd.Series, dtype: Any) -> pd.Series | None:
    if column.dtype == dtype:
        return None
    if pd.api.types.is_bool_dtype(dtype) and not column.isin((0, 1)).all():
        return None
    whole = pd.api.types.is_integer_dtype(dtype) and not isinstance(dtype, pd.CategoricalDtype)
    gap = 0.5 if isinstance(dtype, np.dtype) else 0.0  # only pandas' own integers hold gaps
    if whole and not (np.mod(column.to_numpy(dtype="float64", na_value=gap), 1) == 0).all():
        return None
    try:
        return column.astype(dtype)
    except (TypeError, ValueError):
        return None
