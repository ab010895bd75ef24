"""What people are told of a score, what they do then, and what it costs them."""

from credit_ml.disclosure.actions import Action, Bundle, Change, Menu, default_menu, load_menu
from credit_ml.disclosure.cost_terms import ForGroups, Subsidised, WithDetection, WithSetup
from credit_ml.disclosure.costs import (
    Cost,
    Mahalanobis,
    MixedCost,
    OneSided,
    Quadratic,
    Separable,
)
from credit_ml.disclosure.disclose import disclose
from credit_ml.disclosure.effects import action_effects
from credit_ml.disclosure.effort import Incentive, incentive
from credit_ml.disclosure.finding import Disclosure, DisclosureComparison, compare_disclosures
from credit_ml.disclosure.linear_response import LinearResponse, linear_response
from credit_ml.disclosure.notice import Notice, notice
from credit_ml.disclosure.recourse import Recourse, recourse
from credit_ml.disclosure.regimes import REGIMES, Factors, Full, Nothing, Regime, Told
from credit_ml.disclosure.response import Aim, best_response
from credit_ml.disclosure.social_costs import PercentileShift, PerTie

__all__ = [
    "REGIMES",
    "Action",
    "Aim",
    "Bundle",
    "Change",
    "Cost",
    "Disclosure",
    "DisclosureComparison",
    "Factors",
    "ForGroups",
    "Full",
    "Incentive",
    "LinearResponse",
    "Mahalanobis",
    "Menu",
    "MixedCost",
    "Nothing",
    "Notice",
    "OneSided",
    "PerTie",
    "PercentileShift",
    "Quadratic",
    "Recourse",
    "Regime",
    "Separable",
    "Subsidised",
    "Told",
    "WithDetection",
    "WithSetup",
    "action_effects",
    "best_response",
    "compare_disclosures",
    "default_menu",
    "disclose",
    "incentive",
    "linear_response",
    "load_menu",
    "notice",
    "recourse",
]
