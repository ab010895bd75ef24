"""What years under a policy do to people."""

import numpy as np

from credit_ml.core import Array
from credit_ml.governance.source_rows.lab import RowLab
from credit_ml.governance.source_rows.row import Setting


def _total(lab: RowLab, setting: Setting) -> Array:
    """A total of the years, as a citizen has it by their end; 0 where the policy makes none."""
    history = lab.history(setting)
    none = np.zeros(lab.citizens)
    return np.asarray(history.state.totals.get(setting.take, none), dtype=np.float64)


def _yearly(lab: RowLab, setting: Setting) -> Array:
    """A total of the years, a year."""
    return _total(lab, setting) / setting.years


def _after(lab: RowLab, setting: Setting) -> Array:
    """A record after the years."""
    records = lab.history(setting).after().records
    return records[setting.take].to_numpy(dtype=np.float64)


def _lost(lab: RowLab, setting: Setting) -> Array:
    """Capacity that sanctions have taken by the end of the years."""
    return lab.history(setting).state.loss.astype(np.float64)


MEASURES = {"total": _total, "yearly": _yearly, "record_after": _after, "capacity_lost": _lost}
