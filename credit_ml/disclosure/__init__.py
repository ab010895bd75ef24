"""What people are told of a score, what they do then, and what it costs them."""

from credit_ml.disclosure.actions import Action, Bundle, Change, Menu, default_menu, load_menu
from credit_ml.disclosure.disclose import disclose
from credit_ml.disclosure.effects import action_effects
from credit_ml.disclosure.finding import Disclosure, DisclosureComparison, compare_disclosures
from credit_ml.disclosure.notice import Notice, notice
from credit_ml.disclosure.recourse import Recourse, recourse
from credit_ml.disclosure.regimes import REGIMES, Factors, Full, Nothing, Regime, Told
from credit_ml.disclosure.response import Aim, best_response

__all__ = [
    "REGIMES",
    "Action",
    "Aim",
    "Bundle",
    "Change",
    "Disclosure",
    "DisclosureComparison",
    "Factors",
    "Full",
    "Menu",
    "Nothing",
    "Notice",
    "Recourse",
    "Regime",
    "Told",
    "action_effects",
    "best_response",
    "compare_disclosures",
    "default_menu",
    "disclose",
    "load_menu",
    "notice",
    "recourse",
]
