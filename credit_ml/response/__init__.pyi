from .action_kind import ActionKind, action_kinds, gaming_kinds
from .aftermath import Aftermath, FixedChance, Respond
from .aim import Aim
from .best_response.choice import Choice, cheapest, exact_choice
from .column_change import ColumnChange
from .conditions import Condition
from .economy import Economy
from .effects import Effect
from .menu import Action, Bundle, Menu, default_menu, load_menu
from .objective import Objective
from .options import ResponseOptions
from .tie_moves import TieMove, TiesMoved, move_ties
from .true_effects import action_effects

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
    "Effect",
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
