"""Arithmetic of differences within strata, of many tables at once."""

from collections.abc import Mapping

import numpy as np


def conditional_quantities(
    table: np.ndarray, group: int, reference: int
) -> Mapping[str, np.ndarray]:
    """Every quantity by name, of tables of shape (..., groups, strata, 2); 0 when there is none.

    explained is the part of the difference (selection rate, group minus reference group) that the
    strata's own rates make, unexplained the rest; conditional_difference the mean over strata of
    the difference within them; demographic_disparity the group's share of the refused minus its
    share of the selected, conditional_demographic_disparity the mean over strata of that within.
    """
    people = table.sum(axis=-1, dtype="float64")
    selected = table[..., 1].astype("float64")
    one, two = people[..., group, :], people[..., reference, :]
    rate_one = _ratio(selected[..., group, :], one)
    rate_two = _ratio(selected[..., reference, :], two)
    whole = _ratio(selected[..., group, :].sum(-1), one.sum(-1))
    whole = whole - _ratio(selected[..., reference, :].sum(-1), two.sum(-1))
    # Where one group has nobody, the other's rate is all there is to price the stratum with.
    filled_one = np.where(np.isnan(rate_one), rate_two, rate_one)
    filled_two = np.where(np.isnan(rate_two), rate_one, rate_two)
    weight = one / one.sum(-1, keepdims=True) - two / two.sum(-1, keepdims=True)
    explained = np.nansum(weight * (filled_one + filled_two) / 2, axis=-1)
    within = rate_one - rate_two
    both = np.where(np.isnan(within), 0.0, one + two)
    found = {
        "explained": explained,
        "unexplained": whole - explained,
        "conditional_difference": _ratio(np.nansum(both * within, axis=-1), both.sum(-1)),
        "demographic_disparity": _disparity(table.sum(axis=-2), group),
    }
    strata = _disparity(np.moveaxis(table, -2, 0), group)
    size = np.moveaxis(people.sum(axis=-2), -1, 0)
    size = np.where(np.isnan(strata), 0.0, size)
    mean = _ratio(np.nansum(strata * size, axis=0), size.sum(axis=0))
    found["conditional_demographic_disparity"] = mean
    return found


def _disparity(table: np.ndarray, group: int) -> np.ndarray:
    """Share of the refused minus share of the selected, of tables (..., groups, 2)."""
    shares = _ratio(table[..., group, :], table.sum(axis=-2))
    return np.asarray(shares[..., 0] - shares[..., 1])


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    above, below = np.asarray(above, dtype="float64"), np.asarray(below, dtype="float64")
    found = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found
