"""What is left of a difference between groups among people who are alike in something else."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, Finding, InputError, Streams, TableError, known_names
from credit_ml.core.clusters import cluster_freedom
from credit_ml.fairness.bootstrap import PSEUDO_PEOPLE, replicate_tables
from credit_ml.fairness.checks import Over, aligned, binary, over_clusters
from credit_ml.fairness.clustered import cluster_weights
from credit_ml.fairness.conditional_parts import conditional_quantities
from credit_ml.fairness.finding import tracked_name
from credit_ml.fairness.intervals import checked_level, percentile, student_factor
from credit_ml.fairness.tally import MOST_CLUSTERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A number with more values than this is cut into `BANDS` strata of equally many people.
MOST_STRATA, BANDS = 20, 5

#: What each quantity is; 0 means that there is none of it.
QUANTITIES: dict[str, str] = {
    "difference": "selection rate, group minus reference group",
    "explained": "part of the difference that the strata's own rates make",
    "unexplained": "the rest: difference minus explained",
    "conditional_difference": "mean over strata of the difference within them",
    "demographic_disparity": "group's share of the refused minus its share of the selected",
    "conditional_demographic_disparity": "mean over strata of that disparity within them",
}


@dataclass(frozen=True, kw_only=True)
class ConditionalDisparity(Finding):
    """Differences of selection between groups, taken apart by strata.

    Columns of `table`: quantity (`QUANTITIES`), sensitive, group, reference_group, given,
    stratum ("" for all together), estimate, low, high, people.
    """

    kind: ClassVar[str] = "conditional_disparity"
    citations: ClassVar[tuple[str, ...]] = (
        "Kamiran, F., Zliobaite, I. and Calders, T. (2013). Quantifying explainable "
        "discrimination and removing illegal discrimination in automated decision making. "
        "Knowledge and Information Systems, 35(3), 613-644.",
        "Corbett-Davies, S., Pierson, E., Feller, A., Goel, S. and Huq, A. (2017). Algorithmic "
        "decision making and the cost of fairness. KDD, 797-806.",
        "Wachter, S., Mittelstadt, B. and Russell, C. (2021). Why fairness cannot be automated. "
        "Computer Law & Security Review, 41, 105567.",
    )

    def metrics(self) -> dict[str, float]:
        """Every number over all strata, such as ``conditional.unexplained.hukou.rural``."""
        rows = self.table[self.table["stratum"] == ""].dropna(subset=["estimate"])
        return {
            tracked_name(f"conditional.{row['quantity']}.{row['sensitive']}.{row['group']}"): float(
                row["estimate"]
            )
            for row in rows.to_dict("records")
        }

    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw every quantity over all strata as a dot with its interval, by group."""
        from credit_ml.fairness.figure import dots_by_group

        rows = self.table[self.table["stratum"] == ""].dropna(subset=["estimate"])
        rows = rows.assign(
            sensitive=rows["sensitive"] + ": " + rows["group"],
            group=rows["quantity"].str.replace("_", " "),
        )
        level = 100 * self.parameters["intervals"]
        return dots_by_group(
            rows.drop(columns="people"), axes, line=None, title=self.title,
            label=f"share of people (0: none)\n{level:g} % intervals",
        )  # fmt: skip


