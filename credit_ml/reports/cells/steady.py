"""Numbers as every processor has them: what its last bits say is rounded off before it is shown.

Processors add in another order and fuse other steps, so that the same study differs in the 13th
digit or later, and what is 0 on one is 1e-61 on the other. A page is made of numbers that are
rounded first, and so the same bytes everywhere.
"""

import math

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
    return np.array([steady(each) for each in values.tolist()], dtype="float64")


def steady_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose numbers are rounded, every column as it was else.

    Words become plain objects: a page reads single cells, which is dear from a column of Arrow's.

    Examples
    --------
    >>> steady_table(pd.DataFrame({"estimate": [0.1 + 0.2], "people": [3]})).values.tolist()
    [[0.3, 3.0]]
    """
    floats = table.select_dtypes("float64").columns
    texts = [name for name in table.columns if isinstance(table[name].dtype, pd.StringDtype)]
    words = {str(name): table[name].astype(object) for name in texts}
    rounded = {str(name): steady_column(table[name].to_numpy()) for name in floats}
    return table.assign(**(words | rounded))
