"""Votes on a few proposals: majority judgement, Borda, pairwise majority and its cycles."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Array, InputError, Mask, Rows
from credit_ml.governance.agreed_values.citizens import checked_weights

#: Names of the grades of a ballot, from the worst; a proposal further away than the last limit
#: is rejected.
GRADES = ("reject", "poor", "passable", "good", "very good", "excellent")
#: Largest share of weight that would have to be moved for each grade, from the worst on.
LIMITS = (0.5, 0.4, 0.3, 0.2, 0.1)


def mean_weights(weights: Array) -> Array:
    """Mean of voters' weights, the "mean voter"; shape (factors,).

    No proposal is preferred to it by more than `mean_voter_bound` of voters who rank by distance.

    Raises
    ------
    InputError
        As in `checked_weights`.

    References
    ----------
    Caplin, A. and Nalebuff, B. (1991). Aggregation and social choice: a mean voter theorem.
    Econometrica 59, 1-23.

    Examples
    --------
    >>> mean_weights(np.array([[1.0, 0.0], [0.5, 0.5]])).tolist()
    [0.75, 0.25]
    """
    return np.asarray(checked_weights(weights).mean(axis=0))


def mean_voter_bound(votes: Array) -> float:
    """Largest share of voters who can prefer any proposal to the mean of weights; NaN if unbounded.

    In n dimensions, here factors less one, it is ``1 - (n / (n + 1))^n`` where any weights are as
    likely as any others (5/9 in two), and ``1 - 1/e`` for any log-concave density. Of groups with
    values of their own, or of a factor with fewer pseudo-votes than 1, nothing is promised.

    Parameters
    ----------
    votes : ndarray, shape (groups, factors)
        Pseudo-votes of each group's weights (`CitizenValues`).

    References
    ----------
    Caplin, A. and Nalebuff, B. (1991). Aggregation and social choice: a mean voter theorem.
    Econometrica 59, 1-23. Grunbaum, B. (1960). Partitions of mass-distributions and of convex
    bodies by hyperplanes. Pacific Journal of Mathematics 10, 1257-1261.

    Examples
    --------
    >>> [round(mean_voter_bound(np.full((1, 3), votes)), 4) for votes in (1.0, 2.0)]
    [0.5556, 0.6321]
    >>> mean_voter_bound(np.array([[1.0, 2.0], [2.0, 1.0]]))
    nan
    """
    # Equal to rounding: shares are divided and multiplied again.
    votes = np.round(votes, 9)
    if (votes != votes[0]).any() or votes.min() < 1.0:
        return float("nan")
    dimensions = votes.shape[1] - 1
    uniform = 1.0 - (dimensions / (dimensions + 1.0)) ** dimensions
    return float(uniform if votes.max() == 1.0 else 1.0 - np.exp(-1.0))


def median_weights(weights: Array, *, divide: bool = True) -> Array:
    """Median of voters' weights factor by factor; shape (factors,).

    Nobody brings a factor's median nearer to an own weight by naming another (Moulin 1980; Border
    and Jordan 1983). Medians need not sum to 1; divided by their sum they do, and what one names of
    one factor then moves the others a little.

    Raises
    ------
    InputError
        As in `checked_weights`; or every median is 0, so that nothing can be divided.

    References
    ----------
    Moulin, H. (1980). On strategy-proofness and single peakedness. Public Choice 35, 437-455.
    Border, K. C. and Jordan, J. S. (1983). Straightforward elections, unanimity and phantom voters.
    Review of Economic Studies 50, 153-170.

    Examples
    --------
    >>> three = np.array([[0.6, 0.4, 0.0], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]])
    >>> median_weights(three).round(2).tolist(), median_weights(three, divide=False).tolist()
    ([0.25, 0.5, 0.25], [0.2, 0.4, 0.2])
    """
    middle = np.median(checked_weights(weights), axis=0)
    if not divide:
        return np.asarray(middle)
    problem, remedy = "have a median of 0 at every factor", "take their mean"
    InputError.unless(middle.sum() > 0, "weights", problem, remedy)
    return np.asarray(middle / middle.sum())


def weight_moved(weights: Array, proposals: Array) -> Array:
    """Share of weight that would have to be moved from a proposal to get to one's own weights.

    Half the sum of absolute differences; 0 agrees, 1 shares nothing. Shape (voters, proposals).

    Examples
    --------
    >>> weight_moved(np.array([[1.0, 0.0]]), np.array([[0.75, 0.25], [0.0, 1.0]])).tolist()
    [[0.25, 1.0]]
    """
    return np.stack([np.abs(weights - each).sum(axis=1) / 2 for each in proposals], axis=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class VoteCount:
    """What voters said of some proposals: how many prefer which, and how many gave which grade.

    Examples
    --------
    >>> triple = np.array([[0, 1, 2], [2, 0, 1], [1, 2, 0]])   # Condorcet's: distances of three
    >>> count = VoteCount.of_distances(triple / 4, ["a", "b", "c"])
    >>> count.cycle
    ('a', 'b', 'c')
    >>> count.majorities[0].round(2).tolist()
    [0.5, 0.67, 0.33]
    """

    names: tuple[str, ...]
    majorities: Array
    """Share who prefer the proposal of a row to that of a column, ties half; shape (m, m)."""
    grades: Array
    """Voters who gave each grade, from the worst; shape (m, grades)."""

    @classmethod
    def of_distances(
        cls, distances: Array, names: Sequence[str], *, moved: Array | None = None
    ) -> "VoteCount":
        """Count voters who prefer what is nearer, and grade it by the share of weight `moved`.

        Raises
        ------
        InputError
            When there is no voter or no proposal, or a name is missing.
        """
        far = np.asarray(distances, dtype=np.float64)
        shaped = far.ndim == 2 and far.size > 0
        problem = f"have shape {far.shape}"
        InputError.unless(shaped, "distances", problem, "give a row a voter, a column a proposal")
        fits = far.shape[1] == len(names) == len(set(names))
        InputError.unless(fits, "names", f"are {len(names)}", f"give {far.shape[1]}, all different")
        return Ballots.of_distances(far, names, moved=moved).count()

    @property
    def borda(self) -> Array:
        """Mean number of other proposals that a voter puts below each; shape (m,)."""
        return np.asarray(self.majorities.sum(axis=1) - 0.5)

    @property
    def worst_defeat(self) -> Array:
        """Largest share who prefer some other proposal to each; shape (m,)."""
        others = np.where(np.eye(len(self.names), dtype=bool), 0.0, self.majorities)
        return np.asarray(others.max(axis=0))

    @cached_property
    def winners(self) -> dict[str, str]:
        """The proposal that each rule chooses; the first named where two are level.

        Pairwise majority chooses what the smallest majority rejects for another (Simpson and
        Kramer): the one that beats all others where there is one.
        """
        reached = self.grades.cumsum(axis=1) * 2 >= self.grades.sum(axis=1, keepdims=True)
        middle = reached.argmax(axis=1)
        level = np.flatnonzero(middle == middle.max()).tolist()
        judged = max(level, key=lambda place: majority_value(self.grades[place]))
        return {
            "majority_judgement": self.names[judged],
            "borda": self.names[int(np.argmax(np.round(self.borda, 12)))],
            "pairwise": self.names[int(np.argmin(np.round(self.worst_defeat, 12)))],
        }

    @property
    def top_set(self) -> tuple[str, ...]:
        """The fewest proposals of which each beats every proposal outside (Smith)."""
        beats = self.majorities > 0.5
        order = np.argsort(-beats.sum(axis=1), kind="stable")
        sizes = range(1, len(order) + 1)
        size = next(n for n in sizes if beats[np.ix_(order[:n], order[n:])].all())
        return tuple(self.names[place] for place in sorted(order[:size]))

    @property
    def cycle(self) -> tuple[str, ...]:
        """Proposals of which each is beaten by the one before, and the first by the last.

        The shortest there is; of several, one through the earliest named. () where there is none.
        """
        beats = self.majorities > 0.5
        found = [each for start in range(len(beats)) if (each := _round_trip(beats, start))]
        shortest: list[int] = min(found, key=len, default=[])
        return tuple(self.names[place] for place in shortest)


def _round_trip(beats: Mask, start: int) -> list[int]:
    """Shortest way from a proposal over those it beats back to itself."""
    came: dict[int, int] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there in np.flatnonzero(beats[here]).tolist():
            if there == start:
                way = [here]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if there not in came:
                came[there] = here
                waiting.append(there)
    return []


def majority_value(grades: Array) -> bytes:
    """Grades in the order in which majority judgement reads them, to be compared as they are.

    The middle grade (the lower of two), then the middle of what is left, and so on.

    References
    ----------
    Balinski, M. and Laraki, R. (2007). A theory of measuring, electing, and ranking. PNAS 104,
    8720-8725.

    Examples
    --------
    >>> list(majority_value(np.array([1, 1, 2])))   # one of 0, one of 1, two of 2
    [1, 2, 0, 2]
    """
    each = np.repeat(np.arange(len(grades), dtype=np.uint8), np.asarray(grades, dtype=np.int64))
    size = len(each)
    steps = np.arange(size)
    # From the lower middle: up and down in turn where they are even, down and up where odd.
    away = (steps + 1) // 2
    turned = np.where((steps % 2 == 1) == (size % 2 == 0), away, -away)
    return bytes(each[(size - 1) // 2 + turned])


@dataclass(frozen=True, kw_only=True, eq=False)
class Ballots:
    """Every voter's ballot, kept so that voters can be drawn again.

    Examples
    --------
    >>> ballots = Ballots.of_distances(np.array([[0.0, 0.2], [0.3, 0.0]]), ["a", "b"])
    >>> ballots.count().majorities.tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    >>> ballots.count(np.array([2, 0])).winners["borda"]
    'a'
    """

    names: tuple[str, ...]
    prefers: NDArray[np.float32]
    """1 where a voter prefers the first of a pair, 0 the second, a half where they are level;
    shape (voters, pairs)."""
    given: NDArray[np.uint8]
    """Each voter's grade of each proposal, from 0; shape (voters, m)."""

    @classmethod
    def of_distances(
        cls, far: Array, names: Sequence[str], *, moved: Array | None = None
    ) -> "Ballots":
        """Make ballots of how far each proposal is from each voter."""
        one, two = np.triu_indices(far.shape[1], k=1)
        gap = far[:, two] - far[:, one]
        # Proposals that are one and the same differ by rounding alone.
        prefers = np.where(np.abs(gap) < 1e-12, 0.5, gap > 0).astype(np.float32)
        share = far if moved is None else moved
        given = np.searchsorted(-np.asarray(LIMITS), -share, side="left").astype(np.uint8)
        return cls(names=tuple(names), prefers=prefers, given=given)

    def count(self, times: Rows | None = None) -> VoteCount:
        """Count everybody, or each voter some `times`."""
        voters, size = self.given.shape
        weight = np.ones(voters) if times is None else np.asarray(times, dtype=np.float64)
        # Halves are summed without rounding up to 2^23 voters.
        ahead = (weight.astype(np.float32) @ self.prefers).astype(np.float64) / weight.sum()
        majorities = np.full((size, size), 0.5)
        pairs = np.triu_indices(size, k=1)
        majorities[pairs] = ahead
        majorities.T[pairs] = 1.0 - ahead
        grades = [np.bincount(each, weight, minlength=len(GRADES)) for each in self.given.T]
        return VoteCount(names=self.names, majorities=majorities, grades=np.array(grades))


