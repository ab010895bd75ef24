"""What it makes to let citizens say what a score should count."""

import numpy as np

from credit_ml.core import Array, Streams
from credit_ml.governance.source_rows.lab import RowLab, percentiles
from credit_ml.governance.source_rows.row import Setting
from credit_ml.scoring import additive_terms


def _moved(lab: RowLab, setting: Setting) -> Array:
    """Places out of 100 by which weights move somebody from where the card's own put one.

    Factors are a card's terms, summed and with mean 0 and SD 1. Agreed weights are the medians of
    those of all citizens, any weights being as likely as any others (Moulin 1980).
    """
    rater, seen = lab.rater(setting), lab.view(setting).X
    terms = additive_terms(rater, seen, "log_odds")
    sums = np.column_stack([terms[list(each)].sum(axis=1) for each in rater.factors.values()])
    deviations = sums.std(axis=0)
    own = percentiles(sums.sum(axis=1))
    if setting.take == "own":
        return np.abs(percentiles(sums.sum(axis=1)) - own)
    streams = Streams(lab.seed).generator("rows.values")
    agreed = np.median(streams.dirichlet(np.ones(len(deviations)), size=len(sums)), axis=0)
    return np.asarray(np.abs(percentiles(sums / deviations @ agreed) - own))


MEASURES = {"places_moved_by_weights": _moved}
