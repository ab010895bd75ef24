"""Weights learned from one's own friends, person by person."""

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from credit_ml.core.arrays import Array, Rows


def learned_from_friends(
    ties: csr_array, Z: Array, shown: Array, rows: Rows, *, ridge: float
) -> Array:
    """Ridge regression of what is shown on records, over each person and their friends.

    ``argmin_w sum_f (shown_f - mean - (z_f - mean) w)^2 + ridge |w|^2``, f over oneself and one's
    friends: weights that peers' scores tell of (Bechavod et al. 2022). As the ridge goes to zero
    it is the least weights that fit, which lie in the span of the friends' differences; who has no
    friends has none.

    Cost: the smaller of friends and columns cubed, and friends times columns squared, a person.

    Parameters
    ----------
    ties : csr_array of shape (everyone, everyone)
    Z : ndarray of shape (everyone, columns)
        Records in standard units.
    shown : ndarray of shape (everyone,)
        What each shows to friends, such as the score.
    rows : ndarray of shape (people,)
        Who learns.
    ridge : float
        Above 0.

    Returns
    -------
    ndarray of shape (people, columns)

    Examples
    --------
    >>> pair = csr_array(np.array([[0, 1], [1, 0]]))
    >>> Z = np.array([[0.0, 1.0], [2.0, 1.0]])
    >>> learned_from_friends(pair, Z, 3 * Z[:, 0], np.array([0]), ridge=1e-9).round(6).tolist()
    [[3.0, 0.0]]
    """
    found, seen = np.zeros((len(rows), Z.shape[1])), np.ascontiguousarray(shown, dtype=np.float64)
    graph = (ties.indptr.astype(np.int64), ties.indices.astype(np.int64))
    _learn(graph, (np.ascontiguousarray(Z), seen), rows.astype(np.int64), ridge, found)
    return found


@njit(cache=True, nogil=True)
def _learn(graph, people, rows, ridge, found):  # type: ignore[no-untyped-def]
    (indptr, friends), (Z, shown) = graph, people
    for number in range(len(rows)):
        own = rows[number]
        begin, end = indptr[own], indptr[own + 1]
        seen = end - begin + 1
        if seen < 2:
            continue
        z = np.empty((seen, Z.shape[1]))
        told = np.empty(seen)
        z[0], told[0] = Z[own], shown[own]
        for place in range(begin, end):
            z[place - begin + 1] = Z[friends[place]]
            told[place - begin + 1] = shown[friends[place]]
        for column in range(z.shape[1]):
            z[:, column] -= z[:, column].mean()
        told -= told.mean()
        # The dual form: as many unknowns as friends, of which most people have few.
        gram = z @ z.T
        for place in range(seen):
            gram[place, place] += ridge
        found[number] = z.T @ np.linalg.solve(gram, told)
