from .case import ExhibitCase, ExhibitOptions
from .exhibits import exhibits
from .finding import RuleExhibit
from .rule import LegalRule, RuleError, load_rule, rule_ids, rules
from .source_rows.compute import rows
from .source_rows.finding import SourceRows
from .source_rows.row import SourceRow, load_row, row_ids

__all__ = [
    "ExhibitCase",
    "ExhibitOptions",
    "LegalRule",
    "RuleError",
    "RuleExhibit",
    "SourceRow",
    "SourceRows",
    "exhibits",
    "load_row",
    "load_rule",
    "row_ids",
    "rows",
    "rule_ids",
    "rules",
]
