"""A table of people as a rater sees them, beside what must not matter."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self, get_args

import numpy as np
import pandas as pd

from credit_ml.core.errors import InputError, TableError, known_names, refuse_unknown
from credit_ml.core.provenance import array_digest

#: More distinct numbers than this in a sensitive feature are values, not groups.
MOST_GROUPS = 20

#: Group of those whose sensitive value is missing, where they are a group of their own.
MISSING = "(missing)"
#: What becomes of missing sensitive values.
Missing = Literal["refuse", "group"]


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """What is known of some people: features, outcome, sensitive features, factors.

    Make one with `Dataset.from_frame` from your own table, or with ``agency.view(society)``.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": [0, 3], "sex": ["f", "m"], "paid": [1, 0]})
    >>> Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    Dataset(2 people; 1 feature in 1 factor; sensitive: sex; 50.0 % favourable)
    """

    X: pd.DataFrame
    """Features, one row a person: float32, integers or categoricals; NaN where missing."""
    y: pd.Series | None
    """Outcome as int8: 1 when the obligation was kept (favourable), else 0; None if unknown."""
    sensitive: pd.DataFrame
    """Sensitive features as categoricals without missing values, one column a feature."""
    factors: Mapping[str, tuple[str, ...]]
    """Named blocks of columns of X; every column is in exactly one block."""
    context: pd.DataFrame
    """What the analyst knows and the score does not see, such as `income` or `district`."""
    name: str = "table"
    """What the table is called in reports."""
    cluster: str | None = None
    """Column of `context` within which people share chances, such as ``district``; None when
    people are taken as independent. Intervals count clusters, not people, where one is named."""

    def __post_init__(self) -> None:
        rows = len(self.X)
        if rows == 0:
            raise TableError(self.name, "has no rows", "give at least one person")
        if self.X.shape[1] == 0:
            raise TableError(self.name, "has no features", "name at least one column in factors")
        for part in (self.y, self.sensitive, self.context):
            if part is not None and not part.index.equals(self.X.index):
                raise TableError(self.name, "has parts with different rows", "align the indices")
        _check_factors(self.factors, self.X.columns, self.name)
        if self.cluster is not None:
            _check_cluster(self.context, self.cluster, self.name)

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        target: str | None,
        sensitive: Sequence[str],
        factors: Mapping[str, Sequence[str]] | None = None,
        favourable: object = 1,
        context: Sequence[str] = (),
        cluster: str | None = None,
        missing_sensitive: Missing = "refuse",
        name: str = "table",
    ) -> Self:
        """Take a user's table apart into features, outcome and sensitive features.

        Cost: one pass over the named columns.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row a person.
        target : str or None
            Column of the outcome, with two values and none missing; None when unknown.
        sensitive : sequence of str
            Columns of what must not matter. Cut numbers into bands first (`bands`).
        factors : mapping of str to sequence of str, optional
            Named blocks of columns. Columns in no block are not used. By default every
            column that is neither target, sensitive nor context is a factor of its own.
        favourable : object, default 1
            Value of the target that is good for the person, such as 0 for a default flag.
        context : sequence of str
            Columns kept beside the features (`Dataset.context`).
        cluster : str, optional
            Column that says who shares chances with whom, such as a branch or a district; it is
            kept in the context.
        missing_sensitive : {"refuse", "group"}
            Whether a missing sensitive value is an error, or makes a group of its own, named
            `MISSING`: people who are not asked, or do not say, can be treated unlike others.

        Raises
        ------
        TableError
            When a column is absent, the target has not exactly two values, a sensitive
            feature has a missing value, or a factor is empty or overlaps another.
        """
        if len(frame) == 0:
            raise TableError(name, "has no rows", "give at least one person")
        if missing_sensitive not in get_args(Missing):
            refuse_unknown(
                InputError, "missing_sensitive", str(missing_sensitive), get_args(Missing)
            )
        if cluster is not None and cluster not in context:
            context = [*context, cluster]
        needed = [*([] if target is None else [target]), *sensitive, *context]
        _check_columns(frame, needed, name)
        if factors is None:
            rest = [str(column) for column in frame.columns if column not in needed]
            factors = {column: (column,) for column in rest}
        blocks = {factor: tuple(columns) for factor, columns in factors.items()}
        for factor, columns in blocks.items():
            _check_columns(frame, columns, f"{name}, factor '{factor}'")
            if target in columns:
                raise TableError(
                    f"{name}, factor '{factor}'",
                    f"holds the target '{target}'",
                    "take it out",
                )
        features = [column for columns in blocks.values() for column in columns]
        _check_factors(blocks, features, name)
        frame = frame.reset_index(drop=True)
        return cls(
            X=pd.DataFrame({column: _feature(frame[column], name) for column in features}),
            y=None if target is None else _outcome(frame[target], favourable, name),
            sensitive=pd.DataFrame(
                {column: _groups(frame[column], name, missing_sensitive) for column in sensitive},
                index=frame.index,
            ),
            factors=blocks,
            context=frame[list(context)].copy(),
            name=name,
            cluster=cluster,
        )

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        columns, blocks = self.X.shape[1], len(self.factors)
        outcome = "no outcome" if self.y is None else f"{100 * self.y.mean():.1f} % favourable"
        return (
            f"Dataset({len(self):,} people; {columns} feature{'s' * (columns != 1)} in "
            f"{blocks} factor{'s' * (blocks != 1)}; "
            f"sensitive: {', '.join(self.sensitive.columns) or 'none'}; {outcome})"
        )

    def take(self, rows: np.ndarray | Sequence[int]) -> Self:
        """Return the people at these positions, in this order, as a new Dataset."""
        positions = np.asarray(rows, dtype=np.intp)
        return replace(
            self,
            X=self.X.iloc[positions].reset_index(drop=True),
            y=None if self.y is None else self.y.iloc[positions].reset_index(drop=True),
            sensitive=self.sensitive.iloc[positions].reset_index(drop=True),
            context=self.context.iloc[positions].reset_index(drop=True),
        )

    def outcome(self, *, needed_for: str) -> pd.Series:
        """Return `y`, or raise a TableError that says what needed it."""
        if self.y is None:
            raise TableError(self.name, f"has no outcome, which {needed_for} needs", "give target")
        return self.y

    def groups(self, sensitive: str) -> pd.Series:
        """Return one sensitive feature, or raise a TableError that lists those there are."""
        if sensitive not in self.sensitive.columns:
            raise TableError(
                self.name,
                f"has no sensitive feature '{sensitive}'",
                known_names(sensitive, [str(column) for column in self.sensitive.columns]),
            )
        return self.sensitive[sensitive]

    def clusters(self) -> np.ndarray | None:
        """Return each person's cluster as a number from 0, shape (people,); None without any."""
        if self.cluster is None:
            return None
        return pd.factorize(self.context[self.cluster])[0].astype(np.intp)

    def digest(self) -> str:
        """SHA-256 of every value in the table, the same for the same values in any process."""
        arrays: dict[str, np.ndarray] = {}
        for part, frame in (("X", self.X), ("sensitive", self.sensitive)):
            for column in frame.columns:
                arrays |= _plain_arrays(f"{part}.{column}", frame[column])
        if self.y is not None:
            arrays["y"] = self.y.to_numpy()
        return array_digest(arrays)


