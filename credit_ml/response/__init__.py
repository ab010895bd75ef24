"""What people do about a score: a menu of actions, what they cost, and exact best responses."""

from credit_ml.core.renamed import old_names
from credit_ml.response.action_kind import ActionKind, action_kinds, gaming_kinds
from credit_ml.response.aftermath import Aftermath, FixedChance, Respond
from credit_ml.response.aim import Aim
from credit_ml.response.best_response.choice import Choice, cheapest, exact_choice
from credit_ml.response.conditions import Condition
from credit_ml.response.economy import Economy
from credit_ml.response.menu import Action, Bundle, ColumnChange, Menu, default_menu, load_menu
from credit_ml.response.objective import Objective
from credit_ml.response.options import ResponseOptions
from credit_ml.response.tie_moves import TieMove, TiesMoved, move_ties
from credit_ml.response.true_effects import action_effects

__all__ = [
    "Action",
    "ActionKind",
    "Aftermath",
    "Aim",
    "Bundle",
    "Choice",
    "ColumnChange",
    "Condition",
    "Economy",
    "FixedChance",
    "Menu",
    "Objective",
    "Respond",
    "ResponseOptions",
    "TieMove",
    "TiesMoved",
    "action_effects",
    "action_kinds",
    "cheapest",
    "default_menu",
    "exact_choice",
    "gaming_kinds",
    "load_menu",
    "move_ties",
]

__getattr__ = old_names(__name__, {"Bounds": "ResponseOptions", "Change": "ColumnChange"})
