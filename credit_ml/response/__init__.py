"""What people do about a score: a menu of actions, what they cost, and exact best responses."""

from credit_ml.response.aftermath import Aftermath, FixedChance, Respond
from credit_ml.response.aim import Aim
from credit_ml.response.bounds import Bounds
from credit_ml.response.conditions import Condition
from credit_ml.response.menu import Action, Bundle, ColumnChange, Menu, default_menu, load_menu
from credit_ml.response.tie_moves import TieMove, TiesMoved, move_ties
from credit_ml.response.true_effects import action_effects

__all__ = [
    "Action",
    "Aftermath",
    "Aim",
    "Bounds",
    "Bundle",
    "ColumnChange",
    "Condition",
    "FixedChance",
    "Menu",
    "Respond",
    "TieMove",
    "TiesMoved",
    "action_effects",
    "default_menu",
    "load_menu",
    "move_ties",
]
