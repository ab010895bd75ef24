"""Which estimator to believe: errors against the truth, over many worlds, raters and samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from credit_ml.core import Finding, InputError, TableError
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled
from credit_ml.proxies.finding import INTERVENTION, OAXACA, SHAPLEY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What one audited sample is: everything but the factor and the estimates.
SAMPLE = ("world", "rater", "sensitive", "group", "people", "seed")
#: What one true gap is.
TRUTH = ("world", "rater", "sensitive", "group")
ALL = "(all)"
#: Measures that an audited sample yields on its own, and what each is.
UNITS = {
    "bias": "hundredths of the score's standard deviation",
    "error": "hundredths of the score's standard deviation",
    "coverage": "share of intervals that hold the truth",
    "top": "share of samples whose largest part is the true one",
    "rank": "Kendall's correlation of the parts with the true ones",
}


@dataclass(frozen=True, kw_only=True)
class Leaderboard(Finding):
    """How far each estimator of a gap's parts is from the truth, where the truth is known.

    Columns of `table`: target, estimator, sensitive, people, world, measure, estimate, low,
    high, samples, unit. "(all)" stands for every feature, size or world at once.

    - "error": root mean square over factors of estimate less truth; 0 is perfect.
    - "bias": the same after the mean over seeds, so what no larger sample mends.
    - "coverage": share of the estimator's own intervals that hold the truth.
    - "top": share of samples in which the factor with the largest part is the true one.
    - "rank": Kendall's correlation between the parts and the true parts, over factors.

    Intervals are over seeds, each mean over everything else.
    """

    kind: ClassVar[str] = "leaderboard"
    citations: ClassVar[tuple[str, ...]] = (*SHAPLEY, *OAXACA, *INTERVENTION)

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw each estimator's error against the carrier truth: dots are worlds."""
        rows = self.rows("error")
        each = rows[rows["world"] != ALL]
        mean = rows[rows["world"] == ALL].sort_values("estimate")
        names = list(mean["estimator"])
        kinds: Mapping[str, str] = self.parameters["kinds"]
        axes = axes_or_new(axes, height=1.2 + 0.25 * len(names))
        for place, row in enumerate(mean.to_dict("records")):
            colour = PALETTE[1 if kinds.get(row["estimator"]) == "intervention" else 0]
            own = each[each["estimator"] == row["estimator"]]
            axes.plot(own["estimate"], np.full(len(own), -place), "o", ms=3.2, alpha=0.35,
                      color=colour, mec="none")  # fmt: skip
            error = [[row["estimate"] - row["low"]], [row["high"] - row["estimate"]]]
            axes.errorbar([row["estimate"]], [-place], xerr=error, fmt="D", ms=4.5, color=colour,
                          elinewidth=1.4)  # fmt: skip
        titles: Mapping[str, str] = self.parameters["titles"]
        axes.set_yticks([-n for n in range(len(names))], [titles.get(n, n) for n in names])
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_xlabel("root mean square error (hundredths of the score's standard deviation)")
        axes.grid(axis="x")
        return axes

    def rows(self, measure: str, *, target: str = "carrier", people: str = ALL) -> pd.DataFrame:
        """Rows of one measure over all features, by estimator and world."""
        table = self.table
        chosen: pd.DataFrame = table[
            (table["measure"] == measure)
            & (table["target"] == target)
            & (table["people"] == people)
            & (table["sensitive"] == ALL)
        ]
        return chosen.reset_index(drop=True)

    def metrics(self) -> dict[str, float]:
        """Every measure over all worlds, features and sizes."""
        return {
            f"leaderboard.{row['target']}.{row['measure']}.{row['estimator']}": row["estimate"]
            for row in self.table.to_dict("records")
            if row["world"] == row["sensitive"] == row["people"] == ALL
        }


