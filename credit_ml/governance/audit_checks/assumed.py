"""Checks of what nobody measured: knobs of a simulated world, the worth of a decision."""

from collections.abc import Iterator

from credit_ml.governance.audit_checks.case import AuditCase, Place
from credit_ml.grammar.names import knob_name, sensitive_name
from credit_ml.grammar.numbers import listed, percent

#: Knobs named in the line.
NAMED = 3


def assumed_knobs(case: AuditCase) -> Iterator[Place]:
    """Yield that the followed feature matters in a world by sizes that are assumed."""
    if case.world is None or not case.followed:
        return
    own = [
        each
        for each in case.world.describe()
        if each["name"].endswith(f".{case.followed}") and each["value"]
    ]
    assumed = [each for each in own if "assumed" in each["source"]]
    if assumed:
        largest = sorted(assumed, key=lambda each: -abs(each["value"]))[:NAMED]
        rest = [f"{len(assumed) - NAMED} more"] if len(assumed) > NAMED else []
        yield {
            "sensitive": case.followed,
            "value": len(assumed),
            "number": len(own),
            "feature": sensitive_name(case.followed),
            "names": listed([knob_name(each["name"]) for each in largest] + rest),
        }


def assumed_value(case: AuditCase) -> Iterator[Place]:
    """Yield that the worth of a decision was assumed."""
    if case.assumed_value is not None:
        yield {"value": case.assumed_value, "value_of": percent(case.assumed_value)}
