"""Ties that people cut, seek and report on for their score's sake (S13), as they truly move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numba import njit
from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy.sparse import csr_array

from credit_ml.core import MenuError, Streams, known_names
from credit_ml.core.tables.arrays import Array, Mask, Whole
from credit_ml.society import Society
from credit_ml.society.ties.graph import as_ties


class TieMove(BaseModel):
    """What an action does to ties, of whoever takes it.

    Examples
    --------
    >>> TieMove(kind="cut", number=3, by="late_payments").number
    3
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["cut", "add", "report"]
    """cut: ties to the friends who look worst end; add: new ones to those who look best among
    friends' friends; report: as cut, and those who are reported lose a star among contacts."""
    number: int = Field(ge=1)
    """Ties, at most."""
    whom: Literal["friends", "partner"] = "friends"
    """Of a report: the friends who look worst; or the partner, who stays one."""
    by: str = "late_payments"
    """Record by which friends are judged."""
    worst: Literal["most", "least"] = "most"
    """Which end of it looks bad to a rater."""

    @model_validator(mode="after")
    def _reported(self) -> Self:
        problem = f"are the partner, and the move is to {self.kind}"
        fits = self.whom == "friends" or self.kind == "report"
        MenuError.unless(fits, "ties, whom", problem, "report the partner, or name friends")
        return self


@dataclass(frozen=True, kw_only=True)
class TiesMoved:
    """Ties after everybody has made their moves.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=100, seed=1).simulate()
    >>> nobody = np.zeros(100, dtype=bool)
    >>> moved = move_ties(society, {TieMove(kind="cut", number=1): nobody}, seed=0)
    >>> int(moved.cut.sum()), moved.ties.nnz == society.ties.nnz
    (0, True)
    """

    ties: csr_array
    cut: Whole
    """Ties that each citizen ended, shape (citizens,); a tie ends when either side cuts it."""
    added: Whole
    """Ties that each citizen sought and got."""
    reported: Whole
    """Times that each citizen was reported."""


#: Friends' friends whom one looks at for each tie sought.
LOOKED_AT = 8
#: What being reported costs among contacts, stars.
REPORTED_STARS = 1.0


def move_ties(society: Society, moves: Mapping[TieMove, Mask], *, seed: int) -> TiesMoved:
    """Move the ties of everybody who makes a move; cuts come before additions.

    Whom one cuts is decided on the ties as they were. A tie sought is offered to the best of
    `LOOKED_AT` friends' friends drawn at random, who accepts unless one looks worse than the worst
    friend that they have: nobody ties down willingly. Draws are each citizen's own.

    Cost: friends of those who move, times their logarithm; one pass over ties.

    Parameters
    ----------
    society : Society
    moves : mapping of TieMove to ndarray of bool, shape (citizens,)
        Who makes each move.
    seed : int

    Raises
    ------
    MenuError
        When friends are judged by a record that does not exist, or that holds no numbers.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=100, seed=1).simulate()
    >>> everybody = np.ones(100, dtype=bool)
    >>> moved = move_ties(society, {TieMove(kind="cut", number=1): everybody}, seed=0)
    >>> moved.ties.nnz < society.ties.nnz
    True
    """
    ties = society.ties if society.ties.has_sorted_indices else society.ties.sorted_indices()
    indptr, friends = ties.indptr.astype(np.int64), ties.indices.astype(np.int64)
    citizens = len(society)
    gone = np.zeros(len(friends), dtype=bool)
    cut, added, reported = (np.zeros(citizens, dtype=np.int64) for _ in range(3))
    new: list[Whole] = []
    for place, (move, who) in enumerate(moves.items()):
        looks = _looks(society, move)
        if move.kind == "add":
            random = Streams(seed).generator("disclosure.ties", place)
            drawn = random.random((int(who.sum()), move.number, LOOKED_AT, 2))
            pairs = _sought(indptr, friends, looks, np.flatnonzero(who), drawn)
            new.append(pairs)
            added += np.bincount(pairs[:, 0], minlength=citizens)
        elif move.whom == "partner":
            partner = society.people["partner_row"].to_numpy(dtype=np.int64)[who]
            reported += np.bincount(partner[partner >= 0], minlength=citizens)
        else:
            reports = reported if move.kind == "report" else np.zeros(citizens, dtype=np.int64)
            graph, ends = (indptr, friends, looks), (gone, cut, reports)
            _cut(graph, np.flatnonzero(who), move.number, ends)
    moved = _joined(ties, gone, new)
    return TiesMoved(ties=moved, cut=cut, added=added, reported=reported)


