"""Scores with one's own friends, with another person's, and in a world without likeness."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from credit_ml.agencies import Rater
from credit_ml.core import Array, Mask, Rows, Streams
from credit_ml.core.tables.frames import with_columns
from credit_ml.explanation import background_rows
from credit_ml.proxies.friends.rewiring import FRIENDS_COLUMNS
from credit_ml.scoring import friend_feedback
from credit_ml.society import Society, World
from credit_ml.society.ties.slots import CONTEXTS


@dataclass(frozen=True, kw_only=True)
class Leaning:
    """A rater whose scores lean on friends' scores, as strongly as `feedback`, 0 for not at all."""

    rater: Rater
    feedback: float

    def points(self, society: Society) -> Array:
        """Everybody's points, with the friends that the society gives them."""
        X = self.rater.agency.view(society).X
        if not self.feedback:
            return self.rater.score(X).to_numpy(dtype=np.float64)
        return self.rater.scale.points(self.settled(self.rater.log_odds(X), society.ties))

    def settled(self, own: Array, ties: csr_array) -> Array:
        """Log-odds where scores settle, from what one's own record gives."""
        return friend_feedback(own, ties, strength=self.feedback).log_odds

    def with_friends_of(self, society: Society, others: Rows) -> Array:
        """Points with other people's friends, one person changed at a time.

        Who leans on friends' scores leans on those of that person's friends.
        """
        X = self.rater.agency.view(society).X
        read = [name for name in FRIENDS_COLUMNS if name in X.columns]
        lent = X[read].iloc[others].set_axis(X.index)
        changed = with_columns(X, {name: lent[name] for name in read})
        if not self.feedback:
            return self.rater.score(changed).to_numpy(dtype=np.float64)
        ties = society.ties
        degree = np.diff(ties.indptr)
        settled = self.settled(self.rater.log_odds(X), ties)
        around = (ties.astype(np.float64) @ settled) / np.maximum(degree, 1)
        own = self.rater.log_odds(changed)
        leaning = (1 - self.feedback) * own + self.feedback * around[others]
        return self.rater.scale.points(np.where(degree[others] > 0, leaning, own))


def without_likeness(world: World) -> World:
    """Return the world in which every slot picks anybody in the city; all else stays.

    Friends of friends, where the world has them, are still picked; they are anybody's too.

    Examples
    --------
    >>> without_likeness(World(citizens=100)).ties.shares()["hukou"]
    0.0
    """
    knobs = world.to_dict()
    knobs["ties"] |= dict.fromkeys(CONTEXTS[:-1], 0.0)
    return World.from_dict(knobs)


def lent_friends(
    leaning: Leaning, society: Society, own: Array, known: Mask, lenders: int, streams: Streams
) -> Array:
    """What one's own friends add, against those of persons drawn at random."""
    mine, lent = np.flatnonzero(known), np.zeros(len(own))
    for number in range(lenders):
        others = np.arange(len(own))
        if len(mine) > 1:
            ring = background_rows(len(mine), seed=streams.seed_for("proxies.lenders", number))
            others[mine] = mine[ring]
        lent += (own - leaning.with_friends_of(society, others)) / lenders
    return lent
