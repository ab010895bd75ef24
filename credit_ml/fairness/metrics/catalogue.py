"""Group metrics as ratios of counts: names and definitions as in fairlearn."""

from collections.abc import Iterable, Sequence

import numpy as np

from credit_ml.core import TableError, need_known
from credit_ml.core.discovery import declared_in
from credit_ml.fairness.metrics.rate import Cell, Rate

#: Every metric that is a ratio of counts, by name.
_DECLARED = declared_in("credit_ml.fairness.metrics.named", "RATES")
RATES: dict[str, Rate] = {rate.name: rate for several in _DECLARED for rate in several}

#: How many a group is: its people and, where they have weights, of how many they speak.
COUNTS: tuple[str, ...] = ("count", "sum_of_weights")

#: Every name that `audit` knows, in the order of its table.
METRICS: tuple[str, ...] = ("count", *RATES, "mean_score")

#: Metrics that are shares from 0 to 1, of people or of pairs of them: shown as percentages.
SHARES: tuple[str, ...] = (*RATES, "auc")

#: What each metric is, for axis labels.
MEANINGS = {"count": "people", "sum_of_weights": "sum of the people's weights"} | {
    name: rate.meaning for name, rate in RATES.items()
}
MEANINGS["mean_score"] = "mean score"


def rates(table: np.ndarray, names: Sequence[str], *, undefined: float = np.nan) -> np.ndarray:
    """Rates of many tables at once: sum of some cells over sum of others.

    For example true_positive_rate = n[1, 1] / (n[1, 0] + n[1, 1]). A rate of 0 means that
    nobody in the denominator is in the numerator; of nobody at all, a rate is undefined.

    Parameters
    ----------
    table : ndarray, shape (..., outcomes, 2)
        Counts (or any weights) by outcome and decision, both 0 then 1. With one outcome
        row only (outcome unknown), only rates that do not need the outcome exist.
    names : sequence of str
        Of `RATES`.
    undefined : float, default NaN
        Value of 0 / 0. fairlearn and scikit-learn answer 0 there, which would read as the
        worst treatment of a group of whom nothing is known, and would make the largest
        difference between groups; so here the answer is NaN, and `undefined=0.0` gives theirs.

    Returns
    -------
    ndarray, shape (..., names)

    Raises
    ------
    TableError
        When a name is unknown, or needs an outcome that the table lacks.

    References
    ----------
    Bird, S. et al. (2020). Fairlearn: a toolkit for assessing and improving fairness in AI.
    Microsoft Research, MSR-TR-2020-32.

    Examples
    --------
    >>> rates(np.array([[3, 1], [2, 4]]), ["selection_rate", "true_positive_rate"])
    array([0.5       , 0.66666667])
    """
    found = np.empty((*table.shape[:-2], len(names)))
    for column, name in enumerate(names):
        above, below = parts_of(table, name)
        found[..., column] = undefined
        np.divide(above, below, out=found[..., column], where=below > 0)
    return found


def parts_of(table: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Numerator and denominator of a rate, each of shape (...), of tables (..., outcomes, 2).

    Raises
    ------
    TableError
        As `rates`.
    """
    need_known(TableError, "metrics", name, RATES)
    rate = RATES[name]
    return _sum_of(table, rate.numerator, rate), _sum_of(table, rate.denominator, rate)


def _sum_of(table: np.ndarray, cells: Iterable[Cell], rate: Rate) -> np.ndarray:
    if table.shape[-2] == 2:
        # Sums by hand: a matrix product may round otherwise with another number of threads.
        first, *rest = (table[..., outcome, decision] for outcome, decision in cells)
    elif rate.needs_outcome:
        raise TableError("metrics", f"'{rate.name}' needs an outcome", "give the dataset a target")
    else:
        first, *rest = (table[..., 0, decision] for decision in sorted({d for _, d in cells}))
    total = np.array(first, dtype="float64")
    for part in rest:
        total += part
    return total