def _looks(society: Society, move: TieMove) -> Array:
    """How well each citizen looks to somebody who judges by a record: more is better."""
    place = f"ties, by '{move.by}'"
    if move.by not in society.records.columns:
        raise MenuError(place, "is no record", known_names(move.by, list(society.records.columns)))
    values = society.records[move.by]
    if values.dtype.kind not in "iufb":
        raise MenuError(place, "holds no numbers", "judge friends by another record")
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.where(np.isnan(numbers), np.nanmean(numbers), numbers)
    return -known if move.worst == "most" else known


@njit(cache=True, nogil=True)
def _cut(graph, who, number, ends):  # type: ignore[no-untyped-def]
    (indptr, friends, looks), (gone, cut, reported) = graph, ends
    for i in who:
        begin, end = indptr[i], indptr[i + 1]
        # One keeps at least one friend.
        many = min(number, end - begin - 1)
        if many <= 0:
            continue
        order = np.argsort(looks[friends[begin:end]], kind="mergesort")
        for place in range(many):
            at = begin + order[place]
            gone[at] = True
            cut[i] += 1
            reported[friends[at]] += 1


@njit(cache=True, nogil=True)
def _sought(indptr, friends, looks, who, drawn):  # type: ignore[no-untyped-def]
    """Pairs of seeker and friend found, one row each."""
    found = np.empty((len(who) * drawn.shape[1], 2), dtype=np.int64)
    size = 0
    for row in range(len(who)):
        i = who[row]
        first = size
        for attempt in range(drawn.shape[1]):
            best = -1
            for look in range(drawn.shape[2]):
                mine = indptr[i + 1] - indptr[i]
                if mine == 0:
                    break
                friend = friends[indptr[i] + int(drawn[row, attempt, look, 0] * mine)]
                theirs = indptr[friend + 1] - indptr[friend]
                other = friends[indptr[friend] + int(drawn[row, attempt, look, 1] * theirs)]
                if other == i or _is_friend(indptr, friends, i, other):
                    continue
                taken = False
                for before in range(first, size):
                    if found[before, 1] == other:
                        taken = True
                if not taken and (best < 0 or looks[other] > looks[best]):
                    best = other
            if best >= 0 and looks[i] >= _worst(indptr, friends, looks, best):
                found[size, 0], found[size, 1] = i, best
                size += 1
    return found[:size]


@njit(cache=True, nogil=True)
def _is_friend(indptr, friends, one, other):  # type: ignore[no-untyped-def]
    place = np.searchsorted(friends[indptr[one] : indptr[one + 1]], other)
    return place < indptr[one + 1] - indptr[one] and friends[indptr[one] + place] == other


@njit(cache=True, nogil=True)
def _worst(indptr, friends, looks, one):  # type: ignore[no-untyped-def]
    least = np.inf
    for place in range(indptr[one], indptr[one + 1]):
        least = min(least, looks[friends[place]])
    return least


def _joined(ties: csr_array, gone: Mask, new: Sequence[Whole]) -> csr_array:
    """Ties less those that either side cut, and those agreed upon; ties are symmetric."""
    citizens = ties.shape[0]
    owner = np.repeat(np.arange(citizens), np.diff(ties.indptr))
    ends = owner * citizens + ties.indices  # in rising order
    cut = gone.copy()
    cut[np.searchsorted(ends, ties.indices[gone].astype(np.int64) * citizens + owner[gone])] = True
    pairs = np.concatenate([np.zeros((0, 2), dtype=np.int64), *new])
    both_ways = pairs @ np.array([[citizens, 1], [1, citizens]])
    ends = np.sort(np.concatenate([ends[~cut], both_ways.ravel()]), kind="stable")
    ends = ends[np.diff(ends, prepend=-1) > 0]
    counts = np.bincount(ends // citizens, minlength=citizens)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    narrowest = np.int32 if citizens < 2**31 else np.int64
    return as_ties(starts, (ends % citizens).astype(narrowest), citizens)
