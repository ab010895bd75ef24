"""Strategic classification: what people do about a score that they know, and what a rater does.

Read it in this order:

1. **Costs.** What a continuous change of features costs a person (`Quadratic`, `OneSided`,
   `Mahalanobis`, `Separable`, `MixedCost`, `PerTie`, `PercentileShift`), and what comes on top
   (`WithSetup`, `WithMultiplier`, `WithSubsidy`, `WithDetection`).
2. **Closed forms.** The cheapest change to a linear score that passes (`linear_response`), under
   the true `LinearScore` or one that people believe in; which effort a score can reward at all
   (`incentive`).
3. **Learning.** What people learn of a score from examples (`learn_linear_score`,
   `learn_from_samples`), from peers (`minimum_norm`) and from ties (`type_from_ties`,
   `friendship_chances`).
4. **Retraining.** Responses of a whole table (`CrossThreshold`, `LinearShift`) and where
   `repeated_refitting` leads; the loss on the people that a rater makes (`performative_risk`),
   and the rater for which it is least (`performative_optimum`, `performative_minimum`).
5. **Robust raters.** `StrategicLogistic` is trained through the response; `shifted_threshold`,
   `robust_retraining` and `drop_manipulable` make any rater robust; `choose_disclosure` crosses
   regimes of disclosure with `rater_strategies`.

Discrete actions from a menu are in `credit_ml.response`, what is told of a score in
`credit_ml.disclosure`; `docs/strategic.md` walks through all five.
"""

from credit_ml.strategic.choose_disclosure import Criterion, DisclosureChoice, choose_disclosure
from credit_ml.strategic.closed_form.incentive import Incentive, incentive
from credit_ml.strategic.closed_form.linear_response import (
    LinearResponse,
    LinearScore,
    linear_response,
)
from credit_ml.strategic.costs.forms import (
    Cost,
    Mahalanobis,
    MixedCost,
    OneSided,
    Quadratic,
    Separable,
)
from credit_ml.strategic.costs.modifiers import (
    WithDetection,
    WithMultiplier,
    WithSetup,
    WithSubsidy,
)
from credit_ml.strategic.costs.social import PercentileShift, PerTie
from credit_ml.strategic.learning.examples import (
    learn_from_samples,
    learn_linear_score,
    minimum_norm,
)
from credit_ml.strategic.learning.friends import friendship_chances, type_from_ties
from credit_ml.strategic.performative.gradient_step import GradientStep
from credit_ml.strategic.performative.optimum import (
    LinearMinimum,
    PerformativeOptimum,
    performative_minimum,
    performative_optimum,
    performative_risk,
)
from credit_ml.strategic.performative.responses import CrossThreshold, LinearShift
from credit_ml.strategic.performative.retraining import Retraining
from credit_ml.strategic.performative.trajectory import Trajectory, over_runs, repeated_refitting
from credit_ml.strategic.robust.drop_manipulable import drop_manipulable, manipulable
from credit_ml.strategic.robust.strategic_logistic import StrategicLogistic
from credit_ml.strategic.robust.training import RobustTraining, robust_retraining, shifted_threshold
from credit_ml.strategic.strategies import Strategy, rater_strategies

__all__ = [
    "Cost",
    "Criterion",
    "CrossThreshold",
    "DisclosureChoice",
    "GradientStep",
    "Incentive",
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
    "Quadratic",
    "Retraining",
    "RobustTraining",
    "Separable",
    "StrategicLogistic",
    "Strategy",
    "Trajectory",
    "WithDetection",
    "WithMultiplier",
    "WithSetup",
    "WithSubsidy",
    "choose_disclosure",
    "drop_manipulable",
    "friendship_chances",
    "incentive",
    "learn_from_samples",
    "learn_linear_score",
    "linear_response",
    "manipulable",
    "minimum_norm",
    "over_runs",
    "performative_minimum",
    "performative_optimum",
    "performative_risk",
    "rater_strategies",
    "repeated_refitting",
    "robust_retraining",
    "shifted_threshold",
    "type_from_ties",
]
