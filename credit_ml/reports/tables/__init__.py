"""The data behind each figure, as tables for people: own names, few digits, one cell a fact."""

from collections.abc import Callable

from credit_ml.core import Finding
from credit_ml.reports.pieces import TableView
from credit_ml.reports.tables.audit import audit_tables, quality_table
from credit_ml.reports.tables.case import case_table
from credit_ml.reports.tables.change import disclosure_tables
from credit_ml.reports.tables.follow import consequences_tables
from credit_ml.reports.tables.friends import friends_table
from credit_ml.reports.tables.gap import gap_table, importance_table
from credit_ml.reports.tables.interventions import alternatives_table, interventions_tables
from credit_ml.reports.tables.paths import paths_table
from credit_ml.reports.tables.people import people_table
from credit_ml.reports.tables.plain import plain_table
from credit_ml.reports.tables.ranking import ranking_tables
from credit_ml.reports.tables.sweep import sweep_tables

__all__ = ["plain_table", "tables_of"]


def tables_of(finding: Finding) -> tuple[TableView, ...]:
    """Return the tables that show a finding; any finding can be shown plainly."""
    tables = _TABLES.get(finding.kind)
    return tables(finding) if tables else (plain_table(finding),)


_TABLES: dict[str, Callable[[Finding], tuple[TableView, ...]]] = {
    "portrait": lambda finding: (people_table(finding),),
    "audit": audit_tables,
    "quality": lambda finding: (quality_table(finding),),
    "decomposition": lambda finding: (gap_table(finding),),
    "comparison": lambda finding: (gap_table(finding),),
    "explanation": lambda finding: (importance_table(finding),),
    "disclosure": disclosure_tables,
    "consequences": consequences_tables,
    "leaderboard": ranking_tables,
    "disclosure_sweep": sweep_tables,
    "interventions": interventions_tables,
    "alternatives": lambda finding: (alternatives_table(finding),),
    "friend_influence": lambda finding: (friends_table(finding),),
    "causal_effects": lambda finding: (paths_table(finding),),
    "opposite_case": lambda finding: (case_table(finding),),
}
