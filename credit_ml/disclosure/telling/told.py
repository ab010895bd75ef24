"""What was measured under each regime, in the units that are shown, and what a regime is called."""

from collections.abc import Mapping
from typing import Any

from credit_ml.core import Finding
from credit_ml.grammar.names import plain
from credit_ml.grammar.numbers import Amount, in_units
from credit_ml.grammar.rows import fact, values

#: A measure and the unit that it is shown in.
Shown = tuple[Amount, str]


def measured(finding: Finding, measure: str, **at: str) -> Shown | None:
    """Return one measure of everybody, or of the group named, in the unit that is shown."""
    at = at if "sensitive" in at else {"sensitive": "overall", **at}
    value = fact(finding, measure=measure, **at)
    units = values(finding, "unit", measure=measure, **at)
    return None if value is None else in_units(value, units[0] if units else "")


def said(finding: Finding, measure: str, **at: str) -> str:
    """Write a measure with its unit; empty when it was not measured."""
    found = measured(finding, measure, **at)
    return "" if found is None else found[0].text(found[1])


def who(finding: Finding, measure: str, **at: str) -> str:
    """Write a share of people, "nobody" where it is none; empty when it was not measured."""
    found = measured(finding, measure, **at)
    return "nobody" if found and not found[0].estimate else said(finding, measure, **at)


def clause(finding: Finding, regime: str) -> str:
    """Return what a regime tells as a clause, such as "the weights are told"."""
    said: Mapping[str, Any] = finding.parameters.get("clauses", {})
    return str(said.get(regime) or f"under '{plain(regime)}'")


def fullest(finding: Finding) -> str:
    """Return the regime that tells most, which is "full" or else the last of the table."""
    regimes = values(finding, "regime")
    return "full" if "full" in regimes else (regimes[-1] if regimes else "")


def otherwise_told(finding: Finding) -> list[str]:
    """Return the regimes that tell something, but not all of it."""
    return [each for each in values(finding, "regime") if each not in ("nothing", fullest(finding))]
