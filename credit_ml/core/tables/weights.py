"""Weights of people, which no interval here knows: refused, with what to do instead."""

import numpy as np

from credit_ml.core.errors import InputError


def refuse_weights(weights: object, people: int) -> None:
    """Raise InputError where people are given weights; None passes.

    Counts, bootstraps and variances take each row for one person met once. With weights w they
    would be as sure as if there were as many people as rows, though the rows are worth
    ``(sum w)^2 / sum w^2`` (Kish): so many rows drawn in proportion to w can be used instead.

    Raises
    ------
    InputError
        With that number where the weights can be read, or with what is wrong with them.

    References
    ----------
    Kish, L. (1965). Survey sampling. Wiley.

    Examples
    --------
    >>> try:
    ...     refuse_weights([1, 1, 2], 3)
    ... except InputError as refused:
    ...     print(refused.problem)
    are worth 2.7 people, and people count once here
    """
    if weights is None:
        return
    try:
        numbers = np.asarray(weights, dtype="float64")
    except (TypeError, ValueError) as error:
        raise InputError("weights", "are no numbers", "leave them out") from error
    if numbers.shape != (people,):
        problem = f"have shape {numbers.shape} for {people:,} people"
        raise InputError("weights", problem, "leave them out")
    wrong = ~(np.isfinite(numbers) & (numbers >= 0))
    if wrong.any() or not numbers.sum() > 0:
        rows = f"are negative, missing or endless in {int(wrong.sum()):,} rows"
        raise InputError("weights", rows if wrong.any() else "are all 0", "leave them out")
    worth = float(numbers.sum() ** 2 / (numbers**2).sum())
    problem = f"are worth {worth:,.1f} people, and people count once here"
    remedy = f"draw rows by them: frame.sample(n={round(worth)}, weights=..., replace=True)"
    raise InputError("weights", problem, remedy)
