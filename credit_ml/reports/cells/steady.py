"""Numbers as every processor has them: what its last bits say is rounded off before it is shown.

Processors add in another order and fuse other steps, so that the same study differs in the 13th
digit or later, and what is 0 on one is 1e-61 on the other. A page is made of numbers that are
rounded first, and so the same bytes everywhere.
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array

#: Digits that count, and the size below which a number is 0.
DIGITS, NOTHING = 10, 1e-12


def steady(value: float) -> float:
    """Round a number to ten digits; whole numbers stay as they are.

    Examples
    --------
    >>> steady(0.4251560660770419) == steady(0.42515606607704187), steady(1.6e-61), steady(5e10 + 1)
    (True, 0.0, 50000000001.0)
    """
    if not math.isfinite(value) or value == int(value):
        return float(value)
    return 0.0 if abs(value) < NOTHING else float(f"{value:.{DIGITS - 1}e}")


def steady_column(values: Array) -> Array:
    """Round an array as `steady` does one number.

    Examples
    --------
    >>> steady_column(np.array([0.1 + 0.2, 1e-20, np.nan])).tolist()
    [0.3, 0.0, nan]
    """
    made = np.array(values, dtype="float64")
    # Whole numbers, and what is missing, stay as they are.
    places = np.flatnonzero(np.isfinite(made) & (made != np.trunc(made)))
    made[places] = [steady(each) for each in made[places].tolist()]
    return made


def steady_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose numbers are rounded, every column as it was else.

    Words become plain objects: a page reads single cells, which is dear from a column of Arrow's.

    Examples
    --------
    >>> steady_table(pd.DataFrame({"estimate": [0.1 + 0.2], "people": [3]})).values.tolist()
    [[0.3, 3.0]]
    """
    changed: dict[str, Any] = {}
    for name, kind in table.dtypes.items():
        if isinstance(kind, pd.StringDtype):
            changed[str(name)] = table[name].to_numpy(dtype=object)
        elif kind == "float64":
            changed[str(name)] = steady_column(table[name].to_numpy())
    return table.assign(**changed)
