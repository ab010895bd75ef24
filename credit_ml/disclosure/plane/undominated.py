"""Which of several choices no other betters in everything at once."""

import numpy as np

from credit_ml.core import Array, Mask


def undominated(points: Array) -> Mask:
    """Whether no other row is at least as large in all columns, and larger in one.

    Examples
    --------
    >>> undominated(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.5]])).tolist()
    [True, True, False]
    """
    no_less = (points[:, None, :] >= points[None, :, :]).all(axis=2)
    more = (points[:, None, :] > points[None, :, :]).any(axis=2)
    return np.asarray(~(no_less & more).any(axis=0))
