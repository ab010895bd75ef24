"""The area under the ROC curve with each person's share in it, in a sort or two."""

import numpy as np

from credit_ml.core.tables.arrays import Array, Rows


def area_of(places: Rows, kept: Array, broke: Array) -> tuple[float, Array]:
    """Area, and each person's contribution to its error.

    ``places`` are those of the scores among the different ones, from 0. ``kept`` and ``broke``
    are each person's weights as one who kept and as one who did not: 1 and 0, chances, or either
    times a survey weight. The contributions are the placements of DeLong et al. (1988), scaled so
    that their squares sum to his variance.

    Examples
    --------
    >>> kept = np.array([0.0, 1.0, 0.0, 1.0])
    >>> area_of(np.array([0, 1, 2, 3]), kept, 1 - kept)[0]
    0.75
    """
    above, below = float(kept.sum()), float(broke.sum())
    if not above > 0 or not below > 0:
        return float("nan"), np.zeros(len(places))
    beaten = share_below(places, broke)
    beats = 1 - share_below(places, kept)
    area = float((kept * beaten).sum() / above)
    # With one person on a side its spread is unknown, and the variance says nothing.
    grown = _grown(kept, above), _grown(broke, below)
    influence = np.zeros(len(places))
    if all(grown):
        influence = grown[0] * kept * (beaten - area) / above
        influence += grown[1] * broke * (beats - area) / below
    return area, influence


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


def left_out_areas(
    places: Rows, kept: Array, broke: Array, clusters: Rows, size: int, area: float
) -> Array:
    """How far the area moves when each cluster is left out, exactly, shape (size,).

    Pairs with either end in the cluster go, those with both ends in it once only: they are
    counted by a sort within the clusters.
    """
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
