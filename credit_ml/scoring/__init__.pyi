from .additive import additive_terms
from .binning.bins import Bins, quantile_cuts, weight_of_evidence
from .binning.monotone import MonotoneCuts, monotone_cuts
from .calibration import CalibratedScorer
from .classifier import LogOddsClassifier
from .crossfit import CrossFitted, Fold, check_folds, cross_fit
from .direction import Direction, display_name, good_class
from .encoder import FeatureEncoder
from .feedback import FriendFeedback, friend_feedback, reach
from .linking import PercentileLink
from .mitigated import Mitigated
from .output import Output, ScoreFunction, checked_threshold, is_rater, score_function
from .scales import PointsToDoubleOdds, RangeScale, Scale
from .scorers import scorers
from .scorers.blend import BlendScorer
from .scorers.explainable_boosting import ExplainableBoostingScorer
from .scorers.light import LightGBMScorer
from .scorers.logistic import LogisticScorer
from .scorers.neural import NeuralScorer
from .scorers.opaque import OpaqueScorer
from .scorers.rules import Rule, RuleScorer
from .scorers.scorecard import Scorecard
from .scorers.tree import SmallTree

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
    "Mitigated",
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