def bands(values: pd.Series, edges: Sequence[float]) -> pd.Series:
    """Cut numbers into named bands, so that they can be a sensitive feature.

    A value equal to an edge belongs to the band that starts there. Missing stays missing.

    Examples
    --------
    >>> bands(pd.Series([18, 25, 61]), [25, 60]).tolist()
    ['under 25', '25 to 60', '60 and over']
    """
    cuts = [float(edge) for edge in edges]
    if not cuts or sorted(set(cuts)) != cuts:
        raise TableError(str(values.name), f"cannot be cut at {list(edges)}", "give rising edges")
    shown = [f"{cut:g}" for cut in cuts]
    labels = [
        f"under {shown[0]}",
        *(f"{low} to {high}" for low, high in itertools.pairwise(shown)),
        f"{shown[-1]} and over",
    ]
    return pd.cut(values, [-np.inf, *cuts, np.inf], right=False, labels=labels)


def _check_columns(frame: pd.DataFrame, columns: Iterable[str], place: str) -> None:
    names = [str(column) for column in frame.columns]
    for column in columns:
        if column not in frame.columns:
            raise TableError(place, f"column '{column}' is absent", known_names(column, names))


def _check_factors(
    factors: Mapping[str, Sequence[str]], columns: Iterable[str], place: str
) -> None:
    owner: dict[str, str] = {}
    for factor, members in factors.items():
        if not members:
            raise TableError(f"{place}, factor '{factor}'", "has no columns", "name at least one")
        for column in members:
            if column in owner:
                raise TableError(
                    f"{place}, factor '{factor}'",
                    f"column '{column}' is also in factor '{owner[column]}'",
                    "keep it in one",
                )
            owner[column] = factor
    expected = set(columns)
    for column in expected - owner.keys():
        raise TableError(place, f"column '{column}' is in no factor", "add it to one")
    for column in owner.keys() - expected:
        raise TableError(
            f"{place}, factor '{owner[column]}'",
            f"column '{column}' is absent",
            known_names(column, map(str, expected)),
        )


