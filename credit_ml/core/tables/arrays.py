"""Kinds of arrays, as signatures name them."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: Places in a table.
Rows = NDArray[np.intp]
#: Who is meant.
Mask = NDArray[np.bool_]
#: Whole numbers, such as bundles of actions, a bit an action.
Whole = NDArray[np.int64]