def conditional_disparity(
    decisions: npt.ArrayLike,
    dataset: Dataset,
    *,
    sensitive: str,
    given: str | npt.ArrayLike,
    reference_group: str | None = None,
    intervals: float = 0.95,
    intervals_over: Over = "auto",
    replicates: int = 1000,
    seed: int = 0,
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

    Cost: one pass over the people, then groups x strata x replicates.

    Parameters
    ----------
    decisions : array-like of bool or of 0 and 1, one a person
    dataset : Dataset
    sensitive : str
    given : str or array-like
        Column of the features, the context or the sensitive features, or one value a person.
        Numbers of more than 20 values are cut into five bands of equally many people.
    reference_group : str, optional
        The most numerous by default.
    intervals : float
        Level. Limits are percentiles of replicated tables (`replicate_tables`), over clusters
        stretched by Student's quantile.
    intervals_over : {"auto", "people", "clusters"}
        As in `audit`.
    replicates : int
        At least 100.
    seed : int

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
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 100:
        raise InputError("replicates", f"is {replicates!r}", "give at least 100")
    chosen = binary(decisions, "decisions", dataset.X.index)
    values = dataset.groups(sensitive)
    name, strata = _strata(given, dataset)
    clusters, reason = over_clusters(dataset, intervals_over)
    if clusters is not None:
        clusters = clusters % MOST_CLUSTERS
    people = values.value_counts(sort=False)
    groups = [str(group) for group, count in people.items() if count]
    reference = reference_group or str(people.idxmax())
    if reference not in groups:
        raise TableError(
            f"reference_group of '{sensitive}'", f"'{reference}' has nobody",
            known_names(reference, groups),
        )  # fmt: skip
    codes = values.astype(str).map({group: place for place, group in enumerate(groups)}).to_numpy()
    by_cluster = _tables(codes, strata, chosen, clusters, len(groups))
    counts = by_cluster.sum(axis=0)
    streams = Streams(seed)
    draws, factor = _draws(by_cluster, replicates, level, streams)
    # Half people make no member where a group has nobody.
    there = counts.sum(axis=-1, keepdims=True) > 0
    draws, smooth = draws * there, (counts + PSEUDO_PEOPLE / 2) * there
    rows = []
    base = groups.index(reference)
    for place, group in enumerate(groups):
        if place == base:
            continue
        found, moved = (
            conditional_quantities(counts, place, base),
            conditional_quantities(draws, place, base),
        )
        middle = conditional_quantities(smooth, place, base)
        for key, estimate in found.items():
            stretched = estimate + factor * (moved[key] - middle[key])
            low, high = percentile(estimate, stretched, level=level)
            quantity, stratum = key
            number = counts[[place, base], stratum if stratum >= 0 else slice(None)].sum()
            rows.append({
                "quantity": quantity, "sensitive": sensitive, "group": group,
                "reference_group": reference, "given": name,
                "stratum": "" if stratum < 0 else str(strata.cat.categories[stratum]),
                "estimate": float(estimate), "low": float(low), "high": float(high),
                "people": int(number),
            })  # fmt: skip
    return ConditionalDisparity(
        table=pd.DataFrame(rows),
        title=f"What {name} explains of differences by {sensitive}",
        parameters={"given": name, "intervals": level, "replicates": replicates,
                    "intervals_over": "people" if clusters is None else "clusters"},
        seed=streams.seed,
        notes=("Explained is not excused: what people are conditioned on may be unfairly "
               "distributed itself.", reason),
    )  # fmt: skip


def _strata(given: str | npt.ArrayLike, dataset: Dataset) -> tuple[str, pd.Series]:
    """The strata's name, and everybody's stratum as a categorical."""
    if isinstance(given, str):
        name = given
        frames = (dataset.X, dataset.context, dataset.sensitive)
        frame = next((each for each in frames if given in each.columns), None)
        if frame is None:
            known = [str(column) for each in frames for column in each.columns]
            raise TableError("given", f"'{given}' is absent", known_names(given, known))
        column = frame[given]
    else:
        name = str(getattr(given, "name", None) or "strata")
        column = pd.Series(aligned(given, "given", dataset.X.index), index=dataset.X.index)
    if missing := int(column.isna().sum()):
        raise TableError(f"given '{name}'", f"is missing in {missing} rows", "fill those rows")
    if pd.api.types.is_numeric_dtype(column) and column.nunique() > MOST_STRATA:
        column = pd.qcut(column, BANDS, duplicates="drop", precision=3)
    elif column.nunique() > MOST_STRATA:
        raise TableError(
            f"given '{name}'", f"has {column.nunique()} values", f"make at most {MOST_STRATA}"
        )
    return name, column.astype("category").cat.remove_unused_categories()


def _tables(
    codes: np.ndarray,
    strata: pd.Series,
    chosen: np.ndarray,
    clusters: np.ndarray | None,
    groups: int,
) -> np.ndarray:
    """Counts of shape (clusters, groups, strata, 2); one cluster when people are counted."""
    shape = (groups, len(strata.cat.categories), 2)
    cells = (codes * shape[1] + strata.cat.codes.to_numpy().astype(np.intp)) * 2 + chosen
    size = int(np.prod(shape))
    if clusters is None:
        return np.bincount(cells, minlength=size).reshape(1, *shape)
    number = int(clusters.max()) + 1
    return np.bincount(clusters * size + cells, minlength=number * size).reshape(number, *shape)


def _draws(
    by_cluster: np.ndarray, draws: int, level: float, streams: Streams
) -> tuple[np.ndarray, float]:
    """Tables as if other people or clusters were met, and what their deviations lack."""
    generator = streams.generator("fairness.conditional")
    if len(by_cluster) == 1:
        counts = by_cluster[0]
        flat = replicate_tables(
            counts.reshape(-1, 1, 2), draws=draws, generator=generator
        )  # fmt: skip
        return flat.reshape(draws, *counts.shape), 1.0
    weights = cluster_weights(len(by_cluster), draws=draws, generator=generator)
    moved = weights @ by_cluster.reshape(len(by_cluster), -1)
    moved = moved + generator.standard_gamma(PSEUDO_PEOPLE / 2, size=moved.shape)
    sizes = by_cluster.sum(axis=(2, 3)).astype("float64")
    number = int((sizes.sum(axis=1) > 0).sum())
    student = float(student_factor(cluster_freedom(sizes).min(), level=level))
    return moved.reshape(draws, *by_cluster.shape[1:]), student * np.sqrt(number / (number - 1))
