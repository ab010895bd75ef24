"""Three tests of an auditor: of marked people, of listings, and of one city beside others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special
from scipy.stats import hypergeom

from credit_ml.core import Array, Mask

#: Quarters of a record's values: each has its own step.
_QUARTERS = (0.25, 0.5, 0.75)
#: Directions of records that say less than this, of all that they say, are left out.
_LEAST = 1e-9
#: Orders of cities by lot: of so many, the lot widens intervals by a few hundredths at most.
_ORDERS = 1_000


def of_records(records: pd.DataFrame) -> Array:
    """Return what a score is predicted from: each record, steps at its quarters, categories."""
    columns = [np.ones(len(records))]
    for record in (records[name] for name in records):
        if not pd.api.types.is_numeric_dtype(record) or pd.api.types.is_bool_dtype(record):
            codes = pd.Categorical(record.astype("str"))
            columns += [codes.codes == each for each in range(1, len(codes.categories))]
            continue
        values = record.to_numpy(dtype=np.float64)
        missing = np.isnan(values)
        if missing.all():
            continue
        if missing.any():
            columns.append(missing)
            values = np.where(missing, np.median(values[~missing]), values)
        columns += [values > cut for cut in np.unique(np.quantile(values, _QUARTERS))]
        columns.append((values - values.mean()) / (values.std() or 1.0))
    return np.column_stack(columns).astype(np.float64)


def left_over(values: Array, basis: Array) -> tuple[Array, int]:
    """Return what least squares on a basis leaves of each column of values, and its rank."""
    size, directions = np.linalg.eigh(basis.T @ basis)
    kept = size > _LEAST * size[-1]
    among = directions[:, kept]
    fitted = among @ ((among.T @ (basis.T @ values)) / size[kept, None])
    return values - basis @ fitted, int(kept.sum())


@dataclass(frozen=True, eq=False)
class MarkedPeople:
    """Marked people beside all others with the same records: points they have more, and its error.

    Least squares of points on the mark and the records, by what each leaves of the other (Frisch
    and Waugh 1933): the mark is held against what records do not say of it.
    """

    mark: Array
    """What records leave of it: `left_over`."""
    rank: int
    """Of the records."""

    @property
    def worth(self) -> float:
        """How much of the mark records leave, the sum of its squares."""
        return float(self.mark @ self.mark)

    @property
    def freedom(self) -> int:
        """Degrees of freedom."""
        return len(self.mark) - self.rank - 1

    @property
    def usable(self) -> bool:
        """Whether records leave anything of the mark."""
        return self.freedom > 0 and self.worth > 1e-6

    def difference(self, left: Array) -> tuple[Array, Array]:
        """Points that the marked have more, and standard errors, of what records leave.

        Parameters
        ----------
        left : ndarray of shape (people, settings)
            Points, less what records say of them: `left_over`.
        """
        effect = self.mark @ left / self.worth
        rest = (left**2).sum(axis=0) - effect**2 * self.worth
        error = np.sqrt(np.maximum(rest, 0.0) / self.freedom / self.worth)
        return effect, error

    def alarms(self, left: Array, alpha: float) -> Array:
        """Whether the marked have fewer points for sure, 0 or 1, by setting."""
        effect, error = self.difference(left)
        return np.asarray(effect < error * special.stdtrit(self.freedom, alpha), dtype=np.float64)


def listing_alarms(listed: Mask, marked: Mask, alpha: float) -> Array:
    """Chance of an alarm that marked people are listed more often, by setting.

    Fisher's exact test, one-sided. Where the number listed is just at the edge, the alarm is raised
    by lot, so that false alarms are as many as said and powers can be held against each other
    (Tocher 1950).

    Parameters
    ----------
    listed : ndarray of bool of shape (people, settings)
    marked : ndarray of bool of shape (people,)
    alpha : float
    """
    hits = listed[marked].sum(axis=0)
    of = (len(marked), listed.sum(axis=0), int(marked.sum()))
    there, above = hypergeom.pmf(hits, *of), hypergeom.sf(hits, *of)
    at_edge = (above < alpha) & (above + there > alpha)
    by_lot = (alpha - above) / np.where(at_edge, there, 1.0)
    return np.asarray(np.where(at_edge, by_lot, above + there <= alpha), dtype=np.float64)


def city_alarms(
    cities: Array, honest: Array, others: int, alpha: float, *, random: np.random.Generator
) -> tuple[Array, Array]:
    """Chance that a city's number is larger than those of other honest cities for sure.

    ``(x - mean) / (sd sqrt(1 + 1 / K))`` against Student's distribution with K - 1 degrees of
    freedom: what one more city of the same kind would be. Each city is held against the K that
    follow it, in a thousand orders by lot. Cities share those they are held against, so that their
    alarms are not independent: what is, are the cities, and the error is that of leaving each out,
    as a city and as one of the others (the jackknife of a U-statistic).

    Parameters
    ----------
    cities : ndarray of shape (cities, settings)
    honest : ndarray of shape (cities,)
        The same number of honest cities.
    others : int
        K, fewer than there are cities.
    alpha : float
    random : Generator
        Of the orders.

    Returns
    -------
    ndarray of shape (settings,), ndarray of shape (cities, settings)
        The chance, and what each city adds to its error (`People.from_influence`).

    References
    ----------
    Arvesen, J. N. (1969). Jackknifing U-statistics. Annals of Mathematical Statistics 40,
    2076-2100.
    """
    number, edge = len(cities), special.stdtrit(others - 1, 1.0 - alpha)
    with_each = np.zeros(cities.shape)
    for _ in range(_ORDERS):
        order = random.permutation(number)
        beside = sliding_window_view(np.resize(honest[order], number + others)[1:], others)
        mean, deviation = beside.mean(axis=1), beside.std(axis=1, ddof=1)
        reach = edge * deviation * np.sqrt(1.0 + 1.0 / others)
        alarm = (cities[order] - mean[:, None] > reach[:, None]).astype(np.float64)
        # Whoever is among the K that follow a city is at most K places behind it.
        around = np.concatenate([alarm[number - others :], alarm])
        with_each[order] += sliding_window_view(around, others + 1, axis=0).mean(axis=-1)
    with_each /= _ORDERS
    chance = with_each.mean(axis=0)
    moved = (others + 1) / max(number - others - 1, 1) * (with_each - chance)
    return chance, moved
