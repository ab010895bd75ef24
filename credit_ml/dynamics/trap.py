"""How long a listing lasts in expectation: the Markov chain of somebody on a list."""

from typing import NamedTuple

import numpy as np

from credit_ml.dynamics.policy import ListRule, PolicyError


class Trap(NamedTuple):
    """What somebody must expect who comes on a list.

    Examples
    --------
    >>> Trap(years=4.0, escape=0.25).years
    4.0
    """

    years: float
    """Mean years until the listing ends."""
    escape: float
    """Chance a year of one who is listed that it ends: one by the mean years."""


def expected_trap(
    rule: ListRule, *, broken: float, order_chance: float, repair: float = 0.0
) -> Trap:
    """Mean length of a listing, and the chance a year to escape it.

    Whoever is listed for k more years breaks an obligation with chance ``broken``, and is ordered
    for it with ``order_chance``: then the listing stands for the years of the new grade, or what
    was left if that is more. Otherwise it is repaired with chance ``repair`` if the obligation was
    kept, and else has k - 1 years to stand. The means solve
    ``E_k = 1 + sum_g pi_g b E_max(k-1, D_g) + (1 - b - s) E_(k-1)``, with ``b = broken
    order_chance`` and ``s = (1 - broken) repair``; of one grade of D years
    ``E_D = S / (1 - b S)``, ``S = (1 - c^D) / (1 - c)``, ``c = 1 - b - s``.

    Cost: one linear system of as many unknowns as the longest grade has years.

    Parameters
    ----------
    rule : ListRule
        With grades of whole years.
    broken, order_chance, repair : float
        Chances a year.

    Raises
    ------
    PolicyError
        When a grade has no end, or not whole years.

    References
    ----------
    Kemeny, J. G. and Snell, J. L. (1960). Finite Markov chains. Van Nostrand, chapter 3
    (absorbing chains).

    Examples
    --------
    >>> from credit_ml.dynamics import load_policy
    >>> courts = load_policy("joined").lists[0]
    >>> expected_trap(courts, broken=0.0, order_chance=0.0)
    Trap(years=2.0, escape=0.5)
    """
    spans = []
    for grade in rule.grades:
        whole = grade.years is not None and grade.years == int(grade.years)
        problem = f"stands for {grade.years} years"
        PolicyError.unless(whole, f"{rule.id}, {grade.id}", problem, "give whole years")
        spans.append(int(grade.years or 0))
    shares = np.array([grade.share for grade in rule.grades])
    again, mended = broken * order_chance, (1.0 - broken) * repair
    longest = max(spans)
    moves = np.zeros((longest + 1, longest + 1))
    for left in range(1, longest + 1):
        moves[left, left - 1] += 1.0 - again - mended
        moves[left, 0] += mended
        for span, share in zip(spans, shares, strict=True):
            moves[left, max(left - 1, span)] += again * share
    inside = moves[1:, 1:]
    years = np.linalg.solve(np.eye(longest) - inside, np.ones(longest))
    mean = float(shares @ years[np.array(spans) - 1])
    return Trap(mean, 1.0 / mean)
