"""Which estimator to believe: errors against the truth, over many worlds, raters and samples."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from credit_ml.core import Finding, InputError, TableError, beside, conform
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points, styled
from credit_ml.inference import People, checked_level
from credit_ml.proxies.decomposition.components import INTERVENTION, OAXACA, SHAPLEY

#: What one audited sample is: everything but the factor and the estimates.
SAMPLE = ("world", "rater", "sensitive", "group", "people", "seed")
#: What one true gap is.
TRUTH = ("world", "rater", "sensitive", "group")
ALL, PROXIES = "(all)", "(proxies)"
#: The estimator that says 0 of everything.
NOTHING = "nothing"
#: Columns of the table that say what a row is about.
DIMENSIONS = ("factors", "sensitive", "size", "world", "rater")
#: Parameters that list what was tried, and their columns.
_LISTED = {"worlds": "world", "raters": "rater", "sensitive": "sensitive"}
#: Of estimators in the figure, by kind.
COLOURS = {"attribution": PALETTE[0], "intervention": PALETTE[1], "baseline": INK}
#: Part of the score's standard deviation by which the largest true part must lead to count.
CLEAR = 0.005
#: Measures that an audited sample yields on its own, and what each can be.
ENDS = {"error": (0.0, np.inf), "coverage": (0.0, 1.0), "top": (0.0, 1.0), "rank": (-1.0, 1.0)}
UNITS = beside(__file__)["units"]


class Leaderboard(Finding):
    """How far each estimator of a gap's parts is from the truth, where the truth is known.

    Own columns of `table`: target, estimator, factors, size, world, rater, samples, unit. "(all)"
    stands for all of them at once, in `sensitive` too; `factors` is "(all)" or "(proxies)", the
    factors of friends and address alone; `size` is the number of people in an audited sample.

    - "error": root mean square over factors of estimate less truth; 0 is perfect.
    - "bias": the same after the mean over seeds, so what no larger sample mends.
    - "coverage": share of the estimator's own intervals that hold the truth.
    - "top": share of samples in which the factor with the largest part is the true one, where
      the truth leads by half a hundredth of the score's standard deviation.
    - "rank": Kendall's correlation between the parts and the true parts, over factors.

    The estimator "nothing" says 0 of every component; its error is the size of the truth. Sizes
    count alike in what is said of all of them; intervals are Welch's, over seeds.

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

    @styled
    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw each estimator's error against the carrier truth: dots are worlds."""
        rows = self.rows("error")
        each = rows[rows["world"] != ALL]
        mean = rows[rows["world"] == ALL].sort_values("estimate")
        names = list(mean["estimator"])
        kinds: Mapping[str, str] = self.parameters["kinds"]
        axes = axes_or_new(axes, height=1.2 + 0.25 * len(names))
        for place, row in enumerate(mean.to_dict("records")):
            colour = COLOURS.get(kinds.get(row["estimator"], ""), PALETTE[0])
            own = each[each["estimator"] == row["estimator"]]
            dots: dict[str, Any] = {"ms": 3.2, "alpha": 0.35, "color": colour, "mec": "none"}
            axes.plot(own["estimate"], np.full(len(own), -place), "o", **dots)
            points(axes, pd.DataFrame([row]), [-place], fmt="D", color=colour, elinewidth=1.4)
        titles: Mapping[str, str] = self.parameters["titles"]
        axes.set_yticks([-n for n in range(len(names))], [titles.get(n, n) for n in names])
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_xlabel("root mean square error (hundredths of the score's standard deviation)")
        axes.grid(axis="x")
        return axes

    def rows(self, measure: str, *, target: str = "carrier") -> pd.DataFrame:
        """Rows of one measure over all factors, features, sizes and raters, world by world."""
        table = self.table
        whole = (table[["factors", "sensitive", "size", "rater"]] == ALL).all(axis=1)
        named = (table["measure"] == measure) & (table["target"] == target)
        return table[whole & named].reset_index(drop=True)


