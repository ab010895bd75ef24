"""Facts that the words on reasons need."""

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import points_unit
from credit_ml.grammar.rows import fact, values


def ranked(finding: Finding, kind: str) -> list[tuple[str, Amount]]:
    """Return everyone's mean absolute attributions in the unit shown, largest first."""
    names = values(finding, "name", level=kind, sensitive="overall")
    found = [(name, fact(finding, level=kind, name=name, sensitive="overall")) for name in names]
    scale = 100 if points_unit(finding) == "percentage points" else 1
    known = [(name, value.times(scale)) for name, value in found if value is not None]
    return sorted(known, key=lambda item: -item[1].estimate)
