"""How apart groups live and how alike friends are: dissimilarity, exposure, homophily."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from credit_ml.society.arrays import Flags, Places


def dissimilarity(district: pd.Series, member: Flags) -> float:
    """Share of a group that would have to move for every district to hold its even share.

    ``D = 1/2 sum_d | g_d / G - o_d / O |``: 0 is even, 1 fully apart; NaN without both sides.

    References
    ----------
    Duncan, O. D. and Duncan, B. (1955). A methodological analysis of segregation indexes.
    American Sociological Review 20, 210-217.

    Examples
    --------
    >>> dissimilarity(pd.Series([0, 0, 1, 1]), np.array([True, False, True, True]))
    0.6666666666666667
    """
    inside, outside = _counts(district, member)
    if not inside.sum() or not outside.sum():
        return float("nan")
    return float(np.abs(inside / inside.sum() - outside / outside.sum()).sum() / 2)


def exposure(district: pd.Series, member: Flags) -> float:
    """Share of others among the neighbours of the average member of a group.

    ``P = sum_d (g_d / G) (o_d / n_d)``: with even mixing it is the share of others overall.

    References
    ----------
    Lieberson, S. (1981). An asymmetrical approach to segregation. In Ethnic Segregation in
    Cities, Croom Helm.
    """
    inside, outside = _counts(district, member)
    if not inside.sum():
        return float("nan")
    return float((inside / inside.sum()) @ (outside / np.maximum(inside + outside, 1)))


def homophily(ties: csr_array, member: Flags) -> float:
    """Coleman's index: how far a group's friendships exceed chance within the group.

    ``(s - w) / (1 - w)`` when the share s of its friends within the group is above the
    group's share w of people, else ``(s - w) / w``: 0 is chance, 1 only among themselves,
    -1 never. Cost: one pass over ties.

    References
    ----------
    Coleman, J. S. (1958). Relational analysis: the study of social organizations with survey
    methods. Human Organization 17, 28-36.
    """
    share = float(member.mean())
    degree = np.diff(ties.indptr)[member].sum()
    if not degree or share in (0.0, 1.0):
        return float("nan")
    same = float((ties @ member.astype(np.float64))[member].sum() / degree)
    return (same - share) / (1 - share) if same >= share else (same - share) / share


def _counts(district: pd.Series, member: Flags) -> tuple[Places, Places]:
    places = district.to_numpy()
    size = int(places.max()) + 1
    inside = np.bincount(places[member], minlength=size)
    return inside, np.bincount(places, minlength=size) - inside
