"""What a score gives people: points, places, doors."""

import numpy as np

from credit_ml.core import Array
from credit_ml.governance.source_rows.lab import RowLab, percentiles
from credit_ml.governance.source_rows.row import Setting


def _points(lab: RowLab, setting: Setting) -> Array:
    """Points; without an agency, those with which everybody starts."""
    if setting.agency is None:
        return np.full(lab.citizens, float(setting.take))
    return lab.points(setting)


def _granted(lab: RowLab, setting: Setting) -> Array:
    """Whether a privilege is held; without an agency nobody is granted it."""
    if setting.agency is None:
        return np.zeros(lab.citizens)
    threshold = lab.agency(setting).privilege(setting.take).threshold
    return np.asarray(lab.points(setting) >= threshold, dtype=np.float64)


def _closed(lab: RowLab, setting: Setting) -> Array:
    """Privileges of the agency that are refused; without an agency none is."""
    if setting.agency is None:
        return np.zeros(lab.citizens)
    thresholds = np.array([each.threshold for each in lab.agency(setting).privileges])
    return np.asarray((lab.points(setting)[:, None] < thresholds).sum(axis=1), dtype=np.float64)


def _apart(lab: RowLab, setting: Setting) -> Array:
    """Largest less smallest place out of 100 that several agencies give the same person."""
    each = [setting.model_copy(update={"agency": name}) for name in setting.agencies]
    return np.asarray(np.ptp([percentiles(lab.points(one)) for one in each], axis=0))


def _moved(lab: RowLab, setting: Setting) -> Array:
    """Places out of 100 that a stream moves somebody from where typical records would put one."""
    typical = setting.model_copy(update={"typical_streams": (setting.take,)})
    places = [percentiles(lab.points(one)) for one in (setting, typical)]
    return np.asarray(np.abs(places[0] - places[1]))


MEASURES = {
    "points": _points,
    "granted": _granted,
    "doors_closed": _closed,
    "places_apart": _apart,
    "places_moved": _moved,
}
