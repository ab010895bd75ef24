"""Facts that the words on reasons need."""

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import apart, points_unit
from credit_ml.grammar.rows import fact, values


def leads(found: list[tuple[str, Amount]]) -> bool:
    """Whether the interval of the first of `ranked` is clear of all others'."""
    return all(apart(found[0][1], size) for _, size in found[1:])


def ranked(finding: Finding, kind: str) -> list[tuple[str, Amount]]:
    """Return everyone's mean absolute attributions in the unit shown, largest first."""
    names = values(finding, "name", level=kind, sensitive="overall")
    found = [(name, fact(finding, level=kind, name=name, sensitive="overall")) for name in names]
    scale = 100 if points_unit(finding) == "percentage points" else 1
    known = [(name, value.times(scale)) for name, value in found if value is not None]
    return sorted(known, key=lambda item: -item[1].estimate)
