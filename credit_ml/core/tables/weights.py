"""Weights of people: of how many in a population each row of a table speaks."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.errors import InputError, Remedy, TableError
from credit_ml.core.tables.columns import need_columns


def checked_weights(
    given: Any, frame: pd.DataFrame, roles: Mapping[str, Any], place: str
) -> pd.Series | None:
    """Weights as float64, one a row of a frame; None where none are given.

    Parameters
    ----------
    given : str or array_like of shape (people,), or None
        A column's name, or numbers that are not negative. A row of weight 0 counts as absent.
    frame : DataFrame
    roles : mapping of a role ("target") to the columns that have it
        Which cannot be weights too.
    place : str
        The table's name.

    Raises
    ------
    TableError
        When the column is absent or has another role, or a weight is none.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": [0, 3], "persons": [10, 30]})
    >>> checked_weights("persons", frame, {}, "table").tolist()
    [10.0, 30.0]
    """
    if given is None:
        return None
    if np.ndim(given) == 0:
        name = str(given)
        need_columns(frame, [name], f"{place}, weights")
        for role, columns in roles.items():
            if name in columns:
                problem = f"is also the {role}" if role in ("target", "cluster") else f"is a {role}"
                remedy = "give weights a column of their own"
                raise TableError(f"{place}, weights '{name}'", problem, remedy)
        values, where = frame[name], f"{place}, weights '{name}'"
    else:
        name = str(getattr(given, "name", None) or "weights")
        array, where = np.asarray(given), f"{place}, weights"
        if array.shape != (len(frame),):
            problem = f"have shape {array.shape} for {len(frame):,} rows"
            raise TableError(where, problem, "give one number a row")
        values = pd.Series(array, index=frame.index)
    if values.dtype == bool or not pd.api.types.is_numeric_dtype(values):
        raise TableError(where, f"hold {values.dtype} values", "give numbers")
    if np.iscomplexobj(values):
        raise TableError(where, "hold complex numbers", "give numbers that are not negative")
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    give = "give everybody a weight, 0 for who shall not count"
    command = f"{give}, or leave those rows out, counted on the page: --incomplete leave_out"
    for problem, wrong, remedy in (
        ("are missing or endless", ~np.isfinite(numbers), Remedy(give, command)),
        ("are negative", numbers < 0, give),
    ):
        if wrong.any():
            raise TableError(where, f"{problem} in {int(wrong.sum()):,} rows", remedy)
    TableError.unless(numbers.any(), where, "are all 0", "give weights of which some are above 0")
    return pd.Series(numbers, index=frame.index, name=name)


def relative_weights(weights: Any) -> np.ndarray | None:
    """Weights by the mean of those above 0, shape (people,); None where everybody counts alike.

    Examples
    --------
    >>> relative_weights(pd.Series([10.0, 30.0])).tolist()
    [0.5, 1.5]
    >>> relative_weights(pd.Series([7.0, 7.0])) is None
    True
    """
    if weights is None:
        return None
    numbers = np.asarray(weights, dtype="float64")
    if not numbers.size or numbers.min() == numbers.max():
        return None
    # First by the largest, so that no sum overflows.
    numbers = numbers / numbers.max()
    return np.asarray(numbers / numbers[numbers > 0].mean())


def worth(weights: np.ndarray) -> float:
    """How many people of equal weight tell a mean as well (Kish): ``(sum w)^2 / sum w^2``.

    References
    ----------
    Kish, L. (1965). Survey sampling. Wiley.

    Examples
    --------
    >>> round(worth(np.array([1.0, 1.0, 2.0])), 2)
    2.67
    """
    squares = float((weights * weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def refuse_weights(dataset: Any, instrument: str) -> None:
    """Raise InputError where people have unequal weights, which an instrument cannot take.

    Better than to leave them aside in silence: numbers about the rows would be read as numbers
    about those whom they stand for.

    Raises
    ------
    InputError
        With what to do instead.

    Examples
    --------
    >>> from credit_ml.core import Dataset
    >>> frame = pd.DataFrame({"late": [0, 3, 1], "persons": [1, 1, 2]})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=[], weights="persons")
    >>> try:
    ...     refuse_weights(data, "recourse")
    ... except InputError as refused:
    ...     print(refused.problem)
    takes no weights of people, and the rows of table have some
    """
    weights = relative_weights(getattr(dataset, "weights", None))
    if weights is None:
        return
    problem = f"takes no weights of people, and the rows of {dataset.name} have some"
    drawn = f"draw {max(1, round(worth(weights))):,} of them in proportion to the weights"
    remedy = f"leave the weights out to learn of the rows, or {drawn}"
    raise InputError(instrument, problem, remedy)
