"""What an audit check is given, and what it says of one place."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from credit_ml.core import Context, Dataset, Finding, RaterResults
from credit_ml.core.schema import CROSS, EVERYBODY
from credit_ml.grammar.numbers import NARROW

#: What a check yields: `Diagnostic`'s own fields, and whatever else its line puts in.
Place = dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class AuditCase:
    """One rater, the people whom it rated, and what was found: all that audit checks read.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": [0, 3] * 40, "sex": ["f", "m"] * 40, "paid": [1, 0] * 40})
    >>> AuditCase(dataset=Dataset.from_frame(frame, target="paid", sensitive="sex")).did
    'had the favourable outcome'
    """

    dataset: Dataset
    """As the rater sees it."""
    rater: str = ""
    """Its name."""
    columns: str = ""
    """What raters share who see the same columns, such as the agency; empty of a table."""
    findings: Sequence[Finding] = ()
    """Of this rater."""
    model: Any = None
    """The user's own, fitted before; None where scores are out of fold or given."""
    points: pd.Series | None = None
    """Its scores, high when good."""
    chance: np.ndarray | None = None
    """The same as probabilities of the favourable outcome; None where they are none."""
    threshold: float = math.nan
    """From which score on people are favoured."""
    named_threshold: bool = True
    """Whether somebody named it, before the scores were seen."""
    beside: pd.DataFrame | None = None
    """Columns of the user's table that are nothing in this audit."""
    learned: np.ndarray | None = None
    """Of a simulated society: from whom the rater could learn, shape (people,)."""
    world: Any = None
    """`credit_ml.society.World` of a simulated society."""
    followed: str = ""
    """The sensitive feature of the headline."""
    assumed_value: float | None = None
    """What a favourable decision is worth where nobody said it, and something was made of it."""
    seed: int = 0
    sample: str = ""
    """Of whom these people were drawn, where findings are of more; empty where they are all."""

    @classmethod
    def of(cls, context: Context, results: RaterResults, **known: Any) -> Self:
        """Return what an instrument's context and a rater's findings say, and what else is known.

        Examples
        --------
        >>> frame = pd.DataFrame({"late": [0, 3], "sex": ["f", "m"]})
        >>> data = Dataset.from_frame(frame, target=None, sensitive="sex")
        >>> context = Context(dataset=data, points=data.X["late"], sensitive=("sex",))
        >>> AuditCase.of(context, RaterResults(id="a", name="A", scorer_kind="given")).followed
        'sex'
        """
        return cls(
            dataset=context.dataset,
            rater=results.name,
            findings=results.findings,
            points=pd.Series(context.points),
            threshold=context.threshold,
            followed=context.followed.sensitive,
            seed=context.seed,
            **known,
        )

    def of_kind(self, kind: str) -> Iterator[Finding]:
        """Yield this rater's findings of a kind."""
        return (each for each in self.findings if each.kind == kind)

    def rows(self, kind: str, **where: str) -> pd.DataFrame:
        """Return rows of the first finding of a kind: of everybody and of single features.

        Examples
        --------
        >>> data = Dataset.from_frame(pd.DataFrame({"x": [1], "g": ["a"]}), target=None,
        ...                           sensitive="g")
        >>> len(AuditCase(dataset=data).rows("audit", measure="selection_rate"))
        0
        """
        for each in self.of_kind(kind):
            table = each.table
            for name, value in where.items():
                table = table[table[name] == value]
            return table[~table["sensitive"].str.contains(CROSS, regex=False)]
        return pd.DataFrame(columns=["sensitive", "group", "estimate", "low", "high", "people"])

    def by_feature(self, kind: str, **where: str) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield the same of each single feature."""
        table = self.rows(kind, **where)
        table = table[table["sensitive"] != EVERYBODY]
        for sensitive, rows in table.groupby("sensitive", sort=False):
            yield str(sensitive), rows

    @property
    def did(self) -> str:
        """What those with a favourable outcome did, as a verb phrase."""
        return "kept the obligation" if self.world is not None else "had the favourable outcome"


def named(groups: Mapping[str, int], most: int = 4) -> str:
    """Name groups and their sizes, the smallest first, some of them.

    Examples
    --------
    >>> named({"a": 3, "b": 1}), named(dict.fromkeys("abcdef", 2))
    ('b (1), a (3)', 'a (2), b (2), c (2), d (2) and 2 more')
    """
    ordered = sorted(groups.items(), key=lambda each: each[1])
    more = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    return ", ".join(f"{name} ({count:,})" for name, count in ordered[:most]) + more


def whole_percent(share: float) -> str:
    """Show a share as a percentage without decimals, or as under or over the last one.

    Examples
    --------
    >>> [whole_percent(each).replace("\u202f", " ") for each in (0.123, 0.001, 0.9999)]
    ['12 %', 'under 1 %', 'over 99 %']
    """
    before, shown = "", share
    if 0 < share < 0.01:
        before, shown = "under ", 0.01
    elif 0.99 < share < 1:
        before, shown = "over ", 0.99
    return f"{before}{100 * shown:.0f}{NARROW}%"
