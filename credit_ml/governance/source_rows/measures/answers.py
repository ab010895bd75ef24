"""What people do about a score that they are told more or less of."""

import numpy as np

from credit_ml.core import Array
from credit_ml.governance.source_rows.lab import RowLab
from credit_ml.governance.source_rows.row import Setting


def _gained(lab: RowLab, setting: Setting) -> Array:
    """Points gained by what one does."""
    found = lab.answers(setting)
    return np.asarray(found.after - found.before)


def _advice(lab: RowLab, setting: Setting) -> Array:
    """Paid for advice, yuan."""
    return np.asarray(1000 * lab.answers(setting).advice)


def _does(lab: RowLab, setting: Setting) -> Array:
    """Whether one does anything of a kind of action."""
    found, actions = lab.answers(setting), lab.case(setting).problem.actions
    bits = sum(1 << n for n, each in enumerate(actions) if each.kind == setting.take)
    return np.asarray((found.masks & bits) > 0, dtype=np.float64)


MEASURES = {"points_gained": _gained, "paid_for_advice": _advice, "does": _does}
