"""A finding is one thing: a tidy table with its method, its seed and its figure."""

from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from credit_ml.core.figure import styled
from credit_ml.core.reading import compared, overall_values, selected, values_by_group
from credit_ml.core.renamed import other_words
from credit_ml.core.schema import check, conform

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas.io.formats.style import Styler


#: Quantities that cannot be below zero.
_NOT_NEGATIVE = ("ratio", "largest_difference", "smallest_ratio", "four_fifths")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an instrument returns, and the only thing that tracking and reports accept.

    A subclass names its `kind` and `citations`, draws itself from `table` and `parameters`
    alone (so that a stored finding draws the same figure), and flattens itself for tracking.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> rows = [{"measure": "rate", "sensitive": "sex", "group": group, "estimate": rate}
    ...         for group, rate in (("f", 0.25), ("m", 0.5))]
    >>> finding = Finding(table=conform(rows), title="Who is selected")
    >>> finding.by_group["rate"].to_dict()
    {'f': 0.25, 'm': 0.5}
    >>> finding
    Finding(Who is selected; 2 rows in .table)
    """

    kind: ClassVar[str] = "finding"
    """Which instrument made it, as one word; the report finds its section by it."""
    citations: ClassVar[tuple[str, ...]] = ()
    """Where the method was published."""
    conforms: ClassVar[bool] = True
    """Whether the table is in the schema (`credit_ml.core.schema`), which is then checked. A class
    whose table is no list of facts says False; a bare `Finding` holds any table."""
    labels: ClassVar[tuple[str, ...]] = ()
    """Columns of the instrument's own that say of what a fact is, such as a regime or a factor."""
    tracked: ClassVar[tuple[str, ...]] = ()
    """Columns that name each number for an experiment tracker, after the kind."""
    unsaid: ClassVar[tuple[str, ...]] = ("",)
    """What a name leaves out of those columns."""
    tracked_as: ClassVar[str] = ""
    """Name of each number, where it is another: ``"proxies.{method}.{group}"``."""
    shares: ClassVar[tuple[str, ...]] = ()
    """Measures whose values lie from 0 to 1, and so do the ends of their intervals."""
    amounts: ClassVar[tuple[str, ...]] = ()
    """Measures whose values cannot be below 0."""
    called: ClassVar[Mapping[str, str]] = {}
    """What measures are called in a plain table, where it is not their own name."""
    shown_in: ClassVar[Mapping[str, str]] = {}
    """The units that they are shown in there, where rows have none or another."""
    absent: ClassVar[str] = ""
    """Why cells of that table hold no number, where some do."""
    unranged: ClassVar[str] = ""
    """Why some of its numbers have no interval, where their rows do not say so."""
    pictured: ClassVar[bool] = True
    """Whether a notebook shows the figure: ``Finding.pictured = False`` leaves all out."""
    inverse: ClassVar[tuple[str, ...]] = ()
    """Measures that say how many times as much, of which the inverse is the less skewed: intervals
    over societies are made of that."""
    draws_over: ClassVar[bool] = True
    """Whether the intervals of the figure are those that the column `over` speaks of, so that a
    caption may say what they count."""
    tracked_rows: ClassVar[Mapping[str, Any]] = {}
    """Which rows are tracked, as `where` takes them; all of them by default."""
    answers_with: ClassVar[Mapping[str, Any]] = {}
    """Which rows the answer of a page quotes, so that it may say what their intervals count; all of
    them by default."""

    table: pd.DataFrame
    """One row a fact. Facts with an interval have the columns estimate, low and high."""
    title: str
    """What the table shows, as a heading."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What the instrument was asked, in values that JSON can hold."""
    seed: int | None = None
    """The seed its randomness came from; None when nothing in it is random."""
    notes: tuple[str, ...] = ()
    """What a reader must know before believing it: estimand, assumptions, failures."""

    def __init_subclass__(cls) -> None:
        # Before the class becomes a dataclass, which would show every row of its table.
        cls.__repr__ = vars(cls).get("__repr__", Finding.__repr__)  # type: ignore[method-assign]
        if "plot" in vars(cls):  # whatever a notebook's own settings are
            cls.plot = styled(vars(cls)["plot"])  # type: ignore[assignment, method-assign]

    def __repr__(self) -> str:
        rows = f"{len(self.table):,} row{'s' * (len(self.table) != 1)}"
        return f"{type(self).__name__}({self.title or self.kind}; {rows} in .table)"

    def __post_init__(self) -> None:
        if self.conforms and type(self) is not Finding:
            check(self.table, self.kind)
        self._settle()

    def _settle(self) -> None:
        """Note what follows from the parameters alone, where a class has such a thing."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Say what stands here in the place of an attribute of fairlearn's MetricFrame."""
            here = other_words("attributes").get(name)
            told = f", a word of another library; here: {here}" if here else ""
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{told}")

    @property
    def by_group(self) -> pd.DataFrame:
        """Values by group: a level of the index a feature, a column a measure.

        The finest grouping there is: of an audit with intersections, that of all its features.
        `by` chooses another.
        """
        return self.by()

    @property
    def overall(self) -> pd.Series:
        """Values of everybody, by measure."""
        return overall_values(self.table, self.labels, "estimate")

    def by(
        self, sensitive: str | Sequence[str] | None = None, *, column: str = "estimate"
    ) -> pd.DataFrame:
        """Values by group of one feature, or of an intersection (``["hukou", "gender"]``).

        Parameters
        ----------
        sensitive : str or sequence of str, optional
            The finest grouping by default. Features in any order, that of the index's levels.
        column : str
            Such as "low" and "high", the ends of the intervals.

        Examples
        --------
        >>> from credit_ml.core.schema import conform
        >>> rows = [{"measure": "selection_rate", "sensitive": "sex", "group": group,
        ...          "estimate": rate} for group, rate in (("f", 0.4), ("m", 0.5))]
        >>> finding = Finding(table=conform(rows), title="Who is selected")
        >>> finding.by("sex").loc["f", "selection_rate"]
        np.float64(0.4)
        """
        return values_by_group(self.table, sensitive, self.labels, column)

    def difference(
        self,
        method: str = "between_groups",
        *,
        sensitive: str | Sequence[str] | None = None,
        control: str | None = None,
    ) -> Any:
        """Differences of groups, 0 when alike.

        Parameters
        ----------
        method : {"between_groups", "to_overall", "to_reference"}
            Largest less smallest and farthest from everybody give one number a measure; to the
            reference group there is one for each group and measure, whose intervals stand in
            `table`.
        sensitive : str or sequence of str, optional
            The finest grouping by default.
        control : str, optional
            A feature of that grouping within each of whose groups the others are compared, as
            fairlearn's control features are: one row a group of it.

        Examples
        --------
        >>> from credit_ml.core.schema import conform
        >>> rows = [{"measure": "selection_rate", "sensitive": "sex", "group": group,
        ...          "estimate": rate} for group, rate in (("f", 0.25), ("m", 0.5))]
        >>> Finding(table=conform(rows), title="Who is selected").difference()["selection_rate"]
        np.float64(0.25)
        """
        return compared(self.table, "difference", method, sensitive, self.labels, control)

    def ratio(
        self,
        method: str = "between_groups",
        *,
        sensitive: str | Sequence[str] | None = None,
        control: str | None = None,
    ) -> Any:
        """Ratios of groups, 1 when alike: `difference` with smallest by largest."""
        return compared(self.table, "ratio", method, sensitive, self.labels, control)

    def told_as(self, **changes: Any) -> Self:
        """The same with other words or rounded numbers, for a page: it is not checked again.

        Examples
        --------
        >>> Finding(table=pd.DataFrame({"estimate": [0.25]}), title="One").told_as(title="Two")
        Finding(Two; 1 row in .table)
        """
        made = copy(self)
        vars(made).update(changes)
        made._settle()
        return made

    def where(self, **columns: Any) -> Self:
        """The same finding of fewer rows: ``where(regime="nothing", measure=["auc", "brier"])``."""
        return replace(self, table=selected(self.table, columns))

    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the finding on `axes`, or on a new figure, and return the axes."""
        raise TypeError(f"{type(self).__name__} has no figure")

    def metrics(self) -> dict[str, float]:
        """Flat dotted names and numbers for an experiment tracker, as `tracked` says."""
        if not (self.tracked or self.tracked_as):
            return {}
        table = selected(self.table, dict(self.tracked_rows))
        if self.tracked:
            table = table.dropna(subset=["estimate"])
        return {self._name_of(row): float(row["estimate"]) for row in table.to_dict("records")}

    def _name_of(self, row: Mapping[Hashable, Any]) -> str:
        if self.tracked_as:
            return self.tracked_as.format(**{str(k): str(v).strip("()") for k, v in row.items()})
        said = (str(row[name]) for name in self.tracked if row[name] not in self.unsaid)
        return ".".join([self.kind, *said])

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest value that each row's estimate can have."""
        least, most = np.full(len(self.table), -np.inf), np.full(len(self.table), np.inf)
        if "quantity" in self.table.columns:
            least[self.table["quantity"].isin(_NOT_NEGATIVE)] = 0.0
            value = (self.table["quantity"] == "value").to_numpy()
            share = value & self.table["measure"].isin(self.shares).to_numpy()
            least[share | (value & self.table["measure"].isin(self.amounts).to_numpy())] = 0.0
            most[share] = 1.0
        return least, most

    def bounded(self) -> Self:
        """The same with intervals that end where the numbers themselves must (`possible`).

        Examples
        --------
        >>> from credit_ml.core import conform
        >>> class Listed(Finding):
        ...     shares = ("share_listed",)
        >>> row = {"measure": "share_listed", "estimate": 0.01, "low": -0.01, "high": 0.03}
        >>> Listed(table=conform([row]), title="").bounded().table["low"].item()
        0.0
        """
        if not {"low", "high"} <= {*self.table.columns}:
            return self
        least, most = self.possible()
        given = {
            name: self.table[name].to_numpy(dtype="float64", na_value=np.nan)
            for name in ("low", "high")
        }
        ends = {name: np.clip(end, least, most) for name, end in given.items()}
        if all(np.array_equal(ends[name], given[name], equal_nan=True) for name in ends):
            return self
        return replace(self, table=self.table.assign(**ends))

    def to_dict(self) -> dict[str, Any]:
        """Return everything in plain values that JSON can hold; NaN becomes None."""
        return {
            "kind": self.kind,
            "title": self.title,
            "parameters": dict(self.parameters),
            "seed": self.seed,
            "notes": list(self.notes),
            "columns": [str(column) for column in self.table.columns],
            "rows": [list(map(_plain, row)) for row in self.table.itertuples(index=False)],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild a finding that `to_dict` wrote."""
        given = {name: stored[name] for name in ("title", "parameters", "seed")}
        table = pd.DataFrame(stored["rows"], columns=stored["columns"])
        for column in table.columns:
            always = column in ("estimate", "low", "high") or column.startswith(("low_", "high_"))
            # Without a number in some row, pandas takes a column of counts for one of objects.
            if always or (column in ("people", "clusters") and table[column].dtype == object):
                table[column] = table[column].astype("float64")
        if "clusters" in table.columns and "over" not in table.columns:  # stored before 0.2
            table = conform(table)
        return cls(table=table, notes=tuple(stored["notes"]), **given)

    @property
    def style(self) -> "Styler":
        """The table as a pandas Styler: captioned, numbers to four digits, text escaped."""
        return self._styled("html").set_caption(escape(self.title))

    def to_latex(self, **options: Any) -> str:
        r"""Return the table in LaTeX with the rules of booktabs.

        Parameters
        ----------
        **options
            Of `pandas.io.formats.style.Styler.to_latex`, such as ``caption`` and ``label``.

        Examples
        --------
        >>> print(Finding(table=pd.DataFrame({"low_people": [0.25]}), title="One").to_latex())
        \begin{tabular}{r}
        \toprule
        low\_people \\
        \midrule
        0.25 \\
        \bottomrule
        \end{tabular}
        <BLANKLINE>
        """
        return str(self._styled("latex").to_latex(**{"hrules": True, **options}))

    def _styled(self, escaped: str) -> "Styler":
        numbers = self.table.select_dtypes("float").columns
        words = self.table.columns.difference(numbers, sort=False)
        styled = self.table.style.hide(axis="index").format_index(escape=escaped, axis=1)
        styled = styled.format(na_rep="", escape=escaped, subset=words)
        return styled.format("{:.4g}", na_rep="", subset=numbers)

    def _repr_html_(self) -> str:
        # The page's words lie above the core, and are found by name, as instruments are.
        return str(import_module("credit_ml.reports.notebook").shown(self))


def aside(table: pd.DataFrame) -> tuple[str, str] | None:
    """Columns of the intervals of one table, where low and high count more than it holds.

    Examples
    --------
    >>> aside(pd.DataFrame(columns=["estimate", "low", "high", "low_people", "high_people"]))
    ('low_people', 'high_people')
    """
    for over in ("clusters", "people"):
        if f"low_{over}" in table.columns:
            return f"low_{over}", f"high_{over}"
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value
