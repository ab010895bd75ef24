"""The quality of probabilities of people who never lie together: sums, and a histogram."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from credit_ml.core import Array, Context, Rows, conform
from credit_ml.core.instrument import NationPart
from credit_ml.core.schema import EVERYBODY
from credit_ml.core.tables.summary import Summary
from credit_ml.fairness.scores.quality import Quality
from credit_ml.fairness.tally.grouping import cluster_count, groupings_of
from credit_ml.fairness.tally.summed import most_clusters, summed, tally_of
from credit_ml.fairness.tally.tally import Tally
from credit_ml.inference import Estimate, checked_over, over_note
from credit_ml.inference.contributions import over_clusters

#: Cells of the histogram of log-odds, and where they end; what lies beyond is in the outer ones.
CELLS, FARTHEST = 8192, 8.0
#: How far merged numbers may be from those of one table.
ERROR = (
    "means and shares exact; the AUC from a histogram of log-odds, with a bound of its error in "
    "the notes, and its interval from blocks of districts, or of cities, left out in turn"
)
_MEANS = {"brier": (0.0, 1.0), "log_loss": (0.0, np.inf)}


def quality_summary(context: Context, part: NationPart) -> Summary:
    """Keep what `quality` needs of one part, with probabilities in ``context.chances``."""
    features = context.dataset.sensitive[list(context.sensitive)]
    kept, chance = context.dataset.y.to_numpy() == 1, np.asarray(context.chances)
    edge = np.finfo("float64").eps
    likelihood = np.clip(np.where(kept, chance, 1 - chance), edge, 1 - edge)
    losses = {"brier": (chance - kept) ** 2, "log_loss": -np.log(likelihood)}
    right, codes = (chance > 0.5) == kept, part.clusters % most_clusters(features)
    found = [
        summed(Tally.of(right, features, scores=loss, clusters=codes), name)
        for name, loss in losses.items()
    ]
    rows = {key: each for one in found for key, each in one.rows.items()}
    sums = {key: each for one in found for key, each in one.sums.items()}
    there, blocks = np.unique(part.blocks, return_inverse=True)
    for name, own in _codes(features).items():
        rows[f"histogram.{name}"] = there, histogram(chance, kept, blocks, *own)
    return Summary(sums=sums, rows=rows)


def merged_quality(context: Context, summary: Summary) -> Iterator[Quality]:
    """Return what `quality` says of everybody of whom the summary tells."""
    features = context.dataset.sensitive[list(context.sensitive)]
    rows, bound = _auc_rows(summary, features, context.intervals)
    for name, bounds in _MEANS.items():
        tally = tally_of(summary, name, features)
        number = cluster_count(tally)
        for feature, grouping in groupings_of(tally, intersections=False).items():
            mean = replace(grouping.mean_scores(), bounds=bounds)
            rows |= _rows_of(feature, grouping.groups, name, mean, context.intervals)
            if name == "brier":
                share = grouping.rates(["selection_rate"])[:, 0]
                rows |= _rows_of(feature, grouping.groups, "accuracy", share, context.intervals)
    order = {name: place for place, name in enumerate(("auc", *_MEANS, "accuracy"))}
    features_first = {name: place for place, name in enumerate((EVERYBODY, *features))}
    told = sorted(rows, key=lambda at: (features_first[at[0]], _place(features, at), order[at[2]]))
    yield Quality(
        table=conform([rows[at] for at in told]),
        title=f"{context.name}: how good the probabilities are",
        parameters={
            "rater": context.name,
            "intervals": context.intervals,
            "intervals_over": checked_over("auto", number),
        },
        notes=(
            "AUC and losses of a group tell how well its members are told apart among "
            "themselves; a group in which all or none had the favourable outcome has no AUC.",
            f"The AUC counts a histogram of {CELLS:,} cells of log-odds, and so is off by at most "
            f"{bound:.1g}; its interval leaves out blocks of districts, or of cities, in turn.",
            over_note("auto", number),
        ),
    )


def _place(features: pd.DataFrame, at: tuple[str, str, str]) -> int:
    if at[0] == EVERYBODY:
        return 0
    return list(map(str, features[at[0]].cat.categories)).index(at[1])


def _rows_of(
    feature: str, groups: tuple[str, ...], measure: str, found: Estimate, level: float
) -> dict[tuple[str, str, str], dict[str, object]]:
    return {
        (feature, group, measure): {
            "measure": measure,
            "sensitive": feature,
            "group": group,
            **found[place].facts(level),
        }
        for place, group in enumerate(groups)
    }


def _codes(features: pd.DataFrame) -> dict[str, tuple[NDArray[Any], int]]:
    """Everybody's group of each feature, and how many there are."""
    found = {str(name): features[name].cat for name in features}
    own = {name: (each.codes.to_numpy(), len(each.categories)) for name, each in found.items()}
    return {EVERYBODY: (np.zeros(len(features), dtype=np.int8), 1), **own}


