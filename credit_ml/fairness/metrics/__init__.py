"""Group metrics as ratios of counts: names and definitions as in fairlearn."""

from credit_ml.fairness.metrics.catalogue import COUNTS, MEANINGS, METRICS, RATES, SHARES, rates
from credit_ml.fairness.metrics.rate import Rate

__all__ = ["COUNTS", "MEANINGS", "METRICS", "RATES", "SHARES", "Rate", "rates"]
