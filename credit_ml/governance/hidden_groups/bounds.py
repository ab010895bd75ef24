"""What two data sets say of a gap in selection when groups are known in one of them alone."""

from dataclasses import replace

import numpy as np

from credit_ml.core import Array, InputError
from credit_ml.inference import Estimate
from credit_ml.inference.counts import function_of_counts

#: Columns of a table of cells: people decided of, then people of the data set that knows groups.
COLUMNS = ("selected", "refused", "inside", "outside")


def gap_bounds(cells: Array) -> Estimate:
    """Least, weighted and largest gap that two data sets allow, shape (3,), with their errors.

    In a cell z of what both data sets know, p is the share selected and q the share of the group.
    Nothing says which of its people are both, but that their share lies between
    ``max(0, p + q - 1)`` and ``min(p, q)`` (Fréchet); averaged over cells that gives the share w of
    people who are of the group and selected, and the gap is ``w / P(group) - (P(selected) - w) /
    (1 - P(group))``, which rises with w. Both ends can be true: the bounds are sharp for what the
    cells tell (Kallus, Mao and Zhou 2022, section 4). The weighted estimate takes w as the mean of
    p q: in each cell decisions would not depend on the group.

    Parameters
    ----------
    cells : ndarray of shape (cells, 4)
        Counts as in `COLUMNS`. The cells' sizes are those of the people decided of.

    Returns
    -------
    Estimate
        Least, weighted, largest. Cells in which groups are known of nobody have everybody's share.

    References
    ----------
    Kallus, N., Mao, X. and Zhou, A. (2022). Assessing algorithmic fairness with unobserved
    protected class using data combination. Management Science 68, 1959-1981.

    Examples
    --------
    >>> table = np.array([[30, 10, 50, 50], [10, 30, 0, 80]])
    >>> gap_bounds(table).value.round(3).tolist()
    [0.0, 0.333, 0.667]
    """
    counts = np.asarray(cells, dtype=np.float64)
    shaped = counts.ndim == 2 and counts.shape[1] == len(COLUMNS)
    usable = shaped and (counts >= 0).all() and counts[:, 2].sum() > 0 and counts[:, 3].sum() > 0
    problem = f"of shape {counts.shape} hold no people inside and outside the group"
    remedy = "give counts selected, refused, inside and outside, a row a cell"
    InputError.unless(usable and counts[:, :2].sum() > 0, "cells", problem, remedy)
    return function_of_counts(_three, counts, bounds=(-1.0, 1.0))


def _three(tables: Array) -> Array:
    selected, refused, inside, outside = np.moveaxis(tables, -1, 0)
    decided, known = selected + refused, inside + outside
    size = decided / decided.sum(axis=1, keepdims=True)
    everybody = inside.sum(axis=1, keepdims=True) / known.sum(axis=1, keepdims=True)
    q = np.where(known > 0, inside / np.where(known > 0, known, 1.0), everybody)
    p = selected / np.where(decided > 0, decided, 1.0)
    group = (size * q).sum(axis=1)
    taken = (size * p).sum(axis=1)
    each = (np.maximum(p + q - 1.0, 0.0), p * q, np.minimum(p, q))
    both = np.stack([(size * w).sum(axis=1) for w in each], axis=1)
    rest = (taken[:, None] - both) / (1.0 - group)[:, None]
    return np.asarray(both / group[:, None] - rest)


