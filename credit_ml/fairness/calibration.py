"""Whether a probability means the same for every group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from credit_ml.core import Dataset, Finding, InputError, Streams, TableError, known_names
from credit_ml.fairness.checks import Over, over_clusters, probabilities
from credit_ml.fairness.finding import tracked_name
from credit_ml.fairness.intervals import checked_level, of_mean, of_share
from credit_ml.fairness.members import influence_limits, members

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Draws of the noise that a calibration error has without any error.
DRAWS = 1000
#: Measures in one number a group, and what they are.
CALIBRATION_MEASURES: dict[str, str] = {
    "expected_calibration_error": "mean distance of forecast and frequency over the bins (0: none)",
    "in_the_large": "share that kept minus mean probability (0: right on average)",
    "slope": "slope of the outcome's log-odds on the forecast's (1: right; below: too extreme)",
    "balance_kept": "mean probability of those who kept the obligation",
    "balance_not_kept": "mean probability of those who did not keep it",
}


@dataclass(frozen=True, kw_only=True)
class Calibration(Finding):
    """Reliability of probabilities by group.

    Columns of `table`: measure, sensitive, group, bin, forecast, estimate, low, high, people.
    Rows of measure "reliability" are one a bin: mean forecast, and the share that kept the
    obligation; other measures (`CALIBRATION_MEASURES`) have neither bin nor forecast.
    """

    kind: ClassVar[str] = "calibration"
    citations: ClassVar[tuple[str, ...]] = (
        "Cox, D. R. (1958). Two further applications of a model for binary regression. "
        "Biometrika, 45(3-4), 562-565.",
        "Kleinberg, J., Mullainathan, S. and Raghavan, M. (2017). Inherent trade-offs in the fair "
        "determination of risk scores. 8th Innovations in Theoretical Computer Science, 43.",
        "Naeini, M. P., Cooper, G. F. and Hauskrecht, M. (2015). Obtaining well calibrated "
        "probabilities using Bayesian binning. AAAI, 29, 2901-2907.",
    )

    def metrics(self) -> dict[str, float]:
        """Every measure but the bins, such as ``calibration.slope.hukou.rural``."""
        rows = self.table[self.table["measure"] != "reliability"].dropna(subset=["estimate"])
        return {
            tracked_name(
                f"calibration.{row['measure']}.{row['sensitive']}.{row['group']}".replace(
                    ".overall.all", ""
                )
            ): float(row["estimate"])
            for row in rows.to_dict("records")
        }

    def plot(self, axes: "Axes | None" = None, *, sensitive: str | None = None) -> "Axes":
        """Draw frequency against forecast, a line a group of one feature; the diagonal is right.

        Raises
        ------
        TableError
            When the finding has no such feature.
        """
        from credit_ml.fairness.figure import curves_by_group

        rows = self.table[self.table["measure"] == "reliability"]
        known = rows["sensitive"].drop_duplicates().tolist()
        chosen = sensitive or known[min(1, len(known) - 1)]
        if chosen not in known:
            raise TableError(
                "calibration, sensitive", f"'{chosen}' is absent", known_names(chosen, known)
            )
        rows = rows[rows["sensitive"] == chosen]
        axes = curves_by_group(
            rows, axes, across="forecast", points=True, title=self.title,
            labels=("mean probability foretold",
                    f"share that kept the obligation\n"
                    f"{100 * self.parameters['intervals']:g} % intervals"),
        )  # fmt: skip
        axes.axline((0, 0), slope=1, color="#1a1a1a", linewidth=0.8, linestyle=(0, (4, 3)))
        return axes


def calibration(
    probability: npt.ArrayLike,
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    bins: int = 10,
    rater: str = "",
    intervals: float = 0.95,
    intervals_over: Over = "auto",
    seed: int = 0,
) -> Calibration:
    """Reliability curves, calibration error, slope and balance of probabilities by group.

    - reliability: in each of `bins` bins of equally many of the group's people, the mean
      probability and the share that kept the obligation; Wilson's interval, of the people over
      the design effect where clusters are counted.
    - expected_calibration_error: ``sum_b n_b / n |share_b - forecast_b|``; 0 when every bin is
      right. It is a norm of the vector of deviations d, never negative, and positive by chance
      alone; since ``| ||d|| - ||delta|| | <= ||d - delta||``, its interval is
      ``[max(0, ECE - q), ECE + q]`` with q the quantile of the norm of pure noise (drawn with
      the bins' variances, over clusters where they are counted), as in `spread`: it holds 0
      when the group is calibrated, which the interval of a plain bootstrap never does.
    - in_the_large: mean of y - probability; 0 is right on average.
    - slope: of the logistic regression of y on the log-odds; 1 is right. Undefined where
      probabilities are 0 or 1, or separate the outcomes.
    - balance_kept, balance_not_kept: mean probability of those who did and did not keep it
      (balance for the classes); equal over groups when met. It cannot hold together with
      calibration where base rates differ.

    Cost: one sort a group.

    Parameters
    ----------
    probability : array-like of float in [0, 1], one a person
    dataset : Dataset
        With an outcome.
    sensitive : str or sequence of str, optional
        All by default.
    bins : int
        At least 2; a group of fewer than ten people a bin gets fewer bins.
    rater : str
        Whose probabilities, for titles.
    intervals : float
        Level.
    intervals_over : {"auto", "people", "clusters"}
        As in `audit`.
    seed : int

    Raises
    ------
    TableError
        When the outcome is unknown or a probability is missing or outside [0, 1].
    InputError
        When an option is out of range.

    Examples
    --------
    >>> chance = np.repeat([0.2, 0.8], 50)
    >>> frame = pd.DataFrame({"x": chance, "paid": ([1] + [0] * 4) * 10 + ([0] + [1] * 4) * 10})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> found = calibration(chance, data, bins=2).metrics()
    >>> round(found["calibration.expected_calibration_error"], 9)
    0.0
    """
    level = checked_level(intervals)
    if isinstance(bins, bool) or not isinstance(bins, int) or bins < 2:
        raise InputError("bins", f"is {bins!r}", "give at least 2")
    kept = dataset.outcome(needed_for="calibration").to_numpy() == 1
    chance = probabilities(probability, dataset)
    clusters, reason = over_clusters(dataset, intervals_over)
    streams = Streams(seed)
    rows: list[dict[str, object]] = []
    for name, group, mask in members(dataset, sensitive):
        generator = streams.generator(f"fairness.calibration.{name}.{group}")
        apart = None if clusters is None else np.unique(clusters[mask], return_inverse=True)[1]
        found = _of_group(chance[mask], kept[mask], apart, bins, level, generator)
        rows += [{"sensitive": name, "group": group} | row for row in found]
    columns = ["measure", "sensitive", "group", "bin", "forecast", "estimate", "low", "high",
               "people"]  # fmt: skip
    return Calibration(
        table=pd.DataFrame(rows, columns=columns),
        title=f"{rater}: what probabilities mean" if rater else "What probabilities mean, by group",
        parameters={**({"rater": rater} if rater else {}), "bins": bins, "intervals": level,
                    "intervals_over": "people" if clusters is None else "clusters"},
        seed=streams.seed,
        notes=("Bins hold equally many people of the group, so that they differ between groups. "
               "Where base rates differ, calibration and balance exclude each other.", reason),
    )  # fmt: skip


def _of_group(
    chance: np.ndarray,
    kept: np.ndarray,
    clusters: np.ndarray | None,
    bins: int,
    level: float,
    generator: np.random.Generator,
) -> list[dict[str, object]]:
    place = _bin_of(chance, bins)
    rows: list[dict[str, object]] = []
    for number in np.unique(place):
        inside = place == number
        apart = None if clusters is None else clusters[inside]
        found = of_share(kept[inside], level=level, clusters=apart)
        labels = {"measure": "reliability", "bin": int(number) + 1}
        row = labels | {"forecast": float(chance[inside].mean()), "people": int(inside.sum())}
        rows.append(row | dict(zip(("estimate", "low", "high"), found, strict=True)))
    miss = kept - chance
    numbers = {
        "expected_calibration_error": _error(miss, place, clusters, level, generator),
        "in_the_large": of_mean(miss, level=level, clusters=clusters),
        "slope": _slope(chance, kept, clusters, level),
    }
    sides = {"balance_kept": kept, "balance_not_kept": ~kept}
    for measure, side in sides.items():
        apart = None if clusters is None else clusters[side]
        numbers[measure] = (np.nan,) * 3
        if side.any():
            numbers[measure] = of_mean(chance[side], level=level, clusters=apart)
    for measure, found in numbers.items():
        people = int(sides.get(measure, np.ones(len(kept), bool)).sum())
        row = {"measure": measure, "people": people}
        rows.append(row | dict(zip(("estimate", "low", "high"), found, strict=True)))
    return rows


def _bin_of(chance: np.ndarray, bins: int) -> np.ndarray:
    """Bins of equally many people; people with the same probability share one."""
    number = max(1, min(bins, len(chance) // 10))
    edges = np.unique(np.quantile(chance, np.arange(1, number) / number))
    return np.unique(np.searchsorted(edges, chance, side="right"), return_inverse=True)[1]


def _error(
    miss: np.ndarray,
    place: np.ndarray,
    clusters: np.ndarray | None,
    level: float,
    generator: np.random.Generator,
) -> tuple[float, float, float]:
    people = np.bincount(place)
    total = np.bincount(place, miss)
    estimate = float(np.abs(total).sum() / len(miss))
    centred = miss - (total / people)[place]
    if clusters is None:
        # Bins hold different people: their noise is independent.
        spread = np.sqrt(np.bincount(place, centred**2) * people / np.maximum(people - 1, 1))
        noise = generator.standard_normal((DRAWS, len(people))) * spread
    else:
        number, size = len(people), int(clusters.max()) + 1
        sums = np.bincount(clusters * number + place, centred, minlength=size * number)
        scale = np.sqrt(size / max(size - 1, 1))
        noise = generator.standard_normal((DRAWS, size)) @ sums.reshape(size, number) * scale
    margin = float(np.quantile(np.abs(noise).sum(axis=1) / len(miss), level))
    return estimate, max(0.0, estimate - margin), estimate + margin


def _slope(
    chance: np.ndarray, kept: np.ndarray, clusters: np.ndarray | None, level: float
) -> tuple[float, float, float]:
    """Logistic slope by Newton's method, with the sandwich variance over people or clusters."""
    nothing = (np.nan, np.nan, np.nan)
    if ((chance <= 0) | (chance >= 1)).any() or kept.all() or not kept.any():
        return nothing
    odds = special.logit(chance)
    if np.ptp(odds) == 0:
        return nothing
    design, beta = np.column_stack([np.ones(len(odds)), odds]), np.array([0.0, 1.0])
    for _ in range(50):
        fitted = special.expit(design @ beta)
        curve = design.T @ (design * (fitted * (1 - fitted))[:, np.newaxis])
        if np.linalg.cond(curve) > 1e12:
            return nothing
        step = np.linalg.solve(curve, design.T @ (kept - fitted))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    else:
        return nothing
    influence = (design * (kept - fitted)[:, np.newaxis]) @ np.linalg.inv(curve)[:, 1]
    slope, sides = float(beta[1]), (kept, ~kept)
    return (slope, *influence_limits(slope, influence, sides, clusters, level=level))
