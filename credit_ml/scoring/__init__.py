"""How records become a number: scorers, scales, and one way to ask any model."""

from credit_ml.scoring.additive import additive_terms
from credit_ml.scoring.binning.bins import Bins, quantile_cuts, weight_of_evidence
from credit_ml.scoring.binning.monotone import MonotoneCuts, monotone_cuts
from credit_ml.scoring.calibration import CalibratedScorer
from credit_ml.scoring.catalogue import scorers
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.crossfit import CrossFitted, Fold, check_folds, cross_fit
from credit_ml.scoring.direction import Direction, display_name, good_class
from credit_ml.scoring.encoder import FeatureEncoder
from credit_ml.scoring.feedback import FriendFeedback, friend_feedback, reach
from credit_ml.scoring.linking import PercentileLink
from credit_ml.scoring.output import (
    Output,
    ScoreFunction,
    checked_threshold,
    is_rater,
    score_function,
)
from credit_ml.scoring.scales import PointsToDoubleOdds, RangeScale, Scale
from credit_ml.scoring.scorers.blend import BlendScorer
from credit_ml.scoring.scorers.explainable_boosting import ExplainableBoostingScorer
from credit_ml.scoring.scorers.light import LightGBMScorer
from credit_ml.scoring.scorers.logistic import LogisticScorer
from credit_ml.scoring.scorers.neural import NeuralScorer
from credit_ml.scoring.scorers.opaque import OpaqueScorer
from credit_ml.scoring.scorers.rules import Rule, RuleScorer
from credit_ml.scoring.scorers.scorecard import Scorecard
from credit_ml.scoring.scorers.tree import SmallTree

__all__ = [
    "Bins",
    "BlendScorer",
    "CalibratedScorer",
    "CrossFitted",
    "Direction",
    "ExplainableBoostingScorer",
    "FeatureEncoder",
    "Fold",
    "FriendFeedback",
    "LightGBMScorer",
    "LogOddsClassifier",
    "LogisticScorer",
    "MonotoneCuts",
    "NeuralScorer",
    "OpaqueScorer",
    "Output",
    "PercentileLink",
    "PointsToDoubleOdds",
    "RangeScale",
    "Rule",
    "RuleScorer",
    "Scale",
    "ScoreFunction",
    "Scorecard",
    "SmallTree",
    "additive_terms",
    "check_folds",
    "checked_threshold",
    "cross_fit",
    "display_name",
    "friend_feedback",
    "good_class",
    "is_rater",
    "monotone_cuts",
    "quantile_cuts",
    "reach",
    "score_function",
    "scorers",
    "weight_of_evidence",
]
