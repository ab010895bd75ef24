from .case import ExhibitCase, ExhibitOptions
from .exhibits import exhibits
from .finding import RuleExhibit
from .rule import LegalRule, RuleError, load_rule, rule_ids, rules

__all__ = [
    "ExhibitCase",
    "ExhibitOptions",
    "LegalRule",
    "RuleError",
    "RuleExhibit",
    "exhibits",
    "load_rule",
    "rule_ids",
    "rules",
]
