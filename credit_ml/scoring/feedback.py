"""Scores that use friends' scores: one person's number moves another's (S13)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, diags_array

from credit_ml.core import Array, ModelError


@dataclass(frozen=True, kw_only=True)
class FriendFeedback:
    """The fixed point of scores that lean on friends' scores.

    Examples
    --------
    >>> ties = csr_array(np.array([[0, 1], [1, 0]]))
    >>> found = friend_feedback([1.0, 3.0], ties, strength=0.5)
    >>> found.log_odds.round(3).tolist(), found.error < 1e-8
    ([1.667, 2.333], True)
    """

    log_odds: Array
    """Where the scores settle, one a person."""
    rounds: int
    """Rounds of passing scores on until nothing moved by more than the tolerance."""
    error: float
    """Upper bound of the distance to the fixed point: ``strength / (1 - strength)`` times the
    last move."""


def friend_feedback(
    log_odds: ArrayLike, ties: csr_array, *, strength: float, tolerance: float = 1e-9
) -> FriendFeedback:
    """Let every score lean on the mean score of one's friends until nothing moves.

    ``s_i = (1 - strength) b_i + strength * mean of s_j over friends j``, where b is the score from
    one's own record; who has no friends keeps b. The map is a contraction by `strength` in the
    largest difference, so for 0 <= strength < 1 the fixed point exists, is unique and is reached
    from anywhere: ``s = (I - strength W)^-1 (1 - strength) b``, W the mean over friends.

    Cost: one pass over ties a round; about ``log(tolerance) / log(strength)`` rounds.

    Parameters
    ----------
    log_odds : array_like of shape (people,)
        Score from one's own record.
    ties : csr_array of shape (people, people)
        Row i holds a 1 for each friend of i.
    strength : float
        Weight of friends, from 0 to below 1.
    tolerance : float
        Move, in log-odds, below which a round is the last.

    Raises
    ------
    ModelError
        When strength is outside [0, 1), or the shapes do not fit.

    References
    ----------
    Wei, Y., Yildirim, P., Van den Bulte, C. and Dellarocas, C. (2016). Credit scoring with social
    network data. Marketing Science 35, 234-258. Banach (1922), for the fixed point.

    Examples
    --------
    >>> pair = csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
    >>> friend_feedback([0.0, 3.0], pair, strength=0.5).log_odds.round(6).tolist()
    [1.0, 2.0]
    """
    own = np.asarray(log_odds, dtype=np.float64)
    size, remedy = (len(own), len(own)), "give 0 to below 1: from 1 on scores need not settle"
    ModelError.unless(0 <= strength < 1, "strength", f"is {strength}", remedy)
    ModelError.unless(ties.shape == size, "ties", f"have shape {ties.shape}", f"give {size}")
    mean, alone = _mean_over_friends(ties)
    now, rounds, move = own, 0, np.inf
    while move > tolerance and strength > 0:
        leaning = (1 - strength) * own + strength * (mean @ now)
        new = np.where(alone, own, leaning)
        move = float(np.abs(new - now).max(initial=0.0))
        now, rounds = new, rounds + 1
    last = 0.0 if strength == 0 else move * strength / (1 - strength)
    return FriendFeedback(log_odds=now, rounds=rounds, error=last)


def reach(ties: csr_array, person: int, *, strength: float) -> Array:
    """How far everybody's score moves when one person's own score rises by 1.

    A column of ``(1 - strength) (I - strength W)^-1``: the person first, friends next, and theirs.

    Cost: that of `friend_feedback`.

    Raises
    ------
    ModelError
        When there is no such person, or strength is outside [0, 1).

    Examples
    --------
    >>> pair = csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
    >>> reach(pair, 0, strength=0.5).round(6).tolist()
    [0.666667, 0.333333]
    """
    people = ties.shape[0]
    ModelError.unless(0 <= person < people, "person", f"is {person}", f"give 0 to {people - 1}")
    rise = np.zeros(people)
    rise[person] = 1.0
    return friend_feedback(rise, ties, strength=strength).log_odds


def _mean_over_friends(ties: csr_array) -> tuple[csr_array, NDArray[np.bool_]]:
    friends = np.diff(ties.indptr)
    share = np.where(friends > 0, 1.0 / np.maximum(friends, 1), 0.0)
    return csr_array(diags_array(share) @ ties.astype(np.float64)), friends == 0
