"""Which estimator to believe: errors against the truth, over many worlds, raters and samples."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pandas as pd

from credit_ml.core import Finding, InputError, TableError, beside, conform, need_known
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points
from credit_ml.inference import checked_level
from credit_ml.proxies.decomposition.components import INTERVENTION, OAXACA, SHAPLEY
from credit_ml.proxies.decomposition.leaderboard.errors import (
    ALL,
    DIMENSIONS,
    NOTHING,
    SAMPLE,
    TRUTH,
    errors_of,
)

#: Parameters that list what was tried, and their columns.
_LISTED = {"worlds": "world", "raters": "rater", "sensitive": "sensitive"}
#: Of estimators in the figure, by kind.
COLOURS = {"attribution": PALETTE[0], "intervention": PALETTE[1], "baseline": INK}


class Leaderboard(Finding):
    """How far each estimator of a gap's parts is from the truth, where the truth is known.

    Own columns of `table`: target, estimator, factors, size, world, rater, samples, unit. "(all)"
    stands for all of them at once, in `sensitive` too; `factors` is "(all)" or "(proxies)", the
    factors of friends and address alone; `size` is the number of people in an audited sample.
    Worlds held out are in no "(all)"; together they are "(held out)". An estimator stands only
    where it answered in every cell that any other answered in, so that all in one place met the
    same.

    - "error": root mean square over factors of estimate less truth; 0 is perfect.
    - "relative": error as a share of the truth's size; 1 is as much as saying nothing. Given where
      the truth is above half a hundredth of the score's standard deviation.
    - "bias": what of it is left after the mean over seeds, less the noise of that mean.
    - "coverage": share of the estimator's own intervals that hold the truth.
    - "top": share of samples in which the factor with the largest part is the true one, where
      the truth leads by half a hundredth of the score's standard deviation.
    - "rank": Kendall's correlation between the parts and the true parts, over factors.
    - "behind_best": error less that of the attribution with the least in the same place, in the
      same samples; "over_nothing": less that of saying nothing.

    The estimator "nothing" says 0 of every component; its error is the size of the truth. Every
    measure is the mean over cells (a world, rater, feature, group and size) of the mean over seeds;
    intervals are over seeds, which worlds share (`credit_ml.inference.mean_of_worlds`).

    Examples
    --------
    >>> everywhere = dict.fromkeys(DIMENSIONS, ALL) | {"target": "carrier", "estimator": "permute"}
    >>> rows = [everywhere | {"measure": "error", "estimate": 2.5}]
    >>> Leaderboard(table=conform(rows), title="").metrics()
    {'leaderboard.carrier.error.permute': 2.5}
    """

    kind: ClassVar[str] = "leaderboard"
    labels: ClassVar[tuple[str, ...]] = ("target", "estimator", "factors", "size", "world", "rater")
    tracked_as: ClassVar[str] = "leaderboard.{target}.{measure}.{estimator}"
    tracked_rows: ClassVar[dict[str, str]] = dict.fromkeys(DIMENSIONS, ALL)
    citations: ClassVar[tuple[str, ...]] = (*SHAPLEY, *OAXACA, *INTERVENTION)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw each estimator's error against the carrier truth, by size: dots are worlds."""
        sizes = [str(size) for size in self.parameters["people"]]
        asked = {size: self.rows("error", size=size) for size in sizes}
        small = asked[sizes[0]]
        means = small[small["world"] == ALL].sort_values("estimate")
        order = [str(name) for name in means["estimator"]]
        kinds: Mapping[str, str] = self.parameters["kinds"]
        axes = axes_or_new(axes, height=1.4 + 0.34 * len(order))
        for number, size in enumerate(sizes):
            shift = (number - (len(sizes) - 1) / 2) * 0.3
            for row in asked[size].to_dict("records"):
                name = str(row["estimator"])
                place = -order.index(name) - shift
                colour = COLOURS.get(kinds.get(name, ""), PALETTE[0])
                look: dict[str, Any] = {"color": colour, "mfc": "white" if number else colour}
                if row["world"] == ALL:
                    points(axes, pd.DataFrame([row]), [place], fmt="D", elinewidth=1.4, **look)
                elif not str(row["world"]).startswith("("):
                    dots: dict[str, Any] = {"ms": 3.2, "alpha": 0.35, "mec": "none"}
                    axes.plot(row["estimate"], place, "o", **look | dots)
        titles: Mapping[str, str] = self.parameters["titles"]
        axes.set_yticks([-n for n in range(len(order))], [titles.get(n, n) for n in order])
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_xlabel("root mean square error\n(hundredths of the score's standard deviation)")
        axes.grid(axis="x")
        return axes

    def rows(self, measure: str, *, target: str = "carrier", size: str = ALL) -> pd.DataFrame:
        """Rows of one measure over all factors, features and raters, world by world."""
        table = self.table
        whole = (table[["factors", "sensitive", "rater"]] == ALL).all(axis=1)
        whole &= table["size"] == size
        named = (table["measure"] == measure) & (table["target"] == target)
        return table[whole & named].reset_index(drop=True)


