"""Consequences by group: one tidy table, drawn as dots with intervals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypedDict

from credit_ml.core import Context, Dataset, Finding, TableError, cited, known_names
from credit_ml.core.figure import Axes
from credit_ml.core.instrument import Stage
from credit_ml.fairness import tracked_name
from credit_ml.fairness.checks import named_features
from credit_ml.grammar.phrases import ASSUMED
from credit_ml.inference import Estimate, Over, People, checked_level, comparisons_of, groups_of
from credit_ml.society import SENSITIVE, Society


class Consequences(Finding):
    """What a score or a list does to people, group by group, each with its interval.

    Own column of `table`: consequence. Differences are group less reference group, and 0 means
    alike.
    ``parameters["units"]`` holds the unit of each measure, ``parameters["lead"]`` the
    consequence and measure that `plot` draws.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"consequence": "black list", "measure": "share_listed", "estimate": 0.02}
    >>> Consequences(table=conform([row]), title="").metrics()
    {'consequences.black_list.share_listed': 0.02}
    """

    kind: ClassVar[str] = "consequences"
    labels: ClassVar[tuple[str, ...]] = ("consequence",)
    shares = (
        "share_granted",
        "share_listed",
        "share_listed_though_kept",
        "share_kept_among_listed",
    )
    amounts = ("privileges_held", "restrictions", "value_forgone")
    citations = cited("li_2018")

    def metrics(self) -> dict[str, float]:
        """Every number, with names such as ``consequences.black_list.share_listed.hukou.rural``.

        Differences have ``_difference`` after the measure; undefined numbers are left out.
        """
        found = {}
        for row in self.table.dropna(subset=["estimate"]).to_dict("records"):
            suffix = "_difference" if row["quantity"] == "difference" else ""
            place = "" if row["sensitive"] == "overall" else f".{row['sensitive']}.{row['group']}"
            name = f"consequences.{row['consequence']}.{row['measure']}{suffix}{place}"
            found[tracked_name(name)] = float(row["estimate"])
        return found

    def plot(self, axes: Axes | None = None, *, consequence: str = "", measure: str = "") -> Axes:
        """Draw one measure of one consequence for every group; the line is everybody.

        Raises
        ------
        TableError
            When there is no such consequence, or no such measure of it.
        """
        from credit_ml.fairness.figure import dots_by_group

        lead = self.parameters["lead"]
        rows = self.table[self.table["quantity"] == "value"]
        for column, asked in (("consequence", consequence), ("measure", measure)):
            known = rows[column].unique().tolist()
            named = asked or (lead[column] if lead[column] in known else known[0])
            if named not in known:
                problem = f"'{named}' is absent"
                raise TableError(f"consequences, {column}", problem, known_names(named, known))
            rows = rows[rows[column] == named]
        consequence, measure = rows["consequence"].iloc[0], rows["measure"].iloc[0]
        everybody = rows["sensitive"] == "overall"
        unit = self.parameters["units"][measure]
        # What a privilege is worth is assumed.
        unit += ASSUMED if unit.endswith("income") else ""
        return dots_by_group(
            rows[~everybody],
            axes,
            label=f"{measure.replace('_', ' ')} ({unit})\n"
            f"{100 * self.parameters['intervals']:g} % intervals",
            line=float(rows[everybody]["estimate"].iloc[0]),
            title=f"{self.title}: {consequence}",
        )


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """A kind of consequence, as a module of `credit_ml.consequences.kinds` declares it.

    Examples
    --------
    >>> from credit_ml.consequences.kinds.blacklist import CONSEQUENCE
    >>> CONSEQUENCE.stage, sorted(CONSEQUENCE.sentences)
    ('across', ['share_listed', 'share_listed_though_kept'])
    """

    stage: Stage
    """Whether it follows from every rater's scores, or from the society."""
    run: Callable[[Context], Iterable["Consequences"]]
    """What a study calls; `asked` says of whom."""
    sentences: Mapping[str, str]
    """By measure, what the page says of a group: the places are {group} and {number}."""


def asked(context: Context) -> "GroupOptions":
    """Return what a study asks of every consequence.

    Examples
    --------
    >>> asked(Context(sensitive=("hukou",)))
    {'sensitive': ['hukou'], 'reference_groups': {}, 'intervals': 0.95}
    """
    return {
        "sensitive": list(context.sensitive),
        "reference_groups": context.reference_groups,
        "intervals": context.intervals,
    }


class GroupOptions(TypedDict, total=False):
    """Whom every consequence compares, and how sure it is."""

    sensitive: str | Sequence[str] | None
    reference_groups: Mapping[str, str] | str | None
    intervals: float
    over: Over


def groups_and_districts(society: Society) -> Dataset:
    """Return a society's people as groups and districts, where no rater's view is measured."""
    return Dataset(
        X=society.records[["late_payments"]],
        y=None,
        sensitive=society.people[list(SENSITIVE)],
        factors={"history": ("late_payments",)},
        context=society.people[["district"]],
        cluster="district",
    )


class ByGroup:
    """A consequence of everybody, of each group, and of each beside its reference group.

    Parameters
    ----------
    dataset : Dataset
    sensitive : str or sequence of str, optional
        All sensitive features by default.
    reference_groups : mapping of feature to group, or one group, optional
        The most numerous by default.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        What intervals count.

    Raises
    ------
    TableError
        When a feature or group is unknown, or the table has no sensitive feature.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3], "sex": list("ffmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> each = ByGroup(data, reference_groups="f")
    >>> rows = each.rows("car", "share_granted", each.people.share, data.X["late"] < 3)
    >>> [row["estimate"] for row in rows]
    [0.75, 1.0, 0.5, -0.5]
    """

    def __init__(
        self,
        dataset: Dataset,
        *,
        sensitive: str | Sequence[str] | None = None,
        reference_groups: Mapping[str, str] | str | None = None,
        intervals: float = 0.95,
        over: Over = "auto",
    ) -> None:
        self.level = checked_level(intervals)
        self.people = People.of(dataset, over=over)
        features = named_features(sensitive, dataset)
        self._groups = list(groups_of(dataset, features))
        self._pairs = list(comparisons_of(dataset, features, reference_groups))

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked of intervals, as a finding keeps it."""
        return {"intervals": self.level, "intervals_over": self.people.counted}

    def rows(
        self, consequence: str, measure: str, estimate: Callable[..., Estimate], *values: Any
    ) -> list[dict[str, Any]]:
        """Rows of one measure: values, then differences.

        `estimate` is a method of `people`; `values` are what it takes before `who`.
        """
        labels = {"consequence": consequence, "measure": measure}
        made = [
            {"sensitive": feature, "group": group} | estimate(*values, who).facts(self.level)
            for feature, group, who in self._groups
        ]
        for pair in self._pairs:
            gap = pair.difference(estimate, *values).facts(self.level)
            made.append({"quantity": "difference"} | pair.labels | gap)
        return [labels | row for row in made]
