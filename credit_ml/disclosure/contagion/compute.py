"""What bystanders gain and lose when others cut, seek and report friends for their score's sake."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.sparse import csr_array

from credit_ml.agencies import Rater
from credit_ml.core import Finding, MenuError
from credit_ml.core.clusters import clustered_variance, enough_clusters
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.disclose import act
from credit_ml.disclosure.measures import normal_quantile
from credit_ml.disclosure.outcome import Responded
from credit_ml.disclosure.regimes import Regime, checked_regimes
from credit_ml.disclosure.rows import groups
from credit_ml.response.after_response import moves_ties
from credit_ml.response.bounds import Bounds
from credit_ml.response.menu import Menu
from credit_ml.society import Society
from credit_ml.society.description.segregation import homophily

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

UNITS = {
    "ties_cut": "ties a person",
    "ties_added": "ties a person",
    "bystanders": "share of people",
    "touched": "share of bystanders",
    "points": "points",
    "lost": "share of bystanders",
    "won": "share of bystanders",
    "homophily": "Coleman's index, -1 to 1",
    "score_assortativity": "correlation over ties",
}


@dataclass(frozen=True, kw_only=True)
class Contagion(Finding):
    """What happens to those who did nothing, and to who is friends with whom.

    Columns of `table`: measure, when, sensitive, group, estimate, low, high, unit. Bystanders took
    no action. "touched": something on their record moved; "points": what they gained by others;
    "lost" and "won": the first privilege. "homophily" of each group and "score_assortativity" are
    told "before" and "after"; a score that sorts friends raises the second.
    """

    kind: ClassVar[str] = "contagion"
    citations: ClassVar[tuple[str, ...]] = (
        "Wei, Y., Yildirim, P., Van den Bulte, C. and Dellarocas, C. (2016). Credit scoring with "
        "social network data. Marketing Science 35, 234-258.",
        "Coleman, J. S. (1958). Relational analysis. Human Organization 17, 28-36.",
        "Newman, M. E. J. (2003). Mixing patterns in networks. Physical Review E 67, 026126.",
    )

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw what bystanders of each group gain or lose, with intervals."""
        rows = self.table[self.table["measure"] == "points"].reset_index(drop=True)
        axes = axes_or_new(axes, height=1.0 + 0.3 * len(rows))
        place = -np.arange(len(rows), dtype=float)
        error = rows[["low", "high"]].sub(rows["estimate"], axis=0).abs().to_numpy().T
        axes.errorbar(rows["estimate"], place, xerr=error, fmt="o", ms=4.5, color=PALETTE[0],
                      elinewidth=1.2)  # fmt: skip
        axes.axvline(0, color=INK, lw=0.8)
        names = ["everybody" if s == "overall" else f"{s}: {g}" for s, g in
                 zip(rows["sensitive"], rows["group"], strict=True)]  # fmt: skip
        axes.set_yticks(place, names)
        axes.set_xlabel(f"{self.parameters['unit']} gained by those who did nothing")
        axes.grid(axis="x")
        return axes

    def metrics(self) -> dict[str, float]:
        """Every measure, by time and group."""
        return {
            ".".join(filter(None, ["contagion", row["measure"], row["when"],
                                   "" if row["sensitive"] == "overall" else row["sensitive"],
                                   "" if row["group"] == "all" else row["group"]])):
                row["estimate"]
            for row in self.table.to_dict("records")
        }  # fmt: skip


