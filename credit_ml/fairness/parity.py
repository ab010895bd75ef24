"""Parity in one number a feature: fairlearn's summaries of group differences, with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, Finding, InputError, Streams, refuse_unknown
from credit_ml.fairness.bootstrap import replicate_tables, smoothed
from credit_ml.fairness.checks import Over, named_features, over_clusters
from credit_ml.fairness.clustered import cluster_weights, clustered_rates
from credit_ml.fairness.finding import tracked_name
from credit_ml.fairness.grouping import EVERYBODY, Grouping, groupings_of
from credit_ml.fairness.intervals import checked_level
from credit_ml.fairness.metrics import rates
from credit_ml.fairness.tally import Tally

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Whether groups are compared with each other, or each with everybody.
Against = Literal["between_groups", "to_overall"]

#: Each criterion, and the rates that it asks to be alike.
CRITERIA: dict[str, tuple[str, ...]] = {
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("true_positive_rate",),
    "predictive_equality": ("false_positive_rate",),
    "predictive_parity": ("precision",),
    "overall_accuracy_equality": ("accuracy",),
    "equalized_odds": ("true_positive_rate", "false_positive_rate"),
    "equalized_odds_mean": ("true_positive_rate", "false_positive_rate"),
}
NAMES = tuple(dict.fromkeys(name for names in CRITERIA.values() for name in names))


@dataclass(frozen=True, kw_only=True)
class Parity(Finding):
    """How far each criterion of parity is missed, by sensitive feature and intersection.

    Columns of `table`: sensitive, criterion, quantity ("difference", 0 when met; "ratio", 1
    when met), estimate, low, high, people.
    """

    kind: ClassVar[str] = "parity"
    citations: ClassVar[tuple[str, ...]] = (
        "Hardt, M., Price, E. and Srebro, N. (2016). Equality of opportunity in supervised "
        "learning. Advances in Neural Information Processing Systems, 29.",
        "Bird, S. et al. (2020). Fairlearn: a toolkit for assessing and improving fairness in AI. "
        "Microsoft Research, MSR-TR-2020-32.",
    )

    def metrics(self) -> dict[str, float]:
        """Every number, with names such as ``parity.equalized_odds_difference.hukou``."""
        rows = self.table.dropna(subset=["estimate"]).to_dict("records")
        return {
            tracked_name(f"parity.{row['criterion']}_{row['quantity']}.{row['sensitive']}"): float(
                row["estimate"]
            )
            for row in rows
        }

    def plot(self, axes: "Axes | None" = None, *, quantity: str = "difference") -> "Axes":
        """Draw each criterion as a dot with its interval, under its feature's name."""
        from credit_ml.fairness.figure import dots_by_group

        if quantity not in ("difference", "ratio"):
            refuse_unknown(InputError, "quantity", quantity, ("difference", "ratio"))
        rows = self.table[self.table["quantity"] == quantity].dropna(subset=["estimate"])
        rows = rows.assign(group=rows["criterion"].str.replace("_", " "))
        return dots_by_group(
            rows.drop(columns="people"),
            axes,
            label=f"{quantity} ({0 if quantity == 'difference' else 1}: alike)\n"
            f"{100 * self.parameters['intervals']:g} % intervals",
            line=None,
            title=self.title,
        )


def parity(
    decisions: npt.ArrayLike,
    dataset: Dataset,
    *,
    sensitive: str | Sequence[str] | None = None,
    method: Against = "between_groups",
    intersections: bool = True,
    intervals: float = 0.95,
    intervals_over: Over = "auto",
    replicates: int = 1000,
    seed: int = 0,
) -> Parity:
    """Parity criteria in one difference and one ratio each, 0 and 1 when met.

    For one rate m, between groups: ``max_g m_g - min_g m_g`` and ``min_g m_g / max_g m_g``; to
    overall, with M everybody's rate: ``max_g |m_g - M|`` and ``min_g min(m_g / M, M / m_g)``.
    equalized_odds takes the worse of two rates, equalized_odds_mean their mean. These are
    fairlearn's demographic_parity, equal_opportunity and equalized_odds functions (agg
    "worst_case" and "mean"), except that a rate of nobody is left out here.

    All are S(m) for a seminorm S of the vector of rates (of their logarithms, for ratios), so
    ``|S(m) - S(mu)| <= S(m - mu)``, and intervals are made as in `spread`: they cover also
    where the truth is 0. The mean of two ratios is no seminorm: its limits are the means of
    limits that hold for both at once.

    Cost: one pass over the people, then groups x replicates.

    Parameters
    ----------
    decisions : array-like of bool or of 0 and 1, one a person
    dataset : Dataset
        With an outcome.
    sensitive : str or sequence of str, optional
    method : {"between_groups", "to_overall"}
    intersections : bool
        Also every pair of features, and all of them together.
    intervals, intervals_over, replicates, seed
        As in `audit`.

    Raises
    ------
    TableError
        When decisions cannot be used, or the outcome is unknown.
    InputError
        When an option is out of range.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": range(8), "sex": list("ffffmmmm"), "paid": [1, 0] * 4})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> parity(frame["late"] < 6, data).metrics()["parity.equalized_odds_difference.sex"]
    0.5
    """
    level = checked_level(intervals)
    if method not in get_args(Against):
        refuse_unknown(InputError, "method", str(method), get_args(Against))
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 100:
        raise InputError("replicates", f"is {replicates!r}", "give at least 100")
    outcome = dataset.outcome(needed_for="parity")
    features = dataset.sensitive[named_features(sensitive, dataset, needed=True)]
    clusters, reason = over_clusters(dataset, intervals_over)
    tally = Tally.of(decisions, features, y=outcome, clusters=clusters)
    streams, weights = Streams(seed), None
    if clusters is not None:
        generator = streams.generator("fairness.parity.(clusters)")
        weights = cluster_weights(len(tally.counts), draws=replicates, generator=generator)
    rows: list[dict[str, object]] = []
    for name, grouping in groupings_of(tally, intersections=intersections).items():
        if name != EVERYBODY:
            generator = streams.generator(f"fairness.parity.{name}")
            drawn = _drawn(grouping, replicates, generator, weights, level)
            rows += _rows(name, *drawn, to_overall=method == "to_overall", level=level)
    return Parity(
        table=pd.DataFrame(rows).assign(people=len(dataset)),
        title="How far parity is missed",
        parameters={"method": method, "intervals": level, "replicates": replicates,
                    "intervals_over": "people" if clusters is None else "clusters"},
        seed=streams.seed,
        notes=("A rate of nobody is undefined and left out of its criterion.", reason),
    )  # fmt: skip


