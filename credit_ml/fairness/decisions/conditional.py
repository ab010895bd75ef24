"""What is left of a difference between groups among people who are alike in something else."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, TableError, cited, refuse_unknown
from credit_ml.core.figure import Axes
from credit_ml.fairness.checks import aligned, binary, old_options
from credit_ml.fairness.decisions.strata import conditional_quantities
from credit_ml.fairness.finding import GroupFinding
from credit_ml.inference import (
    Comparison,
    Estimate,
    Over,
    People,
    checked_level,
    comparisons_of,
    function_of_counts,
)

#: A number with more values than this is cut into `BANDS` strata of equally many people.
MOST_STRATA, BANDS = 20, 5


class ConditionalDisparity(GroupFinding):
    """Differences of selection between groups, taken apart by strata.

    Columns of `table`: the schema's, with the quantities of
    `conditional_quantities` and the difference itself, of the measure "selection_rate", given and
    stratum ("" for all together).

    Examples
    --------
    >>> frame = pd.DataFrame({"rich": [1, 1, 1, 0, 1, 0, 0, 0], "sex": list("mmmmffff")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = conditional_disparity(frame["rich"], data, sensitive="sex", given="rich")
    >>> float(found.where(quantity="unexplained").table["estimate"].iloc[0])
    0.0
    """

    kind: ClassVar[str] = "conditional_disparity"
    labels: ClassVar[tuple[str, ...]] = ("given", "stratum")
    citations = cited("kamiran_2013", "corbett_davies_2017", "wachter_2021")
    tracked: ClassVar[tuple[str, ...]] = ("quantity", "sensitive", "group")
    tracked_under: ClassVar[str] = "conditional"

    def to_track(self) -> pd.DataFrame:
        """Every number over all strata, such as ``conditional.unexplained.hukou.rural``."""
        return self.table[self.table["stratum"] == ""]

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw every quantity over all strata as a dot with its interval, by group."""
        rows = self.to_track().dropna(subset=["estimate"]).drop(columns="people")
        rows = rows.assign(
            sensitive=rows["sensitive"] + ": " + rows["group"],
            group=rows["quantity"].str.replace("_", " "),
        )
        return self.dots(rows, axes, "share of people (0: none)")


@old_options(reference_group="reference_groups")
def conditional_disparity(
    decisions: "npt.ArrayLike",
    dataset: Dataset,
    *,
    sensitive: str,
    given: "str | npt.ArrayLike",
    reference_groups: Mapping[str, str] | str | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> ConditionalDisparity:
    """How much of a difference in selection another feature explains, and what is left.

    With r_gs the rate of group g in stratum s, and n_gs its people:

    - difference: ``r_g - r_ref``.
    - explained: ``sum_s (P(s | g) - P(s | ref)) (r_gs + r_refs) / 2`` (Kamiran and others; the
      mean rate is unweighted, so that a group treated worse in a stratum does not make its own
      treatment the norm). unexplained: the difference minus that.
    - conditional_difference: mean of ``r_gs - r_refs`` over the people of both groups; 0 when
      conditional statistical parity holds in every stratum. One more row a stratum.
    - demographic_disparity: ``P(g | refused) - P(g | selected)``, and its mean over strata
      weighted by their people (conditional demographic disparity, Wachter and others), within
      everybody, not only the two groups.

    Whether a stratum *may* explain a difference is not a question of numbers: conditioning on
    what is itself unfairly distributed explains unfairness away.

    Strata in which one of the two groups has nobody are left out of the conditional
    difference, and take the rate of the one that has people in explained.

    Cost: one pass over the people, then (groups x strata) squared.

    Parameters
    ----------
    decisions : array-like of bool or of 0 and 1, one a person
    dataset : Dataset
    sensitive : str
    given : str or array-like
        Column of the features, the context, the sensitive features or the user's own table, or
        one value a person.
        Numbers of more than 20 values are cut into five bands of equally many people.
    reference_groups : mapping of feature to group, or one group, optional
        The most numerous by default.
    intervals : float
        Level. Of differences of rates as in `audit`; of the rest from each person's contribution
        (`function_of_counts`).
    over : {"auto", "people", "clusters"}
        As in `audit`.

    Raises
    ------
    TableError
        When a column is absent, or values are missing.
    InputError
        When an option is out of range.

    Examples
    --------
    >>> frame = pd.DataFrame({"rich": [1, 1, 1, 0, 1, 0, 0, 0], "sex": list("mmmmffff")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = conditional_disparity(frame["rich"], data, sensitive="sex", given="rich").metrics()
    >>> [found[f"conditional.{part}.sex.m"] for part in ("difference", "explained")]
    [0.5, 0.5]
    """
    level = checked_level(intervals)
    chosen = binary(decisions, "decisions", dataset.X.index)
    values = dataset.groups(sensitive)
    name, strata = _strata(given, dataset)
    people = People.of(dataset, over=over)
    codes = values.cat.codes.to_numpy().astype(np.intp)
    tables, squares = _tables(codes, strata, chosen, people, len(values.cat.categories))
    rows: list[dict[str, Any]] = []
    for pair in comparisons_of(dataset, sensitive, reference_groups, needed=True):
        labels = {"measure": "selection_rate", **pair.labels, "given": name, "stratum": ""}
        everybody = {"people": int(pair.inside.sum() + pair.outside.sum())}
        gap = pair.difference(people.share, chosen)
        rows.append({**gap.facts(level), **labels, "quantity": "difference", **everybody})
        for quantity, estimate in _quantities(tables, squares, pair, values).items():
            rows.append({**estimate.facts(level), **labels, "quantity": quantity, **everybody})
        for code, stratum in enumerate(strata.cat.categories):
            inside = strata.cat.codes.to_numpy() == code
            one, two = (people.share(chosen, who & inside) for who in (pair.inside, pair.outside))
            facts = (one - two).facts(level) | {"people": int(one.people + two.people)}
            own = {"quantity": "conditional_difference", "stratum": str(stratum)}
            rows.append({**facts, **labels, **own})
    return ConditionalDisparity.of_rows(
        rows,
        f"What {name} explains of differences by {sensitive}",
        people,
        level,
        "Explained is not excused: what people are conditioned on may be unfairly "
        "distributed itself.",
        given=name,
    )


def _quantities(
    tables: np.ndarray, squares: np.ndarray | None, pair: Comparison, values: pd.Series
) -> dict[str, Estimate]:
    """Every quantity over all strata but the difference itself."""
    known = [str(group) for group in values.cat.categories]
    one, two = known.index(pair.group), known.index(pair.reference_group)

    def measured(many: np.ndarray) -> np.ndarray:
        return np.stack(list(conditional_quantities(many, one, two).values()), axis=-1)

    counts = tables.sum(axis=0).astype("float64")
    # Half people make no member where a group has nobody.
    there = counts.sum(axis=-1, keepdims=True) > 0
    clustered = len(tables) > 1
    sizes = tables[:, [one, two]].sum(axis=(2, 3)).astype("float64")
    least = sizes[:, int(np.argmin(sizes.sum(axis=0)))]
    found = function_of_counts(
        measured,
        counts,
        by_cluster=tables if clustered else None,
        sizes=least if clustered else None,
        squares=squares,
        pseudo=np.broadcast_to(0.5 * there, counts.shape),
        bounds=(-1.0, 1.0),
    )
    names = conditional_quantities(counts, one, two)
    return {name: found[place] for place, name in enumerate(names)}


def _strata(given: str | npt.ArrayLike, dataset: Dataset) -> tuple[str, pd.Series]:
    """The strata's name, and everybody's stratum as a categorical."""
    if isinstance(given, str):
        name = given
        frames: tuple[pd.DataFrame, ...] = (dataset.X, dataset.context, dataset.sensitive)
        if dataset.raw is not None:
            own = dataset.raw.columns(list(dataset.raw.frame.columns))
            frames += (own.set_axis(dataset.X.index),)
        frame = next((each for each in frames if given in each.columns), None)
        if frame is None:
            known = dict.fromkeys(str(column) for each in frames for column in each.columns)
            refuse_unknown(TableError, "given", given, known)
        column = frame[given]
    else:
        name = str(getattr(given, "name", None) or "strata")
        column = pd.Series(aligned(given, "given", dataset.X.index), index=dataset.X.index)
    if missing := int(column.isna().sum()):
        raise TableError(f"given '{name}'", f"is missing in {missing} rows", "fill those rows")
    if pd.api.types.is_numeric_dtype(column) and column.nunique() > MOST_STRATA:
        column = _banded(column, dataset.relative_weights())
    elif column.nunique() > MOST_STRATA:
        raise TableError(
            f"given '{name}'", f"has {column.nunique()} values", f"make at most {MOST_STRATA}"
        )
    return name, column.astype("category").cat.remove_unused_categories()


def _banded(column: pd.Series, weights: np.ndarray | None) -> pd.Series:
    """Bands of equally many people, or of equal weight."""
    if weights is None:
        return pd.qcut(column, BANDS, duplicates="drop", precision=3)
    shares = np.linspace(0, 1, BANDS + 1)
    values = column.to_numpy(dtype="float64")
    edges = np.quantile(values, shares, weights=weights, method="inverted_cdf")
    edges[[0, -1]] = values.min(), values.max()
    made: pd.Series = pd.cut(column, np.unique(edges).tolist(), include_lowest=True, precision=3)
    return made


def _tables(
    codes: np.ndarray, strata: pd.Series, chosen: np.ndarray, people: People, groups: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """Counts of shape (clusters, groups, strata, 2), one cluster when people are counted.

    Where people have weights sums of these, beside the sums of their squares over all clusters.
    """
    shape = (groups, len(strata.cat.categories), 2)
    cells = (codes * shape[1] + strata.cat.codes.to_numpy().astype(np.intp)) * 2 + chosen
    tables = people.sums(cells, int(np.prod(shape))).reshape(-1, *shape)
    if people.relative is None:
        return tables, None
    return tables, people.square_sums(cells, int(np.prod(shape))).reshape(shape)
