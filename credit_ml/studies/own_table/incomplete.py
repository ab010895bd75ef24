"""People of whom a value is missing that an audit cannot do without: refused, or left out."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, get_args

import pandas as pd

from credit_ml.core import TableError, need_known
from credit_ml.core.tables.changes import TableChange, changes_of, with_changes
from credit_ml.core.tables.columns import label_of, without_blanks
from credit_ml.studies.own_table.spec import TableAudit

#: What becomes of rows without an outcome, a score, a weight, a cluster, an income or a group.
Incomplete = Literal["refuse", "leave_out"]
#: Of a smaller group no share of those left out is told: it would be of single people.
FEW = 20
#: Shares of groups that differ by less are not told.
APART = 0.05


def complete(
    frame: pd.DataFrame, asked: TableAudit, features: Sequence[str], place: str
) -> pd.DataFrame:
    """Return a table without people of whom a needed value is missing; it remembers how many.

    By default it comes back as it is, and what is missing is refused where it is needed.

    Parameters
    ----------
    frame : DataFrame
    asked : TableAudit
    features : sequence of str
        Columns of what must not matter, bands among them; not needed where who says nothing is a
        group of its own.
    place : str
        What the table is called in errors.

    Raises
    ------
    TableError
        When nobody is left.

    Examples
    --------
    >>> people = pd.DataFrame({"score": [600.0, None, 720.0], "sex": ["f", "m", None]})
    >>> asked = TableAudit(score="score", sensitive="sex", incomplete="leave_out")
    >>> left = complete(people, asked, ["sex"], "table")
    >>> len(left), str(*changes_of(left))
    (1, "2 rows left out, without 'score' (1) or 'sex' (1)")
    """
    need_known(TableError, f"{place}, incomplete", asked.incomplete, get_args(Incomplete))
    if asked.incomplete == "refuse":
        return frame
    needed = [asked.target, asked.score, asked.weights, asked.cluster, asked.income]
    needed += [] if asked.missing_sensitive == "group" else features
    names = [name for name in dict.fromkeys(needed) if name in frame.columns]
    lacks = pd.DataFrame({name: without_blanks(frame[name]).isna() for name in names})
    gone = lacks.any(axis=1)
    if not gone.any():
        return frame
    left = int(gone.sum())
    said = f"row{'s' * (left > 1)} left out, without {_whose(lacks)}"
    problem = f"has nobody of whom {' and '.join(map(repr, names))} are known"
    remedy = "name other columns, or what stands for unknown in them"
    TableError.unless(left < len(frame), place, problem, remedy)
    said = "; ".join([said, *_by_group(frame, gone, features)])
    rest = frame[~gone].reset_index(drop=True)
    return with_changes(rest, [*changes_of(frame), TableChange(left, said)])


def _whose(lacks: pd.DataFrame) -> str:
    """Which columns are missing, and in how many rows each."""
    counts = {name: int(missing) for name, missing in lacks.sum().items() if missing}
    return " or ".join(f"'{name}' ({number:,})" for name, number in counts.items())


def _by_group(frame: pd.DataFrame, gone: pd.Series, features: Sequence[str]) -> Iterator[str]:
    """Yield of each feature the groups with the least and the most left out, where far apart."""
    for feature in features:
        by_group = gone.groupby(without_blanks(frame[feature]), observed=True)
        shares: Any = by_group.mean()[by_group.size() >= FEW]
        if len(shares) > 1 and shares.max() - shares.min() >= APART:
            least, most = (
                f"{100 * shares[group]:.0f} % of '{label_of(group)}'"
                for group in (shares.idxmin(), shares.idxmax())
            )
            yield f"by {feature} from {least} to {most}"