def _drawn(
    grouping: Grouping,
    draws: int,
    generator: np.random.Generator,
    weights: np.ndarray | None,
    level: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rates, centres and replicates of the groups that have people, everybody last."""
    alive = np.flatnonzero(grouping.people)
    counts = _with_everybody(grouping.counts[alive])
    if weights is None:
        tables = replicate_tables(counts[:-1], draws=draws, generator=generator)
        replicates = rates(np.concatenate([tables, tables.sum(axis=1, keepdims=True)], 1), NAMES)
        centre = rates(_with_everybody(smoothed(counts[:-1])), NAMES)
    else:
        assert grouping.by_cluster is not None
        apart = np.moveaxis(grouping.by_cluster[:, alive], 0, 1)
        apart = np.moveaxis(_with_everybody(apart), 0, 1)
        replicates = clustered_rates(
            apart, NAMES, weights=weights, generator=generator, level=level
        ).replicates
        centre = rates(smoothed(counts), NAMES)
    return rates(counts, NAMES), centre, replicates


def _with_everybody(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([counts, counts.sum(axis=0, keepdims=True)])


def _rows(
    sensitive: str,
    estimate: np.ndarray,
    centre: np.ndarray,
    replicates: np.ndarray,
    *,
    to_overall: bool,
    level: float,
) -> list[dict[str, object]]:
    far = _from_overall if to_overall else _between
    rows: list[dict[str, object]] = []
    for quantity, scale in (("difference", np.asarray), ("ratio", np.log)):
        seen, middle, error = [], [], []
        for place in range(len(NAMES)):
            there = ~np.isnan(estimate[:, place])
            with np.errstate(divide="ignore"):
                # A rate of 0 is infinitely far on the scale of ratios: their ratio is 0.
                seen.append(_defined(far, scale(estimate[there, place])))
            middle.append(far(scale(centre[there, place])))
            moved = scale(replicates[:, there, place]) - scale(centre[there, place])
            error.append(far(moved))
        for criterion, names in CRITERIA.items():
            which = [NAMES.index(name) for name in names]
            found = _limits(
                np.array([seen[i] for i in which]), np.array([middle[i] for i in which]),
                np.array([error[i] for i in which]), level=level,
                ratio=quantity == "ratio", mean=criterion.endswith("_mean"),
            )  # fmt: skip
            labels: dict[str, object] = {
                "sensitive": sensitive, "criterion": criterion, "quantity": quantity,
            }  # fmt: skip
            rows.append(labels | dict(zip(("estimate", "low", "high"), found, strict=True)))
    return rows


def _limits(
    seen: np.ndarray, middle: np.ndarray, error: np.ndarray, *, level: float, ratio: bool,
    mean: bool,
) -> tuple[float, float, float]:  # fmt: skip
    """Estimate and limits of one criterion over its rates, on the axis 0."""
    if np.isnan(seen).any():
        return np.nan, np.nan, np.nan
    if mean and not ratio:
        seen, middle, error = (part.mean(axis=0, keepdims=True) for part in (seen, middle, error))
    elif not mean:
        seen, middle, error = (part.max(axis=0, keepdims=True) for part in (seen, middle, error))
    margin = float(np.quantile(error.max(axis=0), level))
    near, far = np.maximum(0.0, middle - margin), middle + margin
    if ratio:
        seen, near, far = np.exp(-seen), np.exp(-far), np.exp(-near)
    estimate, low, high = (float(part.mean()) for part in (seen, near, far))
    return estimate, min(low, estimate), max(high, estimate)


def _defined(far: Callable[[np.ndarray], np.ndarray], values: np.ndarray) -> float:
    if len(values) < 2:
        return np.nan
    if np.isinf(values).all():
        return np.nan
    return float(far(values))


def _between(values: np.ndarray) -> np.ndarray:
    """Largest minus smallest over the groups, on the last axis; everybody stands last."""
    groups = values[..., :-1]
    return np.asarray(groups.max(axis=-1) - groups.min(axis=-1))


def _from_overall(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(values[..., :-1] - values[..., -1:]).max(axis=-1))
