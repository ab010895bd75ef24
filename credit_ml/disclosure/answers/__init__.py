"""The rater's answer to people who respond: keep, refit, robust training, fewer columns."""

from credit_ml.disclosure.answers.aftermath import Aftermath, FixedChance, Respond
from credit_ml.disclosure.answers.choosing import DisclosureChoice, choose_disclosure
from credit_ml.disclosure.answers.dropping import drop_manipulable, manipulable
from credit_ml.disclosure.answers.gradient import GradientStep
from credit_ml.disclosure.answers.line import CrossTheLine, Effort, LinearShift
from credit_ml.disclosure.answers.performative import (
    PerformativeOptimum,
    performative_optimum,
    performative_risk,
)
from credit_ml.disclosure.answers.refit import is_fixed, refit
from credit_ml.disclosure.answers.replies import ANSWERS, Answer
from credit_ml.disclosure.answers.robust import (
    RobustAnswer,
    robust_by_rounds,
    shifted_threshold,
)
from credit_ml.disclosure.answers.runs import over_runs
from credit_ml.disclosure.answers.searching import LinearMinimum, performative_minimum
from credit_ml.disclosure.answers.shift import Shifted, raised
from credit_ml.disclosure.answers.strategic import StrategicLogistic
from credit_ml.disclosure.answers.trajectory import Trajectory, repeated_refitting

__all__ = [
    "ANSWERS",
    "Aftermath",
    "Answer",
    "CrossTheLine",
    "DisclosureChoice",
    "Effort",
    "FixedChance",
    "GradientStep",
    "LinearMinimum",
    "LinearShift",
    "PerformativeOptimum",
    "Respond",
    "RobustAnswer",
    "Shifted",
    "StrategicLogistic",
    "Trajectory",
    "choose_disclosure",
    "drop_manipulable",
    "is_fixed",
    "manipulable",
    "over_runs",
    "performative_minimum",
    "performative_optimum",
    "performative_risk",
    "raised",
    "refit",
    "repeated_refitting",
    "robust_by_rounds",
    "shifted_threshold",
]