def leaderboard(
    estimates: pd.DataFrame,
    truths: pd.DataFrame,
    *,
    proxies: str | Sequence[str] = ("relationships", "personal"),
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
        and the score's standard deviation as `spread`.
    proxies : str or sequence of str
        Factors that count as "(proxies)"; by default friends, and address with phone.
    titles, kinds : mapping, optional
        Of estimators: what figures call them, and "attribution" or "intervention".
    intervals : float
        Level of Welch's intervals over seeds.

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
    estimates = pd.concat([estimates, _nothing(estimates)], ignore_index=True)
    held = estimates.merge(truths, on=[*TRUTH, "factor"], how="left")
    if held["truth"].isna().any():
        row = held[held["truth"].isna()].iloc[0]
        problem = f"lack factor '{row['factor']}' of world '{row['world']}'"
        raise TableError("truths", problem, "give that of every world, rater, feature and group")
    proxies = [proxies] if isinstance(proxies, str) else list(proxies)
    samples = _samples(held)
    rows = _summaries(samples, {"factors": ALL}, intervals)
    friends = held[held["factor"].isin(proxies)]
    if len(friends):
        rows += _summaries(_samples(friends), {"factors": PROXIES}, intervals)
    return Leaderboard(
        table=conform(rows),
        title="Which estimator to believe",
        parameters={
            "titles": {NOTHING: "saying nothing", **(titles or {})},
            "kinds": {NOTHING: "baseline", **(kinds or {})},
            "intervals": intervals,
            **{name: list(map(str, samples[of].unique())) for name, of in _LISTED.items()},
            "people": [int(n) for n in sorted(samples["people"].unique())],
            "seeds": seeds,
            "samples": len(samples.drop_duplicates(list(SAMPLE))),
        },
        notes=tuple(beside(__file__)["notes"]),
    )


def _nothing(estimates: pd.DataFrame) -> pd.DataFrame:
    """Estimates of 0 for every component: what an estimator must beat to be worth asking."""
    each = estimates.drop_duplicates([*SAMPLE, "factor"])
    return each.assign(estimator=NOTHING, estimate=0.0, low=np.nan, high=np.nan)


def _samples(held: pd.DataFrame) -> pd.DataFrame:
    """One row a sample, estimator and target: its error, coverage, top factor and order."""
    truth, keys = held["truth"], [*SAMPLE, "estimator", "target"]
    inside = truth.between(held["low"], held["high"]).where(held["low"].notna())
    held = held.assign(miss=100 * (held["estimate"] - truth) / held["spread"], inside=inside)
    grouped = held.groupby(keys, sort=False, observed=True)
    return grouped[list(held.columns)].apply(_sample).infer_objects().reset_index()


def _sample(own: pd.DataFrame) -> pd.Series:
    parts, truth, miss = (own[name].to_numpy() for name in ("estimate", "truth", "miss"))
    measured = {
        "square": float(np.mean(miss**2)),
        "misses": miss,
        "coverage": float(own["inside"].astype("float64").mean()),
        "top": _top(parts, truth, float(own["spread"].iloc[0])),
        # Where no part differs from another, there is no order to find.
        "rank": float(kendalltau(parts, truth).statistic) if len(own) > 1 else np.nan,
    }
    return pd.Series(measured)


def _top(parts: np.ndarray, truth: np.ndarray, spread: float) -> float:
    """Whether the largest part is the true one; NaN where two are about as large."""
    sizes = np.sort(np.abs(truth))
    if len(sizes) < 2 or sizes[-1] - sizes[-2] < CLEAR * spread:
        return np.nan
    return float(np.abs(parts).argmax() == np.abs(truth).argmax())


def _summaries(
    samples: pd.DataFrame, labels: Mapping[str, str], intervals: float
) -> list[dict[str, Any]]:
    """Every measure over everything, and by each single dimension."""
    rows = []
    everywhere = dict.fromkeys(DIMENSIONS[1:], ALL)
    samples = samples.assign(size=samples["people"])
    for (target, estimator), own in samples.groupby(["target", "estimator"], sort=False):
        whole = {"target": target, "estimator": estimator, **labels, **everywhere}
        rows += _measures(own, whole, intervals)
        for dimension in DIMENSIONS[1:]:
            for value, part in own.groupby(dimension, sort=True):
                rows += _measures(part, whole | {dimension: str(value)}, intervals)
    return rows


def _measures(own: pd.DataFrame, labels: Mapping[str, Any], level: float) -> list[dict[str, Any]]:
    labels = {**labels, "quantity": "value", "samples": len(own)}
    seeds = own.groupby(["people", "seed"])
    means = {name: seeds[name].mean() for name in ("coverage", "top", "rank")}
    means = {"error": seeds["square"].mean() ** 0.5, **means}
    rows = [
        {**labels, "measure": measure, "unit": UNITS[measure]}
        | _over_seeds(values, level, ENDS[measure])
        for measure, values in means.items()
    ]
    # Mean over seeds first: what remains is no matter of chance, but for its own small noise.
    cells = own.groupby(["world", "rater", "sensitive", "group", "people"], observed=True)["misses"]
    lasting = [float(np.mean(np.mean(np.stack(list(each)), axis=0) ** 2)) for _, each in cells]
    bias = {"measure": "bias", "unit": UNITS["bias"], "estimate": float(np.mean(lasting)) ** 0.5}
    return [*rows, {**labels, **bias}]


def _over_seeds(values: pd.Series, level: float, ends: tuple[float, float]) -> dict[str, Any]:
    """Mean over sizes of the mean over seeds, with Welch's interval; sizes count alike."""
    values = values.dropna()
    sizes = values.index.get_level_values("people")
    if not len(sizes):
        return {}
    seeds = People(len(values))
    means = [seeds.mean(values, sizes == size, bounds=ends) for size in sizes.unique()]
    whole = reduce(add, means).scaled(1 / len(means))
    return whole.facts(level) | {"over": "societies"}