def contagion(
    rater: Rater,
    society: Society,
    *,
    regime: str | Regime = "full",
    menu: Menu | None = None,
    privileges: Sequence[Any] | None = None,
    sensitive: Sequence[str] | None = None,
    margin: float = 0.0,
    bundle: int | None = 2,
    bounds: Bounds | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> Contagion:
    """Let everybody respond, ties and all, and measure what it does to those who did nothing.

    Cost: that of `disclose` for one regime, and two passes over ties a group.

    Parameters
    ----------
    rater : Rater
        Of an agency that sees friends' records.
    society : Society
    regime : str or Regime
        What people are told.
    menu, privileges, sensitive, margin, bundle, bounds, seed
        As in `disclose`.
    intervals : float
        Level; people of a district are counted together.

    Raises
    ------
    MenuError
        When no action that the rater sees anything of moves ties.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=800, seed=3).simulate()
    >>> found = contagion(load_agency("sesame").fit(society), society, sensitive=["hukou"])
    >>> found.table.query("measure == 'bystanders' and group == 'all'")["estimate"].item() > 0
    True
    """
    (told,) = checked_regimes([regime])
    quantile = normal_quantile(intervals)
    dataset = rater.agency.view(society)
    case = case_of(
        rater, dataset, menu=menu, privileges=privileges, probability=None, income=None,
        cost_factor=None, society=society, people=None, margin=margin, bundle=bundle,
        bounds=bounds or Bounds(), seed=seed,
    )  # fmt: skip
    if not moves_ties(case.setting.actions):
        raise MenuError(
            rater.name, "sees no action that moves ties",
            "give a rater that sees contacts, and social actions with ties",
        )  # fmt: skip
    found = act(case, told.belief(case.setting))
    clusters = dataset.clusters()
    every = list(groups(dataset, sensitive))
    rows = [row for labels, who in every for row in _of_group(found, who, labels, clusters,
                                                               dataset.X, quantile)]  # fmt: skip
    rows += list(_of_ties(found, society.ties, every))
    return Contagion(
        table=pd.DataFrame(rows),
        title=f"What others' ties do to bystanders: {rater.name}",
        parameters={
            "rater": rater.name,
            "unit": case.setting.score.unit,
            "regime": told.id,
            "people": len(society),
            "bundle": bundle,
            "margin": margin,
            "intervals": intervals,
            "intervals_over": "clusters" if enough_clusters(clusters) else "people",
        },
        seed=seed,
        notes=(
            "Whoever is asked to be a friend accepts one who looks no worse than the worst friend "
            "that they have; the rule is assumed.",
            "Homophily and assortativity are of this society and have no interval.",
        ),
    )


def _of_group(
    found: Responded, who: NDArray[np.bool_], labels: Mapping[str, str],
    clusters: NDArray[np.intp] | None, X: pd.DataFrame, quantile: float,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    still = (~found.acted).astype(np.float64)
    everybody = np.ones(len(still))
    if found.tied is None:
        return
    each: dict[str, tuple[Array, Array]] = {
        "ties_cut": (found.tied.cut.astype(np.float64), everybody),
        "ties_added": (found.tied.added.astype(np.float64), everybody),
        "bystanders": (still, everybody),
        "touched": (_touched(X, found.X).astype(np.float64), still),
        "points": (found.after - found.before, still),
        "lost": ((found.had & ~found.granted).astype(np.float64), still),
        "won": ((~found.had & found.granted).astype(np.float64), still),
    }
    for measure, (values, weights) in each.items():
        row = _mean(values, weights * who, clusters, quantile)
        yield {"measure": measure, "when": "", **labels, **row, "unit": UNITS[measure]}


def _touched(before: pd.DataFrame, after: pd.DataFrame) -> NDArray[np.bool_]:
    moved = np.zeros(len(before), dtype=bool)
    for name in before.columns:
        one, other = before[name], after[name]
        moved |= ((one != other) & ~(one.isna() & other.isna())).to_numpy(dtype=bool)
    return moved


def _mean(
    values: Array, weights: Array, clusters: NDArray[np.intp] | None, quantile: float
) -> dict[str, float]:
    """Weighted mean of 0-1 weights, its interval over districts where there are enough."""
    total = float(weights.sum())
    if not total > 0:
        return {"estimate": np.nan, "low": np.nan, "high": np.nan}
    mean = float((weights * values).sum() / total)
    influence = weights * (values - mean) / total
    people = np.arange(len(values))
    by = clusters if clusters is not None and enough_clusters(clusters) else people
    half = quantile * float(np.sqrt(clustered_variance(influence, by)))
    return {"estimate": mean, "low": mean - half, "high": mean + half}


def _of_ties(
    found: Responded, ties: csr_array,
    every: Sequence[tuple[Mapping[str, str], NDArray[np.bool_]]],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    if found.tied is None:
        return
    unknown = {"low": np.nan, "high": np.nan}
    for when, now, scores in (("before", ties, found.before),
                              ("after", found.tied.ties, found.after)):  # fmt: skip
        yield {"measure": "score_assortativity", "when": when, "sensitive": "overall",
               "group": "all", "estimate": assortativity(now, scores), **unknown,
               "unit": UNITS["score_assortativity"]}  # fmt: skip
        for labels, who in every:
            if labels["sensitive"] != "overall":
                yield {"measure": "homophily", "when": when, **labels,
                       "estimate": homophily(now, who), **unknown,
                       "unit": UNITS["homophily"]}  # fmt: skip


def assortativity(ties: csr_array, values: Array) -> float:
    """Correlation of a value over both ends of ties (Newman 2003); NaN without ties or spread.

    Examples
    --------
    >>> pair = csr_array(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]))
    >>> assortativity(pair, np.array([1.0, 1.0, 3.0, 3.0]))
    1.0
    """
    owner = np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr))
    one, other = values[owner], values[ties.indices]
    if not len(one) or not one.std() > 0:
        return float("nan")
    return float(stats.pearsonr(one, other).statistic)
