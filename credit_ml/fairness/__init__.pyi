from .audit.compute import audit, audit_tally
from .audit.finding import FOUR_FIFTHS, Audit
from .audit.privileges import audit_privileges
from .checks import tracked_name
from .decisions.conditional import ConditionalDisparity, conditional_disparity
from .decisions.impact import Impact, adverse_impact
from .decisions.parity import CRITERIA, Parity, parity
from .decisions.thresholds import ThresholdCurve, threshold_curve
from .metrics import MEANINGS, METRICS, RATES, Rate, rates
from .places.compute import score_map
from .places.finding import ScoreMap
from .raters.agreement import Agreement, agreement, opposite_cases
from .raters.multiplicity import Multiplicity, SelfConsistency, multiplicity, self_consistency
from .scores.calibration import CALIBRATION_MEASURES, Calibration, calibration
from .scores.costs import ErrorCosts, error_costs
from .scores.distances import distribution_distances
from .scores.quality import MEASURES, Quality, quality
from .scores.ranking import ranking
from .scores.separation import DISTANCES, Separation
from .tally.tables import tally_parts
from .tally.tally import CLUSTERS, Tally

__all__ = [
    "CALIBRATION_MEASURES",
    "CLUSTERS",
    "CRITERIA",
    "DISTANCES",
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
    "Parity",
    "Quality",
    "Rate",
    "ScoreMap",
    "SelfConsistency",
    "Separation",
    "Tally",
    "ThresholdCurve",
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
    "parity",
    "quality",
    "ranking",
    "rates",
    "score_map",
    "self_consistency",
    "tally_parts",
    "threshold_curve",
    "tracked_name",
]
