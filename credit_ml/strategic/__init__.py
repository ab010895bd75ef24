"""Strategic classification: what people do about a score that they know, and what a rater does.

Read it in this order:

1. **Costs.** What a continuous change of features costs a person (`Quadratic`, `OneSided`,
   `Mahalanobis`, `Separable`, `MixedCost`, `PerTie`, `PercentileShift`), and what comes on top
   (`WithSetup`, `WithMultiplier`, `WithSubsidy`, `WithDetection`).
2. **Closed forms.** The cheapest change to a linear score that passes (`linear_response`), under
   the true `LinearScore` or one that people believe in; which effort a score can reward at all
   (`incentive`); contests for rank (`rank_contest`) and for places (`prize_contest`, `equal_bids`),
   and trust among strangers (`lending_game`).
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

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