def vote(weights: Array, proposals: dict[str, Array]) -> VoteCount:
    """Let voters choose among proposals of weights, each preferring what is nearer to their own.

    Cost: voters times pairs of proposals.

    Parameters
    ----------
    weights : ndarray, shape (voters, factors)
        Each voter's; at least 0, summing to 1.
    proposals : mapping of name to ndarray, shape (factors,)

    Raises
    ------
    InputError
        Without voters or proposals, or when weights are below 0 or do not sum to 1.

    Examples
    --------
    >>> weights = np.array([[0.8, 0.2], [0.6, 0.4], [0.1, 0.9]])
    >>> proposals = {"mean": mean_weights(weights), "median": median_weights(weights)}
    >>> vote(weights, proposals).winners
    {'majority_judgement': 'median', 'borda': 'median', 'pairwise': 'median'}
    """
    return ballots(weights, proposals).count()


def ballots(weights: Array, proposals: dict[str, Array]) -> Ballots:
    """Return each voter's ballot on proposals, as `vote` counts them."""
    own = checked_weights(weights)
    InputError.unless(proposals, "proposals", "are none", "give at least one")
    slate = checked_weights(list(proposals.values()), place="proposals")
    problem = f"weigh {slate.shape[1]} factors, the voters {own.shape[1]}"
    InputError.unless(slate.shape[1] == own.shape[1], "proposals", problem, "weigh the same ones")
    # Without the root, which orders alike.
    far = np.stack([((own - each) ** 2).sum(axis=1) for each in slate], axis=1)
    return Ballots.of_distances(far, list(proposals), moved=weight_moved(own, slate))
