"""How groups are treated: metrics of decisions and scores by group, with intervals."""

from credit_ml.fairness.agreement import Agreement, agreement, opposite_cases
from credit_ml.fairness.audit import audit, audit_tally
from credit_ml.fairness.by_privilege import audit_privileges
from credit_ml.fairness.calibration import CALIBRATION_MEASURES, Calibration, calibration
from credit_ml.fairness.checks import Over
from credit_ml.fairness.conditional import ConditionalDisparity, conditional_disparity
from credit_ml.fairness.costs import ErrorCosts, error_costs
from credit_ml.fairness.distances import distribution_distances
from credit_ml.fairness.finding import FOUR_FIFTHS, Audit, tracked_name
from credit_ml.fairness.impact import Impact, adverse_impact
from credit_ml.fairness.many import adjusted, shrunken_rates
from credit_ml.fairness.metrics import MEANINGS, METRICS, RATES, Rate, rates
from credit_ml.fairness.multiplicity import (
    Multiplicity,
    SelfConsistency,
    multiplicity,
    self_consistency,
)
from credit_ml.fairness.parity import CRITERIA, Parity, parity
from credit_ml.fairness.parts import tally_parts
from credit_ml.fairness.quality import MEASURES, Quality, quality
from credit_ml.fairness.ranking import ranking
from credit_ml.fairness.resimulated import FEWEST_SOCIETIES, over_societies
from credit_ml.fairness.separation import DISTANCES, Separation
from credit_ml.fairness.tally import CLUSTERS, Tally

__all__ = [
    "CALIBRATION_MEASURES",
    "CLUSTERS",
    "CRITERIA",
    "DISTANCES",
    "FEWEST_SOCIETIES",
    "FOUR_FIFTHS",
    "MEANINGS",
    "MEASURES",
    "METRICS",
    "RATES",
    "Agreement",
    "Audit",
    "Calibration",
    "ConditionalDisparity",
    "ErrorCosts",
    "Impact",
    "Multiplicity",
    "Over",
    "Parity",
    "Quality",
    "Rate",
    "SelfConsistency",
    "Separation",
    "Tally",
    "adjusted",
    "adverse_impact",
    "agreement",
    "audit",
    "audit_privileges",
    "audit_tally",
    "calibration",
    "conditional_disparity",
    "distribution_distances",
    "error_costs",
    "multiplicity",
    "opposite_cases",
    "over_societies",
    "parity",
    "quality",
    "ranking",
    "rates",
    "self_consistency",
    "shrunken_rates",
    "tally_parts",
    "tracked_name",
]
