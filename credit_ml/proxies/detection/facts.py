"""Facts that the words on proxies need."""

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import records, rows

#: AUC of columns that tell nothing.
CHANCE = 0.5


def factors(found: Finding, measure: str) -> dict[str, Amount]:
    """Return a measure of every factor for which it is known."""
    told = rows(found, level="factor", measure=measure).dropna(subset=["estimate"])
    return {str(row["name"]): Amount.of(row) for row in records(told)}


def predicting(found: Finding) -> list[str]:
    """Return the factors that tell the feature for certain."""
    told = factors(found, "auc").items()
    return [name for name, auc in told if auc.side(CHANCE) == "above"]


def best(found: Finding) -> tuple[str, Amount] | None:
    """Return the factor that tells most."""
    return max(factors(found, "auc").items(), key=lambda each: each[1].estimate, default=None)


def own(found: Finding) -> list[str]:
    """Return the factors that tell something which the others do not."""
    added = factors(found, "added_auc").items()
    return [name for name, value in added if value.side() == "above"]


def hidden(found: Finding) -> list[str]:
    """Return the factors that tell the feature, and nothing that the others do not."""
    added = factors(found, "added_auc").items()
    told = predicting(found)
    return [name for name, value in added if name in told and value.side() != "above"]


def columns(found: Finding) -> list[tuple[str, Amount]]:
    """Return the three columns that tell most."""
    told = rows(found, level="column", measure="auc").dropna(subset=["estimate"])
    largest = sorted(records(told), key=lambda row: -row["estimate"])[:3]
    return [(str(row["name"]).replace("_", " "), Amount.of(row)) for row in largest]
