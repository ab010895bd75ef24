"""A table of people as a rater sees them, beside what must not matter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core.errors import InputError, TableError, gathered, known_names, refuse_unknown
from credit_ml.core.provenance import array_digest
from credit_ml.core.renamed import other_keywords
from credit_ml.core.schema import CROSS, EVERYBODY
from credit_ml.core.tables.blocks import Blocks, read_blocks
from credit_ml.core.tables.columns import (
    Missing,
    feature_of,
    groups_of,
    left_out,
    need_columns,
    outcome_of,
    refuse_identity,
)
from credit_ml.core.tables.frames import as_pandas
from credit_ml.core.tables.origin import Origin, Probe, RawTable, names_read
from credit_ml.core.tables.weights import checked_weights, relative_weights

#: What the columns are called together that a model reads and no factor names.
NO_FACTOR = "(no factor)"


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
    """Features, one row a person, in the order of the user's table: numbers as they came, booleans
    as 0 and 1, and categoricals of the user's own values; NaN where missing."""
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
    origin: Origin | None = field(default=None, repr=False)
    """How the user's own table was, where one was taken apart: what their model is given."""
    whole: Probe | None = field(default=None, repr=False)
    """People of the whole table that these were taken from; None when this is the whole table."""
    raw: RawTable | None = field(default=None, repr=False)
    """The user's own table, from which a model is given what it reads besides features."""
    of_others: tuple[str, ...] = ()
    """Columns of X that other people's doings make, such as friends' means: the chance of other
    clusters is in them, which no interval of this one table counts."""
    held: tuple[str, ...] = ()
    """Columns of X in no factor, read by a model (`reading`): each person's own, never replaced."""
    weights: pd.Series | None = field(default=None, repr=False)
    """Of how many people in a population each row speaks (survey or inverse probability weights),
    or how long each was seen (exposure): float64, at least 0; None when everybody counts once.
    Only their proportions matter."""

    def __post_init__(self) -> None:
        rows = len(self.X)
        TableError.unless(rows != 0, self.name, "has no rows", "give at least one person")
        if self.X.shape[1] == 0:
            raise TableError(self.name, "has no features", "name at least one column in factors")
        for part in (self.y, self.sensitive, self.context, self.weights):
            if part is not None and not part.index.equals(self.X.index):
                raise TableError(self.name, "has parts with different rows", "align the indices")
        _check_factors(self.factors, self.features, self.name)
        if self.cluster is not None:
            _check_cluster(self.context, self.cluster, self.name)
        if self.origin is not None:
            self.origin.attach(self.X)
        if self.whole is not None and not self.whole.X.columns.equals(self.X.columns):
            object.__setattr__(self, "whole", self.whole.read(self.X.columns))

    @classmethod
    @other_keywords
    def from_frame(
        cls,
        frame: Any,
        *,
        target: str | None,
        sensitive: str | Sequence[str],
        factors: Mapping[str, str | Sequence[str]] | str | Path | None = None,
        favourable: object = 1,
        context: str | Sequence[str] = (),
        cluster: str | None = None,
        weights: Any = None,
        missing_sensitive: Missing = "refuse",
        name: str = "table",
    ) -> Self:
        """Take a user's table apart into features, outcome and sensitive features.

        Features keep the order, the values and, towards the user's own model, the types of the
        table. One name stands for a list of one.

        Cost: one pass over the named columns.

        Parameters
        ----------
        frame : DataFrame of pandas, polars, pyarrow or another library that narwhals knows
            One row a person.
        target : str or None
            Column of the outcome, with two values and none missing; None when unknown.
        sensitive : str or sequence of str
            Columns of what must not matter. Cut numbers into bands first (`bands`).
        factors : mapping of str to str or sequence of str, str or Path, optional
            Named blocks of columns, or a TOML file of them: lines such as ``history = ["late"]``.
            Columns in no block are not used. By default every column that is neither target,
            sensitive nor context is a factor of its own.
        favourable : object, default 1
            Value of the target that is good for the person, such as 0 for a default flag.
        context : str or sequence of str
            Columns kept beside the features (`Dataset.context`).
        cluster : str, optional
            Column that says who shares chances with whom, such as a branch or a district; it is
            kept in the context.
        weights : str or array_like of shape (people,), optional
            Column, or numbers, that say of how many people each row speaks: survey weights, inverse
            probabilities of being in the table, exposure. Numbers by group are then about the
            population, and intervals count as many people as the weights are worth. Whoever has
            weight 0 counts as absent; equal weights change nothing.
        missing_sensitive : {"refuse", "group"}
            Whether a missing sensitive value is an error, or makes a group of its own, named
            ``(missing)``: people who are not asked, or do not say, can be treated unlike others.

        Raises
        ------
        TableError
            When a column is absent or given twice, the target has not exactly two values, a
            sensitive feature has a missing value or values that cannot be told apart, a
            factor is empty or overlaps another, or weights are missing, negative or all 0.
        """
        frame = as_pandas(frame, name).reset_index(drop=True)
        TableError.unless(len(frame) != 0, name, "has no rows", "give at least one person")
        if missing_sensitive not in (kinds := get_args(Missing)):
            refuse_unknown(InputError, "missing_sensitive", str(missing_sensitive), kinds)
        target, cluster = (None if each is None else str(each) for each in (target, cluster))
        audited, kept_beside = _listed(sensitive), _listed(context)
        if cluster is not None and cluster not in kept_beside:
            kept_beside.append(cluster)
        needed = [*([] if target is None else [target]), *audited, *kept_beside]
        need_columns(frame, needed, name)
        _check_roles(target, audited, cluster, name)
        made: dict[Any, partial[Any]] = {}
        factors = None if factors is None else read_blocks(factors, name)
        roles = _roles(target, audited, cluster, factors)
        counted = checked_weights(weights, frame, roles, name)
        needed += [str(weights)] if weights is not None and np.ndim(weights) == 0 else []
        if factors is None:
            factors = {column: column for column in frame.columns if column not in needed}
            refuse = partial(refuse_identity, place=name, alone=len(factors) == 1)
            made = {(each,): partial(refuse, frame[each]) for each in factors}
        blocks = {str(factor): tuple(_listed(columns)) for factor, columns in factors.items()}
        read = {column for columns in blocks.values() for column in columns}
        _check_blocks(blocks, frame, target, name)
        features = [str(column) for column in frame.columns if column in read]
        made |= _columns_made(frame, features, audited, missing_sensitive, name)
        if target is not None:
            made["outcome", target] = partial(outcome_of, frame[target], favourable, name)
        found = gathered(name, made)
        X = pd.DataFrame({column: found[column] for column in features}, index=frame.index)
        y, other = (None, None) if target is None else found["outcome", target]
        outcomes = None if target is None else (other, favourable)
        groups = {column: found["group", column] for column in audited}
        return cls(
            X=X,
            y=y,
            sensitive=pd.DataFrame(groups, index=frame.index),
            factors=blocks,
            context=frame[kept_beside].copy(),
            name=name,
            cluster=cluster,
            origin=Origin.from_columns(frame, target, outcomes, X, y),
            raw=RawTable(frame),
            weights=counted,
        )

    @classmethod
    def from_arrays(
        cls,
        X: npt.ArrayLike | pd.DataFrame,
        *,
        y_true: npt.ArrayLike | None = None,
        sensitive_features: Any = None,
        factors: Mapping[str, str | Sequence[str]] | str | Path | None = None,
        clusters: npt.ArrayLike | None = None,
        weights: npt.ArrayLike | None = None,
        name: str = "table",
        **options: Any,
    ) -> Self:
        """Put features, outcomes and sensitive features together, as fairlearn takes them.

        Rows belong together by position, whatever their labels.

        Parameters
        ----------
        X : DataFrame or array_like of shape (people, features)
            Columns of an array are called ``x0, x1, ...``.
        y_true : array_like of shape (people,), optional
            Outcomes of two values.
        sensitive_features : DataFrame, Series, dict or array_like, optional
            One or more, each of shape (people,). A Series keeps its name; a single array without
            one is called ``sensitive_feature``, columns of an array ``sensitive_feature_0, ...``.
        factors, name
            As in `from_frame`.
        clusters : array_like of shape (people,), optional
            Who shares chances with whom.
        weights : array_like of shape (people,), optional
            As in `from_frame`; what fairlearn calls ``sample_weight``.
        **options
            `favourable` and `missing_sensitive`, as in `from_frame`.

        Raises
        ------
        TableError
            When lengths differ, a name occurs twice, or as in `from_frame`.

        Examples
        --------
        >>> data = Dataset.from_arrays([[0.0], [3.0]], y_true=[1, 0], sensitive_features=["f", "m"])
        >>> data.X.columns.tolist(), data.sensitive.columns.tolist()
        (['x0'], ['sensitive_feature'])
        """
        parts = [_frame_of(X, "x", name)]
        features = {} if sensitive_features is None else sensitive_features
        told = _frame_of(features, "sensitive_feature", name)
        target, cluster = _free_name("y_true", parts[0]), _free_name("cluster", parts[0])
        parts.append(told)
        named = {str(column): str(column) for column in parts[0]}
        blocks = read_blocks(factors, name) if factors else named
        for label, values in ((target, y_true), (cluster, clusters)):
            if values is not None:
                parts.append(pd.DataFrame({label: np.asarray(values)}))
        for part in parts[1:]:
            if part.shape[1] and len(part) != len(parts[0]):
                place = f"{name}, {', '.join(map(str, part.columns))}"
                problem = f"has {len(part):,} rows, and X has {len(parts[0]):,}"
                raise TableError(place, problem, "give one value a person")
        aligned = [part.reset_index(drop=True) for part in parts if part.shape[1]]
        return cls.from_frame(
            pd.concat(aligned, axis=1),
            target=None if y_true is None else target,
            sensitive=[str(column) for column in told],
            factors=blocks,
            cluster=None if clusters is None else cluster,
            weights=None if weights is None else np.asarray(weights),
            name=name,
            **options,
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
        """Return the people at these positions, in this order, as a new Dataset.

        It remembers at most 2,000 people of the whole table, shared by all that is taken from it:
        which way round a model ranks is a matter of the table, not of the people picked.
        """
        positions = np.asarray(rows, dtype=np.intp)
        names = ("X", "y", "sensitive", "context", "weights")
        parts = {name: getattr(self, name) for name in names}
        taken: dict[str, Any] = {
            name: None if part is None else part.iloc[positions].reset_index(drop=True)
            for name, part in parts.items()
        }
        raw = self.raw and self.raw.take(positions)
        return replace(self, **taken, whole=self.trial, raw=raw)

    @property
    def features(self) -> list[str]:
        """Columns of X that belong to factors, in its order."""
        return [str(column) for column in self.X.columns if column not in self.held]

    def reading(self, model: Any) -> Self:
        """Return the same people with what a fitted model reads of their table besides features.

        Such columns stand last in X, in the types in which they came, and in no factor: whatever
        is asked of the model, they stay each person's own. The outcome is given to no model.

        Examples
        --------
        >>> frame = pd.DataFrame({"late": [0, 3], "sex": ["f", "m"], "paid": [1, 0]})
        >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
        >>> class Model:
        ...     feature_names_in_ = ["late", "sex"]
        >>> data.reading(Model()).held
        ('sex',)
        """
        known = self.X.columns if self.raw is None else self.raw.frame.columns
        return self.holding(names_read(model, known) or ())

    def holding(self, columns: Iterable[Any]) -> Self:
        """Return the same people with these columns of their table besides features (`reading`)."""
        asked = [str(name) for name in columns]
        there = set() if self.raw is None else set(self.raw.frame.columns)
        there -= {*self.X.columns, self.origin and self.origin.target}
        held = [name for name in asked if name in there]
        if self.raw is None or not held:
            return self
        beside = self.raw.columns(held).set_axis(self.X.index)
        return replace(self, X=pd.concat([self.X, beside], axis=1), held=(*self.held, *held))

    def held_as_factor(self) -> Self:
        """Return the same people with the columns in no factor as one more, "(no factor)".

        So that what they carry is told apart from what the factors carry.
        """
        if not self.held:
            return self
        return replace(self, factors={**self.factors, NO_FACTOR: self.held}, held=())

    @cached_property
    def trial(self) -> Probe:
        """Some people of the whole table, on whom it is tried which way round a model ranks."""
        return self.whole or Probe.of(self.X, self.y, self.raw)

    def outcome(self, *, needed_for: str) -> pd.Series:
        """Return `y`, or raise a TableError that says what needed it."""
        if self.y is None:
            raise TableError(self.name, f"has no outcome, which {needed_for} needs", "give target")
        return self.y

    def groups(self, sensitive: str) -> pd.Series:
        """Return one sensitive feature, or raise a TableError that lists those there are."""
        if sensitive not in self.sensitive.columns:
            remedy = known_names(sensitive, [str(column) for column in self.sensitive.columns])
            raise TableError(self.name, f"has no sensitive feature '{sensitive}'", remedy)
        return self.sensitive[sensitive]

    def clusters(self) -> np.ndarray | None:
        """Return each person's cluster as a number from 0, shape (people,); None without any."""
        if self.cluster is None:
            return None
        return pd.factorize(self.context[self.cluster])[0].astype(np.intp)

    def relative_weights(self) -> np.ndarray | None:
        """Each weight by the mean of those above 0, (people,); None where all count alike."""
        return relative_weights(self.weights)

    def digest(self) -> str:
        """SHA-256 of every value in the table, the same for the same values in any process."""
        arrays: dict[str, np.ndarray] = {}
        for part, frame in (("X", self.X), ("sensitive", self.sensitive)):
            for column in frame.columns:
                arrays |= _plain_arrays(f"{part}.{column}", frame[column])
        if self.y is not None:
            arrays["y"] = self.y.to_numpy()
        if self.weights is not None:
            arrays["weights"] = self.weights.to_numpy()
        return array_digest(arrays)


def _listed(names: Any) -> list[str]:
    """One name, or several, as a list of names; whole numbers by their text, as in the table."""
    several = isinstance(names, Iterable) and not isinstance(names, str)
    return [str(name) for name in (names if several else [names])]


def _roles(
    target: str | None, sensitive: Sequence[str], cluster: str | None, factors: Any
) -> Mapping[str, Sequence[str | None]]:
    """Columns that cannot be weights too, by what they are."""
    blocks = [each for given in (factors or {}).values() for each in _listed(given)]
    named: dict[str, Sequence[str | None]] = {"target": [target], "cluster": [cluster]}
    return named | {"sensitive feature": sensitive, "factor": blocks}


def _check_roles(
    target: str | None, sensitive: Sequence[str], cluster: str | None, place: str
) -> None:
    for column in sensitive:
        if sensitive.count(column) > 1:
            raise TableError(f"{place}, sensitive feature '{column}'", "is given twice", "drop one")
        if column == EVERYBODY or CROSS in column:
            problem = "has the name of everybody, or of two features crossed, in a finding"
            raise TableError(f"{place}, sensitive feature '{column}'", problem, "rename it")
    for role, columns in (("sensitive feature", sensitive), ("cluster", [cluster])):
        if target is not None and target in columns:
            raise TableError(f"{place}, {role} '{target}'", "is the target", "give another column")


def _check_blocks(
    blocks: Mapping[str, tuple[str, ...]], frame: pd.DataFrame, target: str | None, name: str
) -> None:
    for factor, columns in blocks.items():
        place = f"{name}, factor '{factor}'"
        need_columns(frame, columns, place)
        if target in columns:
            raise TableError(place, f"holds the target '{target}'", "take it out")
    _check_factors(blocks, {column for columns in blocks.values() for column in columns}, name)


def _columns_made(
    frame: pd.DataFrame,
    features: Sequence[str],
    audited: Sequence[str],
    missing_sensitive: Missing,
    name: str,
) -> dict[Any, partial[Any]]:
    """How each feature and each sensitive feature is made, not yet made."""
    made: dict[Any, partial[Any]] = {
        each: partial(feature_of, frame[each], name) for each in features
    }
    return made | {
        ("group", each): partial(groups_of, frame[each], name, missing_sensitive)
        for each in audited
    }


def _frame_of(given: Any, kind: str, place: str) -> pd.DataFrame:
    """Arrays, a frame, a series or a dict of features as a frame with names."""
    if hasattr(given, "columns"):
        return as_pandas(given, place)
    if isinstance(given, pd.Series):
        return given.to_frame(kind if given.name is None else given.name)
    if isinstance(given, Mapping):
        return pd.DataFrame({name: np.asarray(values) for name, values in given.items()})
    values = np.asarray(given)
    if values.ndim == 1 and kind != "x":
        return pd.DataFrame({kind: values})
    if values.ndim != 2:
        problem = f"has {kind} of shape {values.shape}"
        raise TableError(place, problem, "give one row a person and one column a feature")
    stem = kind if kind == "x" else f"{kind}_"
    return pd.DataFrame({f"{stem}{number}": column for number, column in enumerate(values.T)})


def _free_name(wanted: str, frame: pd.DataFrame) -> str:
    return wanted if wanted not in frame.columns else _free_name(f"{wanted}_", frame)


def _check_factors(factors: Blocks, columns: Iterable[str], place: str) -> None:
    owner: dict[str, str] = {}
    for factor, members in factors.items():
        if not members:
            raise TableError(f"{place}, factor '{factor}'", "has no columns", "name at least one")
        for column in members:
            if column in owner:
                problem = f"column '{column}' is also in factor '{owner[column]}'"
                raise TableError(f"{place}, factor '{factor}'", problem, "keep it in one")
            owner[column] = factor
    expected = set(columns)
    for column in expected - owner.keys():
        raise TableError(place, f"column '{column}' is in no factor", "add it to one")
    for column in owner.keys() - expected:
        problem, remedy = f"column '{column}' is absent", known_names(column, map(str, expected))
        raise TableError(f"{place}, factor '{owner[column]}'", problem, remedy)


def _check_cluster(context: pd.DataFrame, cluster: str, place: str) -> None:
    where = f"{place}, cluster '{cluster}'"
    if cluster not in context.columns:
        known = known_names(cluster, [str(column) for column in context.columns])
        raise TableError(where, "is not in the context", known)
    missing = int(context[cluster].isna().sum())
    if missing:
        raise TableError(where, f"is missing in {missing} rows", left_out(cluster))


def _plain_arrays(name: str, column: pd.Series) -> dict[str, np.ndarray]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        labels = "\x1f".join(map(str, column.cat.categories)).encode()
        return {
            f"{name}.codes": column.cat.codes.to_numpy(),
            f"{name}.labels": np.frombuffer(labels, dtype=np.uint8),
        }
    return {name: column.to_numpy()}
