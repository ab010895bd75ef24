"""Arrays by what they hold, for annotations: numbers, truth values, whole numbers, places."""

import numpy as np
from numpy.typing import NDArray

#: Numbers.
Array = NDArray[np.float64]
#: Truth values, such as who belongs to a group.
Mask = NDArray[np.bool_]
#: Whole numbers, such as bundles of actions, a bit an action.
Whole = NDArray[np.int64]
#: Places of rows in a table.
Rows = NDArray[np.intp]
