"""Arrays that hold citizens: one entry a citizen, or one a slot or tie."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Measures, latents and chance.
Array = NDArray[np.float64]
#: Citizens, cells and counts.
Ints = NDArray[np.int32]
#: Where each citizen's ties begin.
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
#: Columns by name.
Arrays = dict[str, NDArray[Any]]