def leaderboard(
    estimates: pd.DataFrame,
    truths: pd.DataFrame,
    *,
    proxies: str | Sequence[str] = ("relationships", "personal"),
    held_out: Sequence[str] = (),
    foretold: str = "",
    titles: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    intervals: float = 0.95,
) -> Leaderboard:
    """Hold estimates of many audited samples against the truth of each world and rater.

    Cost: one pass over the estimates for each way of grouping them.

    Parameters
    ----------
    estimates : DataFrame
        One row a sample, estimator and factor: world, rater, sensitive, group, people, seed,
        estimator, factor, estimate, low, high. NaN limits where an estimator gives none.
    truths : DataFrame
        One row a world, rater, feature, group, target and factor: the true component as `truth`,
        and the score's standard deviation as `spread`. Where it has `people`, it is the truth of
        samples of that size; NaN or no such column is one truth for all sizes.
    proxies : str or sequence of str
        Factors that count as "(proxies)"; by default friends, and address with phone.
    held_out : sequence of str
        Worlds that no choice looks at.
    foretold : str
        Estimator that was expected to err least, of which the words say what became of it.
    titles, kinds : mapping, optional
        Of estimators: what figures call them, and "attribution" or "intervention".
    intervals : float
        Level of intervals over seeds.

    Raises
    ------
    TableError
        When a column is absent, or a truth is missing for an estimate.
    InputError
        When there are fewer than two seeds.

    Examples
    --------
    >>> labels = {"world": "w", "rater": "r", "sensitive": "a", "group": "b"}
    >>> truths = pd.DataFrame([{**labels, "target": "carrier", "factor": f, "truth": t,
    ...                         "spread": 100.0} for f, t in (("x", 3.0), ("y", 1.0))])
    >>> said = pd.DataFrame([{**labels, "people": 100, "seed": s, "estimator": "e", "factor": f,
    ...                       "estimate": t, "low": t - 1, "high": t + 1}
    ...                      for s in (1, 2) for f, t in (("x", 3.0), ("y", 2.0))])
    >>> leaderboard(said, truths).metrics()["leaderboard.carrier.top.e"]
    1.0
    """
    checked_level(intervals)
    said = (*SAMPLE, "estimator", "factor", "estimate", "low", "high")
    known = (*TRUTH, "target", "factor", "truth", "spread")
    for place, table, columns in (("estimates", estimates, said), ("truths", truths, known)):
        for column in columns:
            problem = f"column '{column}' is absent"
            TableError.unless(column in table.columns, place, problem, "see the parameters")
    seeds = len(estimates["seed"].unique())
    problem, remedy = "hold fewer than two seeds", "audit at least two samples"
    InputError.unless(seeds > 1, "estimates", problem, remedy)
    for world in held_out:
        need_known(TableError, "held_out", world, sorted(estimates["world"].unique()))
    if foretold:
        need_known(TableError, "foretold", foretold, sorted(estimates["estimator"].unique()))
    named = {NOTHING: "baseline", **(kinds or {})}
    chosen = [proxies] if isinstance(proxies, str) else list(proxies)
    table, samples = errors_of(
        estimates, truths, proxies=chosen, held_out=list(held_out), kinds=named, level=intervals
    )
    return Leaderboard(
        table=conform(table),
        title="Which estimator to believe",
        parameters={
            "titles": {NOTHING: "saying nothing", **(titles or {})},
            "kinds": named,
            "intervals": intervals,
            **{name: list(map(str, samples[of].unique())) for name, of in _LISTED.items()},
            "held_out": list(held_out),
            "foretold": foretold,
            "people": [int(n) for n in sorted(samples["people"].unique())],
            "seeds": seeds,
            "samples": len(samples),
        },
        notes=tuple(beside(__file__)["notes"]),
    )
