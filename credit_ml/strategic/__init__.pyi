from .choose_disclosure import Criterion, DisclosureChoice, choose_disclosure
from .closed_form.incentive import Incentive, incentive
from .closed_form.lending_game import LendingGame, Trade, lending_game
from .closed_form.linear_response import LinearResponse, LinearScore, linear_response
from .closed_form.prize_contest import PrizeContest, equal_bids, prize_contest
from .closed_form.rank_contest import RankContest, rank_contest
from .costs.forms import Cost, Mahalanobis, MixedCost, OneSided, Quadratic, Separable
from .costs.modifiers import WithDetection, WithMultiplier, WithSetup, WithSubsidy
from .costs.social import PercentileShift, PerTie
from .learning.examples import learn_from_samples, learn_linear_score, minimum_norm
from .learning.friends import friendship_chances, type_from_ties
from .performative.gradient_step import GradientStep
from .performative.optimum import (
    LinearMinimum,
    PerformativeOptimum,
    performative_minimum,
    performative_optimum,
    performative_risk,
)
from .performative.responses import CrossThreshold, LinearShift
from .performative.retraining import Retraining
from .performative.trajectory import Trajectory, over_runs, repeated_refitting
from .robust.drop_manipulable import drop_manipulable, manipulable
from .robust.strategic_logistic import StrategicLogistic
from .robust.training import RobustTraining, robust_retraining, shifted_threshold
from .strategies import Strategy, rater_strategies

__all__ = [
    "Cost",
    "Criterion",
    "CrossThreshold",
    "DisclosureChoice",
    "GradientStep",
    "Incentive",
    "LendingGame",
    "LinearMinimum",
    "LinearResponse",
    "LinearScore",
    "LinearShift",
    "Mahalanobis",
    "MixedCost",
    "OneSided",
    "PerTie",
    "PercentileShift",
    "PerformativeOptimum",
    "PrizeContest",
    "Quadratic",
    "RankContest",
    "Retraining",
    "RobustTraining",
    "Separable",
    "StrategicLogistic",
    "Strategy",
    "Trade",
    "Trajectory",
    "WithDetection",
    "WithMultiplier",
    "WithSetup",
    "WithSubsidy",
    "choose_disclosure",
    "drop_manipulable",
    "equal_bids",
    "friendship_chances",
    "incentive",
    "learn_from_samples",
    "learn_linear_score",
    "lending_game",
    "linear_response",
    "manipulable",
    "minimum_norm",
    "over_runs",
    "performative_minimum",
    "performative_optimum",
    "performative_risk",
    "prize_contest",
    "rank_contest",
    "rater_strategies",
    "repeated_refitting",
    "robust_retraining",
    "shifted_threshold",
    "type_from_ties",
]
