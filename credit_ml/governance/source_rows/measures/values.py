"""What it makes to let citizens say what a score should count."""

import numpy as np

from credit_ml.core import Array
from credit_ml.governance.agreed_values.ballots import median_weights
from credit_ml.governance.agreed_values.card import FactorCard
from credit_ml.governance.agreed_values.citizens import citizen_weights
from credit_ml.governance.source_rows.lab import RowLab, percentiles
from credit_ml.governance.source_rows.row import Setting


def _moved(lab: RowLab, setting: Setting) -> Array:
    """Places out of 100 by which weights move somebody from where the card's own put one."""
    rater, view = lab.rater(setting), lab.view(setting)
    card = FactorCard.of(rater, view)
    own, weights = percentiles(card.points(card.own_weights)), card.own_weights
    if setting.take == "agreed":
        held = citizen_weights(np.zeros_like(card.standing), seed=lab.seed)
        weights = median_weights(held)
    return np.asarray(np.abs(percentiles(card.points(weights)) - own))


MEASURES = {"places_moved_by_weights": _moved}