def leaderboard(
    estimates: pd.DataFrame,
    truths: pd.DataFrame,
    *,
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
        One row a world, rater, feature, group, target and factor: the true part as `truth`, and
        the score's standard deviation as `spread`.
    titles, kinds : mapping, optional
        Of estimators: what figures call them, and "attribution" or "intervention".
    intervals : float
        Level of Student's intervals over seeds.

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
    >>> told = pd.DataFrame([{**labels, "people": 100, "seed": s, "estimator": "e", "factor": f,
    ...                       "estimate": t, "low": t - 1, "high": t + 1}
    ...                      for s in (1, 2) for f, t in (("x", 3.0), ("y", 2.0))])
    >>> leaderboard(told, truths).metrics()["leaderboard.carrier.top.e"]
    1.0
    """
    _check(estimates, (*SAMPLE, "estimator", "factor", "estimate", "low", "high"), "estimates")
    _check(truths, (*TRUTH, "target", "factor", "truth", "spread"), "truths")
    if estimates["seed"].nunique() < 2:
        raise InputError("estimates", "hold fewer than two seeds", "audit at least two samples")
    held = estimates.merge(truths, on=[*TRUTH, "factor"], how="left")
    if held["truth"].isna().any():
        row = held[held["truth"].isna()].iloc[0]
        raise TableError("truths", f"lack factor '{row['factor']}' of world '{row['world']}'",
                         "give the truth of every world, rater, feature and group")  # fmt: skip
    samples = _samples(held)
    rows: list[dict[str, Any]] = []
    for sensitive in (ALL, *samples["sensitive"].unique()):
        for people in (ALL, *sorted(samples["people"].unique())):
            part = samples
            part = part if sensitive == ALL else part[part["sensitive"] == sensitive]
            part = part if people == ALL else part[part["people"] == people]
            rows += _summaries(part, {"sensitive": sensitive, "people": str(people)}, intervals)
    return Leaderboard(
        table=pd.DataFrame(rows),
        title="Which estimator to believe",
        parameters={
            "titles": dict(titles or {}),
            "kinds": dict(kinds or {}),
            "intervals": intervals,
            "worlds": list(map(str, samples["world"].unique())),
            "raters": list(map(str, samples["rater"].unique())),
            "sensitive": list(map(str, samples["sensitive"].unique())),
            "people": [int(n) for n in sorted(samples["people"].unique())],
            "seeds": int(samples["seed"].nunique()),
            "samples": len(samples.drop_duplicates(list(SAMPLE))),
        },
        notes=(
            "Raters were trained once in each world and held fixed; samples are other societies "
            "of the same world, and the truth is that of a large one.",
            "Interventions (leaving out, residualising, permuting) answer what would happen, "
            "not what carries; they stand here to show how far the two differ.",
        ),
    )  # fmt: skip


def _check(table: pd.DataFrame, columns: Sequence[str], place: str) -> None:
    for column in columns:
        if column not in table.columns:
            raise TableError(place, f"column '{column}' is absent", "see the parameters")


def _samples(held: pd.DataFrame) -> pd.DataFrame:
    """One row a sample, estimator and target: its error, coverage, top factor and order."""
    held = held.assign(
        miss=100 * (held["estimate"] - held["truth"]) / held["spread"],
        inside=((held["low"] <= held["truth"]) & (held["truth"] <= held["high"])).where(
            held["low"].notna()
        ),
    )
    keys = [*SAMPLE, "estimator", "target"]
    found = []
    for key, own in held.groupby(keys, sort=False, observed=True):
        parts, truth = own["estimate"].to_numpy(), own["truth"].to_numpy()
        rank = stats.kendalltau(parts, truth).statistic if len(own) > 1 else np.nan
        found.append(
            {
                **dict(zip(keys, key, strict=True)),
                "square": float(np.mean(own["miss"] ** 2)),
                "misses": own["miss"].to_numpy(),
                "coverage": float(own["inside"].astype("float64").mean()),
                "top": float(np.abs(parts).argmax() == np.abs(truth).argmax()),
                # Where no part differs from another, there is no order to find.
                "rank": float(rank),
            }
        )
    return pd.DataFrame(found)


def _summaries(
    part: pd.DataFrame, labels: Mapping[str, str], intervals: float
) -> list[dict[str, Any]]:
    rows = []
    for (target, estimator), own in part.groupby(["target", "estimator"], sort=False):
        for world, inside in [(ALL, own), *own.groupby("world", sort=False)]:
            told = {"target": target, "estimator": estimator, "world": str(world), **labels}
            rows += _measures(inside, told, intervals)
    return rows


def _measures(own: pd.DataFrame, labels: Mapping[str, Any], level: float) -> list[dict[str, Any]]:
    by_seed = own.groupby("seed")
    seeds = {
        "error": by_seed["square"].mean() ** 0.5,
        "coverage": by_seed["coverage"].mean(),
        "top": by_seed["top"].mean(),
        "rank": by_seed["rank"].mean(),
    }
    rows = [
        _row(labels, measure, *_over_seeds(values.to_numpy(), level), len(own))
        for measure, values in seeds.items()
    ]
    # Mean over seeds first: what remains is no matter of chance, but for its own small noise.
    cells = own.groupby(["world", "rater", "sensitive", "group", "people"], observed=True)["misses"]
    lasting = [float(np.mean(np.mean(np.stack(list(each)), axis=0) ** 2)) for _, each in cells]
    return [*rows, _row(labels, "bias", float(np.mean(lasting)) ** 0.5, np.nan, np.nan, len(own))]


def _over_seeds(values: np.ndarray, level: float) -> tuple[float, float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan, np.nan, np.nan
    mean = float(known.mean())
    if len(known) < 2:
        return mean, np.nan, np.nan
    half = float(stats.t.ppf((1 + level) / 2, len(known) - 1) * stats.sem(known))
    return mean, mean - half, mean + half


def _row(
    labels: Mapping[str, Any], measure: str, estimate: float, low: float, high: float, samples: int
) -> dict[str, Any]:
    return {**labels, "measure": measure, "estimate": estimate, "low": low, "high": high,
            "samples": samples, "unit": UNITS[measure]}  # fmt: skip
