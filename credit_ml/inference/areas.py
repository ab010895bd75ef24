"""The area under the ROC curve with each person's share in it, in a sort or two."""

import numpy as np

from credit_ml.core.tables.arrays import Array, Rows


def area_of(places: Rows, kept: Array) -> tuple[float, Array, tuple[Array, Array]]:
    """Area, each person's contribution to its error, and the weights of both sides.

    ``places`` are those of the scores among the different ones, from 0.
    ``kept`` may be chances: each person is then one who kept with that weight, and one who did
    not with the rest. The contributions are the placements of DeLong et al. (1988), scaled so
    that their squares sum to his variance.

    Examples
    --------
    >>> area_of(np.array([0, 1, 2, 3]), np.array([0.0, 1.0, 0.0, 1.0]))[0]
    0.75
    """
    broke = 1.0 - kept
    above, below = float(kept.sum()), float(broke.sum())
    if not above > 0 or not below > 0:
        return float("nan"), np.zeros(len(places)), (kept, broke)
    beaten = share_below(places, broke)
    beats = 1 - share_below(places, kept)
    area = float((kept * beaten).sum() / above)
    # With one person on a side its spread is unknown, and the variance says nothing.
    grown = _grown(kept, above), _grown(broke, below)
    influence = np.zeros(len(places))
    if all(grown):
        influence = grown[0] * kept * (beaten - area) / above
        influence += grown[1] * broke * (beats - area) / below
    return area, influence, (kept, broke)


def share_below(places: Rows, weights: Array) -> Array:
    """Share of the weight at lower scores, and half of that at equal ones, for each person.

    Examples
    --------
    >>> share_below(np.array([0, 1, 1]), np.ones(3)).round(2).tolist()
    [0.17, 0.67, 0.67]
    """
    at = np.bincount(places, weights=weights)
    share: Array = ((np.cumsum(at) - at / 2) / weights.sum())[places]
    return share


def left_out_areas(places: Rows, kept: Array, clusters: Rows, size: int, area: float) -> Array:
    """How far the area moves when each cluster is left out, exactly, shape (size,).

    Pairs with either end in the cluster go, those with both ends in it once only: they are
    counted by a sort within the clusters.
    """
    broke = 1.0 - kept
    above, below = float(kept.sum()), float(broke.sum())
    if not above > 0 or not below > 0:
        return np.zeros(size)
    gone = kept * share_below(places, broke) * below
    gone += broke * (1 - share_below(places, kept)) * above
    lost = np.bincount(clusters, gone, minlength=size)
    # One score axis after another: each cluster's scores lie above those of the one before.
    apart = clusters * (int(places.max()) + 1) + places
    _, place = np.unique(apart, return_inverse=True)
    at = np.bincount(place, weights=broke)
    first = np.zeros(size)
    own = np.bincount(clusters, broke, minlength=size)
    first[1:] = np.cumsum(own)[:-1]
    under = (np.cumsum(at) - at / 2)[place] - first[clusters]
    lost -= np.bincount(clusters, kept * under, minlength=size)
    ones = above - np.bincount(clusters, kept, minlength=size)
    zeros = below - own
    left = np.full(size, area)
    pairs = ones * zeros
    np.divide(area * above * below - lost, pairs, out=left, where=pairs > 1e-9)
    return np.asarray(left - area)


def _grown(weights: Array, total: float) -> float:
    """Root of n / (n - 1), n the people that the weights are worth (Kish)."""
    worth = total**2 / float((weights**2).sum())
    return float(np.sqrt(worth / (worth - 1))) if worth > 1 + 1e-9 else 0.0
