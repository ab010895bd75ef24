"""Tallies of people who lie in several tables, files or Dask partitions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import TableError, refuse_unknown
from credit_ml.core.files import refuse_absent
from credit_ml.fairness.tally.tally import CLUSTERS, Tally

#: Rows of a parquet file that are in memory at once.
ROWS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column of a table holds what a tally counts."""

    decision: str
    sensitive: tuple[str, ...]
    outcome: str | None = None
    score: str | None = None
    cluster: str | None = None
    weight: str | None = None

    @property
    def names(self) -> list[str]:
        """All columns that are read."""
        others = (self.decision, self.outcome, self.score, self.cluster, self.weight)
        return [*self.sensitive, *(name for name in others if name is not None)]

    def tally(self, frame: pd.DataFrame) -> Tally:
        """Tally one table.

        Raises
        ------
        TableError
            When a column is absent or cannot be counted.
        """
        for name in self.names:
            if name not in frame.columns:
                refuse_unknown(TableError, "parts, column", name, map(str, frame.columns))
        groups = pd.DataFrame({name: _categories(frame[name]) for name in self.sensitive})
        given = {"y": self.outcome, "scores": self.score, "clusters": self.cluster}
        told = {
            key: None if name is None else frame[name].to_numpy()
            for key, name in (given | {"weights": self.weight}).items()
        }
        return Tally.of(frame[self.decision].to_numpy(), groups, **told)


def tally_parts(
    parts: Any,
    *,
    decision: str,
    sensitive: Sequence[str],
    outcome: str | None = None,
    score: str | None = None,
    cluster: str | None = None,
    weight: str | None = None,
    workers: int = 1,
) -> Tally:
    """Tally people who are in parts: tables, parquet files, or partitions of a Dask data frame.

    The sum of the parts' tallies is the tally of everybody, whatever the cut, so that
    `audit_tally` of it is the audit of the whole. Nothing but the tallies is kept: a table of
    any size is read once, `ROWS` rows of a file at a time. Groups come in alphabetical order,
    but categorical columns of tables and of Dask keep their own.

    Cost: one pass over the columns named.

    Parameters
    ----------
    parts : dask.dataframe.DataFrame, path, or iterable of DataFrame and path
        A path is that of a parquet file, or of a folder of them. Partitions of Dask are tallied
        where they lie, by its scheduler.
    decision : str
        Column of decisions: True or 1 is good for the person.
    sensitive : sequence of str
        Columns of text or categories.
    outcome, score, cluster, weight : str, optional
        Columns as in `Tally.of`: 0 or 1, a number, the label of a district, a number of people.
    workers : int
        Threads that read parts; Dask uses its own.

    Raises
    ------
    TableError
        When there is no part, a column is absent or cannot be counted (see `Tally.of`).

    Examples
    --------
    >>> first = pd.DataFrame({"sex": ["f", "m"], "passed": [1, 0]})
    >>> second = pd.DataFrame({"sex": ["m", "m"], "passed": [1, 1]})
    >>> tally_parts([first, second], decision="passed", sensitive=["sex"]).counts.tolist()
    [[[0, 1]], [[1, 2]]]
    """
    others = {"outcome": outcome, "score": score, "cluster": cluster, "weight": weight}
    columns = Columns(decision=decision, sensitive=tuple(sensitive), **others)
    pieces = list(_pieces(parts)) if not hasattr(parts, "to_delayed") else None
    if pieces is None:
        tallies = _by_dask(parts, columns)
    else:
        from joblib import Parallel, delayed

        read = delayed(_read)
        tallies = Parallel(workers, prefer="threads")(read(part, columns) for part in pieces)
    TableError.unless(tallies, "parts", "are none", "give at least one table or file")
    total = reduce(add, tallies)
    return _sorted(total, {name for name in columns.sensitive if _is_text(parts, name)})


def _by_dask(frame: Any, columns: Columns) -> list[Tally]:
    dask: Any = import_module("dask")  # optional, and only partly typed
    there = [name for name in columns.names if name in frame.columns]
    tally = dask.delayed(columns.tally, pure=False)
    return list(dask.compute(*map(tally, frame[there].to_delayed())))


def _pieces(parts: Any) -> Iterator[pd.DataFrame | Path]:
    given: Iterable[Any] = [parts] if isinstance(parts, str | Path | pd.DataFrame) else parts
    for part in given:
        if isinstance(part, pd.DataFrame):
            yield part
        elif Path(part).is_dir():
            yield from sorted(Path(part).glob("*.parquet"))
        else:
            yield Path(part)


def _read(part: pd.DataFrame | Path, columns: Columns) -> Tally:
    if isinstance(part, pd.DataFrame):
        return columns.tally(part)
    from pyarrow import ArrowInvalid, parquet

    refuse_absent(part, TableError, "give a parquet file")
    try:
        file = parquet.ParquetFile(part)
    except (OSError, ArrowInvalid) as error:
        raise TableError(str(part), "cannot be read", "give a parquet file") from error
    there = [name for name in columns.names if name in file.schema_arrow.names]
    batches = file.iter_batches(batch_size=ROWS, columns=there)
    tallies = [columns.tally(batch.to_pandas()) for batch in batches]
    return reduce(add, tallies or [columns.tally(file.schema_arrow.empty_table().to_pandas())])


def _categories(column: pd.Series) -> pd.Series:
    """Text as categories; what is categorical stays, numbers with fractions are refused."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column
    if pd.api.types.is_float_dtype(column.dtype):
        place = f"sensitive feature '{column.name}'"
        raise TableError(place, "holds numbers with fractions", "cut it into bands first")
    text = column.where(column.isna(), column.astype(str))
    return text.astype("category")


def _is_text(parts: Any, name: str) -> bool:
    """Whether groups come in the order in which parts happen to name them."""
    first = parts[0] if isinstance(parts, list | tuple) and parts else parts
    dtype = getattr(first, "dtypes", {}).get(name)
    return not isinstance(dtype, pd.CategoricalDtype)


def _sorted(tally: Tally, features: set[str]) -> Tally:
    """Put the groups of some features into alphabetical order."""
    groups, orders = {}, []
    for name, known in tally.groups.items():
        order = np.arange(len(known))
        if name in features or name == CLUSTERS:
            order = np.argsort(np.array(known, dtype=object), kind="stable")
        groups[name] = tuple(known[place] for place in order)
        orders.append(order)

    def ordered(array: np.ndarray) -> np.ndarray:
        return array[np.ix_(*orders)]

    return tally.changed(groups, ordered)
