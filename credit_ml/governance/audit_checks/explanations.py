"""Checks of explanations and of parts of gaps."""

from collections.abc import Iterator

from credit_ml.governance.audit_checks.case import AuditCase, Place, whole_percent
from credit_ml.grammar.names import plain

#: Fewer people leave the order of factors to chance.
EXPLAINED = 100
#: Share of a gap that its components may miss.
MISSED = 0.05


def few_explained(case: AuditCase) -> Iterator[Place]:
    """Yield that few people were explained."""
    for found in case.of_kind("explanation"):
        people = found.parameters.get("people")
        if people is not None and people < min(EXPLAINED, len(case.dataset)):
            yield {"value": int(people), "threshold": EXPLAINED}


def components_do_not_add_up(case: AuditCase) -> Iterator[Place]:
    """Yield gaps, clear ones, whose components by a method sum to something else."""
    for found in (*case.of_kind("comparison"), *case.of_kind("decomposition")):
        table = found.table
        for (sensitive, group, method), rows in table.groupby(
            ["sensitive", "group", "method"], sort=False
        ):
            total = rows[rows["quantity"] == "total"]
            parts = rows[rows["quantity"] == "component"]["estimate"]
            if len(total) != 1 or parts.empty or not _clear(total.iloc[0]):
                continue
            gap = float(total["estimate"].iloc[0])
            missed = abs(float(parts.sum()) - gap) / abs(gap)
            if missed > MISSED:
                yield {
                    "sensitive": str(sensitive),
                    "group": str(group),
                    "measure": str(method),
                    "value": missed,
                    "threshold": MISSED,
                    "method": plain(str(method)),
                    "residual": whole_percent(missed),
                }


def _clear(row: object) -> bool:
    low, high = row["low"], row["high"]  # type: ignore[index]
    return bool(low > 0 or high < 0)
