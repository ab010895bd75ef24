"""People who respond to a score that they know: costs, closed forms, learning, raters' answers."""

from credit_ml.strategic.answers.choosing import DisclosureChoice, choose_disclosure
from credit_ml.strategic.answers.replies import ANSWERS, Answer
from credit_ml.strategic.closed_form.effort import Incentive, incentive
from credit_ml.strategic.closed_form.linear_response import LinearResponse, linear_response
from credit_ml.strategic.costs.base import (
    Cost,
    Mahalanobis,
    MixedCost,
    OneSided,
    Quadratic,
    Separable,
)
from credit_ml.strategic.costs.social import PercentileShift, PerTie
from credit_ml.strategic.costs.terms import ForGroups, Subsidised, WithDetection, WithSetup
from credit_ml.strategic.learning.examples import learned_from_samples, learned_linear, minimum_norm
from credit_ml.strategic.learning.friends import friendship_chances, type_from_ties
from credit_ml.strategic.performative.crossing import CrossTheLine, Effort, LinearShift
from credit_ml.strategic.performative.gradient import GradientStep
from credit_ml.strategic.performative.performative import (
    PerformativeOptimum,
    performative_optimum,
    performative_risk,
)
from credit_ml.strategic.performative.runs import over_runs
from credit_ml.strategic.performative.searching import LinearMinimum, performative_minimum
from credit_ml.strategic.performative.trajectory import Trajectory, repeated_refitting
from credit_ml.strategic.robust.dropping import drop_manipulable, manipulable
from credit_ml.strategic.robust.robust import RobustAnswer, robust_by_rounds, shifted_threshold
from credit_ml.strategic.robust.strategic_logistic import StrategicLogistic

__all__ = [
    "ANSWERS",
    "Answer",
    "Cost",
    "CrossTheLine",
    "DisclosureChoice",
    "Effort",
    "ForGroups",
    "GradientStep",
    "Incentive",
    "LinearMinimum",
    "LinearResponse",
    "LinearShift",
    "Mahalanobis",
    "MixedCost",
    "OneSided",
    "PerTie",
    "PercentileShift",
    "PerformativeOptimum",
    "Quadratic",
    "RobustAnswer",
    "Separable",
    "StrategicLogistic",
    "Subsidised",
    "Trajectory",
    "WithDetection",
    "WithSetup",
    "choose_disclosure",
    "drop_manipulable",
    "friendship_chances",
    "incentive",
    "learned_from_samples",
    "learned_linear",
    "linear_response",
    "manipulable",
    "minimum_norm",
    "over_runs",
    "performative_minimum",
    "performative_optimum",
    "performative_risk",
    "repeated_refitting",
    "robust_by_rounds",
    "shifted_threshold",
    "type_from_ties",
]
