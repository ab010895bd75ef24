"""Wrong entries in people's records, planted where the truth is known."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, InputError, Mask, Rows, Streams, beside, need_known
from credit_ml.response.column_change import ColumnChange
from credit_ml.society import COLUMNS, STREAMS

KINDS: dict[str, dict[str, Any]] = beside(__file__)["kinds"]
#: Entries that are right, and contested all the same.
RIGHT_ORDERS = "right_orders"
_ORDERS = "judgments"


@dataclass(frozen=True, kw_only=True, eq=False)
class Entries:
    """Entries of one kind: whose they are, what is filed, and what would be filed without them.

    Examples
    --------
    >>> X = pd.DataFrame({"late": [3.0, 0.0]})
    >>> Entries(kind="stale", rows=np.array([0, 1]), filed=X, without=0 * X).wrong.tolist()
    [[True], [False]]
    """

    kind: str
    rows: Rows
    """Places of the people."""
    filed: pd.DataFrame
    """Their records as the rater has them."""
    without: pd.DataFrame
    """Their records without the entry: as things are, or as somebody would like them."""

    @property
    def beside(self) -> float:
        """What such an entry costs whatever the score says, shares of a year's income a year."""
        return float(KINDS["orders" if self.kind == RIGHT_ORDERS else self.kind].get("beside", 0))

    @property
    def listed_alone(self) -> Mask:
        """Whom the entry alone puts on a list, one a row: nothing else on file does."""
        if not self.beside or _ORDERS not in self.columns:
            return np.zeros(len(self.rows), dtype=bool)
        return ~(self.without[_ORDERS].to_numpy(dtype=np.float64, na_value=np.nan) > 0)

    @property
    def wrong(self) -> Mask:
        """Which columns the entry moves, shape (rows, columns)."""
        return np.column_stack([_differ(self.filed[c], self.without[c]) for c in self.filed])

    @property
    def columns(self) -> list[str]:
        """Names of the columns of `wrong`."""
        return list(map(str, self.filed.columns))

    def all_of(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return everybody's records, of these people as filed; other columns stay away."""
        made = X.copy()
        for name in (each for each in self.columns if each in X.columns):
            values = made[name].copy()
            values.iloc[self.rows] = self.filed[name].to_numpy()
            made[name] = values
        return made


def planted(
    dataset: Dataset,
    *,
    rates: Mapping[str, float],
    times: Mapping[str, Mapping[str, float]],
    streams: tuple[str, ...] = (),
    seed: int = 0,
) -> Iterator[Entries]:
    """Plant wrong entries of each kind in what a rater sees; each kind by itself.

    An entry befalls a person with chance ``rate times``, the product over features of how many
    times as often it befalls the person's group. What it leaves as it was is no wrong entry: of
    whom a stream holds nothing, nothing of it is wrong. Other records, and those of
    friends, stay.

    Parameters
    ----------
    dataset : Dataset
    rates : mapping of kind to chance
    times : mapping of feature to groups, and of groups to factors
    streams : tuple of str
        Those alone that may hold wrong entries; all by default.
    seed : int

    Raises
    ------
    InputError
        When a feature, group or stream is unknown, a group has nobody, a chance is above 1, or the
        rater reads none of these records.

    Examples
    --------
    >>> people = pd.DataFrame({"late_payments": [0.0, 3.0], "sex": ["f", "m"]})
    >>> data = Dataset.from_frame(people, target=None, sensitive=["sex"])
    >>> (stale,) = planted(data, rates={"stale": 1.0}, times={})
    >>> stale.filed["late_payments"].tolist()
    [2.0, 8.0]
    """
    more = _times(dataset, times)
    known = {kind: _columns(kind, dataset.X.columns, streams) for kind in rates}
    seen = any(known.values()) or not any(rates.values())
    remedy = f"give an agency that reads some of {', '.join(_streams(rates, streams))}"
    InputError.unless(seen, "due process", "the rater reads no record that may be wrong", remedy)
    for kind, columns in known.items():
        chance = rates[kind] * more
        highest = float(chance.max(initial=0.0))
        problem, remedy = f"is a chance of {highest:g}", "lower the rate, or how often in a group"
        InputError.unless(highest <= 1, f"due process, {kind}", problem, remedy)
        generator = Streams(seed).generator(f"due_process.{kind}")
        hit = generator.random(len(dataset)) < chance
        # Somebody else, whoever it is.
        others = np.arange(len(dataset)) + generator.integers(1, max(len(dataset), 2), len(dataset))
        if not columns:
            continue
        rows = np.flatnonzero(hit)
        without = dataset.X.iloc[rows][columns]
        filed = _filed(kind, columns, dataset.X, rows, others[rows] % len(dataset))
        there = np.flatnonzero(
            Entries(kind=kind, rows=rows, filed=filed, without=without).wrong.any(axis=1)
        )
        yield Entries(
            kind=kind, rows=rows[there], filed=filed.iloc[there], without=without.iloc[there]
        )


def right_orders(dataset: Dataset) -> Entries | None:
    """Return court orders that are right, held against records without them; None if unseen."""
    if _ORDERS not in dataset.X.columns:
        return None
    filed = dataset.X[[_ORDERS]]
    rows = np.flatnonzero(filed[_ORDERS].to_numpy(dtype=np.float64, na_value=np.nan) > 0)
    return Entries(
        kind=RIGHT_ORDERS, rows=rows, filed=filed.iloc[rows], without=0 * filed.iloc[rows]
    )


def _filed(
    kind: str, columns: list[str], X: pd.DataFrame, rows: Rows, others: Rows
) -> pd.DataFrame:
    if "changes" not in KINDS[kind]:
        return X.iloc[others][columns].set_axis(X.index[rows])
    filed = X.iloc[rows][columns].copy()
    for change in (ColumnChange(**each) for each in KINDS[kind]["changes"]):
        if change.column in columns:
            filed[change.column] = change.apply(filed[change.column])
    return filed


def _streams(rates: Mapping[str, float], streams: tuple[str, ...]) -> list[str]:
    held = dict.fromkeys(name for kind in rates for name in KINDS[kind]["streams"])
    return [name for name in held if not streams or name in streams] or list(held)


def unread(kinds: Iterable[str], columns: Iterable[str]) -> tuple[str, ...]:
    """Return what kinds of errors are called that no record which a rater reads could hold.

    Examples
    --------
    >>> unread(["stale", "orders"], ["late_payments"])
    ('wrong court orders',)
    """
    read = list(columns)
    return tuple(KINDS[kind]["name"] for kind in kinds if not _columns(kind, read, ()))


def _columns(kind: str, read: Iterable[str], streams: tuple[str, ...]) -> list[str]:
    """Return columns of the rater's that entries of a kind may move."""
    for name in streams:
        need_known(InputError, "due process, streams", name, STREAMS)
    allowed = set(KINDS[kind]["streams"]) & set(streams or STREAMS)
    changed = {each["column"] for each in KINDS[kind].get("changes", ())}
    return [
        str(name)
        for name in read
        if name in COLUMNS and COLUMNS[name].stream in allowed and (not changed or name in changed)
    ]


def _times(dataset: Dataset, times: Mapping[str, Mapping[str, float]]) -> Array:
    made = np.ones(len(dataset))
    for feature, groups in times.items():
        need_known(InputError, "due process, times", feature, dataset.sensitive.columns)
        values = dataset.groups(feature)
        for group, factor in groups.items():
            place = f"due process, times, {feature}"
            need_known(InputError, place, group, list(map(str, values.cat.categories)))
            who = (values.astype(str) == group).to_numpy()
            InputError.unless(who.any(), f"{place}, {group}", "has nobody", "leave it out")
            InputError.unless(factor >= 0, f"{place}, {group}", f"is {factor:g}", "give at least 0")
            made[who] *= factor
    return made


def _differ(one: pd.Series, other: pd.Series) -> Mask:
    if isinstance(one.dtype, pd.CategoricalDtype):
        return np.asarray(one.cat.codes.to_numpy() != other.cat.codes.to_numpy())
    left, right = (each.to_numpy(dtype=np.float64, na_value=np.nan) for each in (one, other))
    return np.asarray((left != right) & ~(np.isnan(left) & np.isnan(right)))
