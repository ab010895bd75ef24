"""The background of block Shapley: which row stands in for each person."""

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Streams


def background_rows(
    people: int,
    background: int | None = None,
    *,
    weights: NDArray[np.float64] | None = None,
    seed: int,
) -> NDArray[np.intp]:
    """Assign one background row to each person by chance, every row equally often.

    Without a background the people stand in for each other: in a shuffled ring each is
    everyone's reference once and nobody their own. Either way the assignment knows nothing of
    groups, so that references differ between groups by chance only.

    Parameters
    ----------
    people : int
        How many need a reference.
    background : int, optional
        How many rows there are to choose from.
    weights : ndarray of shape (people,), optional
        Where people have some each stands in as often as the weight says, to one more or less
        (systematic sampling), now and then for itself, as in drawing from the population.
    seed : int
        Of the shuffle.

    Returns
    -------
    ndarray of shape (people,)
        Positions in the background, or among the people.

    Examples
    --------
    >>> ring = background_rows(4, seed=0)
    >>> sorted(ring.tolist()), bool((ring == np.arange(4)).any())
    ([0, 1, 2, 3], False)
    """
    rng = Streams(seed).generator("explanation.references")
    if weights is not None:
        ends = np.cumsum(weights) / weights.sum()
        places = (np.arange(people) + rng.random()) / people
        # Rounding may leave the last end below 1.
        drawn = np.minimum(np.searchsorted(ends, places, side="right"), people - 1)
        return np.asarray(rng.permutation(drawn), dtype=np.intp)
    if background is None:
        order = rng.permutation(people)
        ring = np.empty(people, dtype=np.intp)
        ring[order] = np.roll(order, -1)
        return ring
    turns = np.concatenate([rng.permutation(background) for _ in range(-(-people // background))])
    return turns[:people]