def histogram(chance: Array, kept: Array, blocks: Rows, group: NDArray[Any], groups: int) -> Array:
    """People by block, group, outcome and cell of log-odds.

    Examples
    --------
    >>> chance, kept, alone = np.array([0.2, 0.9]), np.array([0, 1]), np.zeros(2, dtype=int)
    >>> histogram(chance, kept, alone, alone, 1).sum(axis=-1).tolist()
    [[[1, 1]]]
    """
    odds = np.clip(special.logit(chance), -FARTHEST, FARTHEST)
    cell = np.minimum((odds + FARTHEST) / (2 * FARTHEST) * CELLS, CELLS - 1).astype(np.int64)
    size = int(blocks.max()) + 1
    code = ((blocks.astype(np.int64) * groups + group) * 2 + kept) * CELLS + cell
    counts = np.bincount(code, minlength=size * groups * 2 * CELLS)
    return counts.reshape(size, groups, 2, CELLS).astype(np.int32)


def _auc_rows(
    summary: Summary, features: pd.DataFrame, level: float
) -> tuple[dict[Any, Any], float]:
    """Rows of every group's AUC, and by how much the worst of them may be off."""
    found: dict[Any, Any] = {}
    worst = 0.0
    for name in _codes(features):
        _, counts = summary.rows[f"histogram.{name}"]
        groups: tuple[str, ...] = ("all",)
        if name != EVERYBODY:
            groups = tuple(map(str, features[name].cat.categories))
        there = counts.sum(axis=(0, 2, 3)) > 0
        area, bound = areas(counts[:, there].astype("float64"))
        worst = max(worst, bound)
        present = tuple(group for group, alive in zip(groups, there, strict=True) if alive)
        found |= _rows_of(name, present, "auc", area, level)
    return found, worst


def areas(counts: Array) -> tuple[Estimate, float]:
    """AUC by group from counts of shape (blocks, groups, 2, cells), and the bound of its error.

    Of two people in one cell either may be the higher; half of such pairs are counted as right.

    Examples
    --------
    >>> alike = np.array([[[[1.0, 1.0], [0.0, 2.0]]]])
    >>> found, bound = areas(alike)
    >>> found.value.tolist(), bound
    ([0.75], 0.25)
    """
    whole = counts.sum(axis=0)
    value, below, above = _area(whole)
    size = whole.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = whole / size[..., np.newaxis]
        bound = np.nanmax((shares[:, 0] * shares[:, 1]).sum(axis=-1), initial=0.0) / 2
        # DeLong's placements: of those who kept among those who did not, and the reverse.
        spread = [
            (whole[:, side] * (placed - value[:, np.newaxis]) ** 2).sum(axis=-1)
            / (size[:, side] - 1)
            / size[:, side]
            for side, placed in ((1, below), (0, above))
        ]
        moved = np.nan_to_num(_area(whole - counts)[0] - value)
    smaller = size.min(axis=-1)
    extra: dict[str, Any] = {}
    if len(counts) > 1:
        extra = over_clusters(moved, np.full(value.shape, len(counts) - 1.0))
    known = np.isfinite(value)
    area = Estimate(
        value=value,
        variance=spread[0] + spread[1],
        freedom=np.maximum(smaller - 1.0, 1.0),
        people=size.sum(axis=-1),
        worth=smaller,
        family="area",
        bounds=(0.0, 1.0),
        reason=np.where(known, "", "all or none had the favourable outcome"),
        **extra,
    )
    return area, float(bound)


def _area(counts: Array) -> tuple[Array, Array, Array]:
    """Area, and the placement of each cell in the other side, of counts (..., 2, cells)."""
    size = counts.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = counts / size
    under = np.cumsum(shares, axis=-1) - shares / 2
    below, above = under[..., 0, :], 1 - under[..., 1, :]
    return (shares[..., 1, :] * below).sum(axis=-1), below, above