def _check_cluster(context: pd.DataFrame, cluster: str, place: str) -> None:
    where = f"{place}, cluster '{cluster}'"
    if cluster not in context.columns:
        known = known_names(cluster, [str(column) for column in context.columns])
        raise TableError(where, "is not in the context", known)
    missing = int(context[cluster].isna().sum())
    if missing:
        raise TableError(where, f"is missing in {missing} rows", "drop or fill those rows")


def _outcome(target: pd.Series, favourable: object, place: str) -> pd.Series:
    where = f"{place}, target '{target.name}'"
    missing = int(target.isna().sum())
    if missing:
        raise TableError(where, f"is missing in {missing} rows", "drop or fill those rows")
    values = sorted(target.unique().tolist(), key=str)
    if len(values) != 2:
        shown = ", ".join(map(repr, values[:5])) + (", ..." if len(values) > 5 else "")
        raise TableError(where, f"has {len(values)} values ({shown})", "give a target with two")
    if favourable not in values:
        raise TableError(
            where,
            f"has no value {favourable!r}",
            f"give favourable={values[0]!r} or {values[1]!r}",
        )
    return pd.Series((target == favourable).to_numpy(dtype="int8"), name="kept", index=target.index)


def _groups(column: pd.Series, place: str, missing_sensitive: Missing) -> pd.Series:
    where = f"{place}, sensitive feature '{column.name}'"
    missing = int(column.isna().sum())
    if missing and missing_sensitive == "group":
        known = column.dropna()
        found = _groups(known, place, "refuse") if len(known) else known.astype("category")
        return found.cat.add_categories([MISSING]).reindex(column.index).fillna(MISSING)
    if missing:
        raise TableError(
            where,
            f"is missing in {missing} rows",
            "drop those rows or make them their own group (missing_sensitive='group')",
        )
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.remove_unused_categories().cat.rename_categories(str)
    if column.nunique() > MOST_GROUPS:
        raise TableError(
            where,
            f"has {column.nunique()} different values",
            f"cut it into at most {MOST_GROUPS} bands{_bands_offered(column)}",
        )
    ordered = [str(value) for value in sorted(column.unique().tolist())]
    return pd.Series(pd.Categorical(column.astype(str), ordered), column.index, name=column.name)


def _bands_offered(column: pd.Series) -> str:
    """A call of `bands` that cuts numbers at their quartiles, to be copied; else nothing."""
    if not pd.api.types.is_numeric_dtype(column):
        return ""
    quartiles = column.quantile([0.25, 0.5, 0.75]).astype(float)
    edges = list(dict.fromkeys(float(f"{edge:.3g}") for edge in quartiles))
    return f", such as bands(frame['{column.name}'], {edges}), its quartiles"


def _feature(column: pd.Series, place: str) -> pd.Series:
    where = f"{place}, column '{column.name}'"
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.rename_categories(str)
    if pd.api.types.is_bool_dtype(column):
        # shap's trees crash on a bool column beside numbers.
        return column.astype("float32" if column.isna().any() else "int8")
    if pd.api.types.is_numeric_dtype(column):
        numbers = column.astype("float32")
        infinite = int(np.isinf(numbers).sum())
        if infinite:
            raise TableError(where, f"is infinite in {infinite} rows", "replace those values")
        return numbers
    if pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column):
        present = column[column.notna()].astype(str)
        ordered = sorted(present.unique().tolist())
        values = pd.Categorical(column.astype(str).where(column.notna(), None), ordered)
        return pd.Series(values, column.index, name=column.name)
    raise TableError(where, f"holds {column.dtype} values", "turn them into numbers or categories")


def _plain_arrays(name: str, column: pd.Series) -> dict[str, np.ndarray]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        labels = "\x1f".join(map(str, column.cat.categories)).encode()
        return {
            f"{name}.codes": column.cat.codes.to_numpy(),
            f"{name}.labels": np.frombuffer(labels, dtype=np.uint8),
        }
    return {name: column.to_numpy()}