def corrected_gaps(inferred: Array, confusion: Array) -> Estimate:
    """The gap between inferred groups, and the true one where errors are known, shape (2,).

    With ``M[g, a] = P(inferred g | true a)`` the counts of true groups, selected and refused, are
    ``M^-1`` times those of inferred ones, if the guess errs as often among the selected as among
    the refused of a group. Where M is given by decision nothing is assumed, and the gap is
    identified.

    Parameters
    ----------
    inferred : ndarray of shape (2, 2)
        People by inferred group (outside, inside) and decision (refused, selected).
    confusion : ndarray of shape (2, 2), or (2, 2, 2) by decision first
        People of a data set that knows groups, by inferred group and true group.

    Raises
    ------
    InputError
        When the guess says nothing of the group, so that M has no inverse.

    References
    ----------
    Rogan, W. J. and Gladen, B. (1978). Estimating prevalence from the results of a screening test.
    American Journal of Epidemiology 107, 71-76.

    Examples
    --------
    >>> inferred = np.array([[20.0, 80.0], [30.0, 20.0]])
    >>> corrected_gaps(inferred, np.array([[90.0, 10.0], [10.0, 90.0]])).value.round(3).tolist()
    [-0.4, -0.538]
    """
    counts, errors = (np.asarray(each, dtype=np.float64) for each in (inferred, confusion))
    shaped = counts.shape == (2, 2) and errors.shape in ((2, 2), (2, 2, 2))
    remedy = "give two by two counts, and two by two or two by two by two people in confusion"
    InputError.unless(shaped, "inferred", f"have shape {counts.shape}", remedy)
    problem, remedy = "shows a guess that says nothing of the group", "give better ones"
    InputError.unless(tells_groups(errors), "confusion", problem, remedy)
    flat = np.concatenate([counts.ravel(), errors.ravel()])

    def rates(tables: Array) -> Array:
        """Shares selected, as inferred and corrected, shape (tables, 2, groups)."""
        seen = tables[:, :4].reshape(-1, 2, 2)
        known = tables[:, 4:].reshape(len(tables), -1, 2, 2)
        matrix = known / np.maximum(known.sum(axis=-2, keepdims=True), 1e-300)
        by_decision = [
            np.linalg.solve(matrix[:, min(d, matrix.shape[1] - 1)], seen[:, :, d, None])[..., 0]
            for d in (0, 1)
        ]
        true = np.stack(by_decision, axis=-1)
        return np.stack([each[..., 1] / each.sum(axis=-1) for each in (seen, true)], axis=1)

    # Of few people a share may come out beyond what one can be, but not less uncertain for it.
    found = function_of_counts(
        lambda tables: np.diff(rates(tables), axis=-1)[..., 0], flat, bounds=(-1.0, 1.0)
    )
    value = np.diff(np.clip(rates(flat[None])[0], 0.0, 1.0), axis=-1)[..., 0]
    both = replace(found, value=value)
    return both if _surely_tells(errors) else _only_inferred(both)


def _only_inferred(both: Estimate) -> Estimate:
    """The corrected gap without an interval: near a guess that says nothing it can be anything."""
    reason = np.array(["", "the guess does not surely tell the group"], dtype=object)
    variance = np.where(reason == "", both.variance, np.nan)
    return replace(both, variance=variance, reason=reason)


def tells_groups(confusion: Array) -> bool:
    """Whether a guess says anything of the group, among the selected and the refused alike.

    It says nothing where it puts nobody into one of the groups, or each group's people into them as
    often as the other's: then nothing can be corrected.

    Examples
    --------
    >>> tells_groups(np.array([[90.0, 10.0], [10.0, 90.0]]))
    True
    >>> tells_groups(np.array([[90.0, 10.0], [0.0, 0.0]]))
    False
    """
    errors = np.asarray(confusion, dtype=np.float64)
    shares = errors / np.maximum(errors.sum(axis=-2, keepdims=True), 1e-300)
    return bool(np.abs(np.linalg.det(shares)).min() > 1e-6)


def _surely_tells(errors: Array) -> bool:
    """Whether the guess errs less than a coin by twice the standard error, at every decision."""
    smooth = errors + 0.5
    people = smooth.sum(axis=-2)
    told = smooth[..., 1, :] / people
    spread = np.sqrt((told * (1.0 - told) / people).sum(axis=-1))
    return bool((np.abs(told[..., 1] - told[..., 0]) > 2.0 * spread).all())
