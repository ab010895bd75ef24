"""What people are told of a score, what they do then, and what it costs them."""

from credit_ml.disclosure.actions import Action, Bundle, Change, Menu, default_menu, load_menu
from credit_ml.disclosure.adoption import informed
from credit_ml.disclosure.advice import Advice
from credit_ml.disclosure.aims import Aim
from credit_ml.disclosure.answers import (
    ANSWERS,
    Aftermath,
    Answer,
    CrossTheLine,
    DisclosureChoice,
    Effort,
    GradientStep,
    LinearMinimum,
    LinearShift,
    PerformativeOptimum,
    Respond,
    RobustAnswer,
    StrategicLogistic,
    Trajectory,
    choose_disclosure,
    drop_manipulable,
    over_runs,
    performative_minimum,
    performative_optimum,
    performative_risk,
    refit,
    repeated_refitting,
    robust_by_rounds,
    shifted_threshold,
)
from credit_ml.disclosure.beliefs import Belief, BundleBelief, Inert, LinearBelief, ScoreBelief
from credit_ml.disclosure.bounds import Bounds
from credit_ml.disclosure.conditions import Condition
from credit_ml.disclosure.contagion import Contagion, contagion
from credit_ml.disclosure.cost_terms import ForGroups, Subsidised, WithDetection, WithSetup
from credit_ml.disclosure.costs import Cost, Mahalanobis, MixedCost, OneSided, Quadratic, Separable
from credit_ml.disclosure.disclose import disclose
from credit_ml.disclosure.effects import action_effects
from credit_ml.disclosure.effort import Incentive, incentive
from credit_ml.disclosure.finding import Disclosure, DisclosureComparison, compare_disclosures
from credit_ml.disclosure.learning import learned_from_samples, learned_linear, minimum_norm
from credit_ml.disclosure.learning_ties import friendship_chances, type_from_ties
from credit_ml.disclosure.linear_response import LinearResponse, linear_response
from credit_ml.disclosure.notice import Notice, notice
from credit_ml.disclosure.recourse import Recourse, recourse
from credit_ml.disclosure.regimes import REGIMES, Disclosed, Regime
from credit_ml.disclosure.responding import Responding
from credit_ml.disclosure.setting import Setting
from credit_ml.disclosure.social_costs import PercentileShift, PerTie
from credit_ml.disclosure.sweep import DisclosureSweep, disclosure_sweep
from credit_ml.disclosure.ties import TieMove, TiesMoved, move_ties
from credit_ml.disclosure.told import Precision

__all__ = [
    "ANSWERS",
    "REGIMES",
    "Action",
    "Advice",
    "Aftermath",
    "Aim",
    "Answer",
    "Belief",
    "Bounds",
    "Bundle",
    "BundleBelief",
    "Change",
    "Condition",
    "Contagion",
    "Cost",
    "CrossTheLine",
    "Disclosed",
    "Disclosure",
    "DisclosureChoice",
    "DisclosureComparison",
    "DisclosureSweep",
    "Effort",
    "ForGroups",
    "GradientStep",
    "Incentive",
    "Inert",
    "LinearBelief",
    "LinearMinimum",
    "LinearResponse",
    "LinearShift",
    "Mahalanobis",
    "Menu",
    "MixedCost",
    "Notice",
    "OneSided",
    "PerTie",
    "PercentileShift",
    "PerformativeOptimum",
    "Precision",
    "Quadratic",
    "Recourse",
    "Regime",
    "Respond",
    "Responding",
    "RobustAnswer",
    "ScoreBelief",
    "Separable",
    "Setting",
    "StrategicLogistic",
    "Subsidised",
    "TieMove",
    "TiesMoved",
    "Trajectory",
    "WithDetection",
    "WithSetup",
    "action_effects",
    "choose_disclosure",
    "compare_disclosures",
    "contagion",
    "default_menu",
    "disclose",
    "disclosure_sweep",
    "drop_manipulable",
    "friendship_chances",
    "incentive",
    "informed",
    "learned_from_samples",
    "learned_linear",
    "linear_response",
    "load_menu",
    "minimum_norm",
    "move_ties",
    "notice",
    "over_runs",
    "performative_minimum",
    "performative_optimum",
    "performative_risk",
    "recourse",
    "refit",
    "repeated_refitting",
    "robust_by_rounds",
    "shifted_threshold",
    "type_from_ties",
]
