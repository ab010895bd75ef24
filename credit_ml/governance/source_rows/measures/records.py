"""What is on file of people, and what is true of them."""

import numpy as np

from credit_ml.core import Array
from credit_ml.governance.source_rows.lab import RowLab
from credit_ml.governance.source_rows.row import Setting


def _payments_seen(lab: RowLab, setting: Setting) -> Array:
    """Share of all that one pays that the agency sees."""
    seen = lab.view(setting).X["spending"].to_numpy(dtype=np.float64, na_value=0.0)
    paid = lab.society(setting).truth["payments"].to_numpy(dtype=np.float64)
    return np.asarray(np.minimum(np.nan_to_num(seen) / paid, 1.0))


def _held(lab: RowLab, setting: Setting) -> Array:
    """Records of a citizen that the agency holds."""
    return lab.view(setting).X.notna().sum(axis=1).to_numpy(dtype=np.float64)


def _chance(lab: RowLab, setting: Setting) -> Array:
    """True chance of keeping an obligation."""
    return lab.society(setting).truth["probability"].to_numpy(dtype=np.float64)


MEASURES = {"payments_seen": _payments_seen, "records_held": _held, "chance_kept": _chance}
