"""How groups are treated: metrics of decisions and scores by group, with intervals."""

from credit_ml.fairness.audit.compute import audit, audit_tally
from credit_ml.fairness.audit.finding import FOUR_FIFTHS, Audit
from credit_ml.fairness.audit.privileges import audit_privileges
from credit_ml.fairness.checks import tracked_name
from credit_ml.fairness.decisions.conditional import ConditionalDisparity, conditional_disparity
from credit_ml.fairness.decisions.impact import Impact, adverse_impact
from credit_ml.fairness.decisions.parity import CRITERIA, Parity, parity
from credit_ml.fairness.metrics import MEANINGS, METRICS, RATES, Rate, rates
from credit_ml.fairness.raters.agreement import Agreement, agreement, opposite_cases
from credit_ml.fairness.raters.multiplicity import (
    Multiplicity,
    SelfConsistency,
    multiplicity,
    self_consistency,
)
from credit_ml.fairness.scores.calibration import CALIBRATION_MEASURES, Calibration, calibration
from credit_ml.fairness.scores.costs import ErrorCosts, error_costs
from credit_ml.fairness.scores.distances import distribution_distances
from credit_ml.fairness.scores.quality import MEASURES, Quality, quality
from credit_ml.fairness.scores.ranking import ranking
from credit_ml.fairness.scores.separation import DISTANCES, Separation
from credit_ml.fairness.tally.tables import tally_parts
from credit_ml.fairness.tally.tally import CLUSTERS, Tally
from credit_ml.inference import FEWEST_SOCIETIES, Over, adjusted, over_societies, shrunken_rates

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
