"""What it makes to let citizens say what a score should count."""

import numpy as np

from credit_ml.core import Array, Streams
from credit_ml.governance.agreed_values.ballots import median_weights
from credit_ml.governance.agreed_values.card import FactorCard
from credit_ml.governance.agreed_values.citizens import citizen_weights
from credit_ml.governance.source_rows.lab import RowLab, percentiles
from credit_ml.governance.source_rows.row import Setting


def _moved(lab: RowLab, setting: Setting) -> Array:
    """Places out of 100 by which weights move somebody from where the card's own put one.

    Agreed weights are the medians of those of all citizens, any weights being as likely as any
    others (`median_weights`, after Moulin 1980).
    """
    card = FactorCard.of(lab.rater(setting), lab.view(setting))
    own = percentiles(card.raw(card.own_weights))
    if setting.take == "own":
        return np.zeros_like(own)
    votes = np.ones((len(own), len(card.factors)))
    seed = Streams(lab.seed).seed_for("rows.values")
    agreed = median_weights(citizen_weights(votes, seed=seed))
    return np.asarray(np.abs(percentiles(card.raw(agreed)) - own))


MEASURES = {"places_moved_by_weights": _moved}
