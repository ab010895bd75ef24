"""How groups are treated: metrics of decisions and scores by group, with intervals."""

from credit_ml.fairness.agreement import Agreement, agreement, opposite_cases
from credit_ml.fairness.audit import audit, audit_tally
from credit_ml.fairness.finding import FOUR_FIFTHS, Audit, tracked_name
from credit_ml.fairness.metrics import MEANINGS, METRICS, RATES, Rate, rates
from credit_ml.fairness.multiplicity import (
    Multiplicity,
    SelfConsistency,
    multiplicity,
    self_consistency,
)
from credit_ml.fairness.parity import CRITERIA, Parity, parity
from credit_ml.fairness.quality import MEASURES, Quality, quality
from credit_ml.fairness.resimulated import FEWEST_SOCIETIES, over_societies
from credit_ml.fairness.tally import CLUSTERS, Tally

__all__ = [
    "CLUSTERS",
    "CRITERIA",
    "FEWEST_SOCIETIES",
    "FOUR_FIFTHS",
    "MEANINGS",
    "MEASURES",
    "METRICS",
    "RATES",
    "Agreement",
    "Audit",
    "Multiplicity",
    "Parity",
    "Quality",
    "Rate",
    "SelfConsistency",
    "Tally",
    "agreement",
    "audit",
    "audit_tally",
    "multiplicity",
    "opposite_cases",
    "over_societies",
    "parity",
    "quality",
    "rates",
    "self_consistency",
    "tracked_name",
]
