"""How groups are treated: metrics of decisions and scores by group, with intervals."""

from credit_ml.fairness.audit import audit, audit_tally
from credit_ml.fairness.finding import FOUR_FIFTHS, Audit, tracked_name
from credit_ml.fairness.metrics import MEANINGS, METRICS, RATES, Rate, rates
from credit_ml.fairness.quality import MEASURES, Quality, quality
from credit_ml.fairness.tally import Tally

__all__ = [
    "FOUR_FIFTHS",
    "MEANINGS",
    "MEASURES",
    "METRICS",
    "RATES",
    "Audit",
    "Quality",
    "Rate",
    "Tally",
    "audit",
    "audit_tally",
    "quality",
    "rates",
    "tracked_name",
]
