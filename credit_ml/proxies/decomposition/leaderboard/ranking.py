"""Who errs least where: what every table and sentence on estimators asks."""

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import least, rows
from credit_ml.proxies.decomposition.leaderboard.errors import ALL


def where(**at: str) -> dict[str, str]:
    """Return the columns of a fact over everything that is not named."""
    every = dict.fromkeys(("factors", "sensitive", "size", "world", "rater"), ALL)
    return {"target": "carrier", **every, **at}


def title(found: Finding, name: str) -> str:
    """Return an estimator's name in prose."""
    return str(found.parameters["titles"].get(name, name.replace("_", " ")))


def people(found: Finding, size: str) -> float:
    """Return a size of samples as the study has set it."""
    return next((each for each in found.parameters["people"] if str(each) == size), float(size))


def best(found: Finding, **at: str) -> tuple[str, Amount] | None:
    """Attribution with the least error in one place."""
    named = tuple(attributions(found))
    asked = rows(found, **(where(measure="error") | at), estimator=named)
    asked = asked.dropna(subset=["estimate"])
    if not len(asked):
        return None
    row = least(asked)
    return str(row["estimator"]), Amount.of(row)


def attributions(found: Finding) -> list[str]:
    """Return the estimators that divide a gap, which alone can be chosen."""
    return of_kind(found, "attribution")


def of_kind(found: Finding, kind: str) -> list[str]:
    """Return the estimators that divide a gap, or those that intervene."""
    kinds, names = found.parameters["kinds"], map(str, found.table["estimator"].unique())
    return [name for name in names if kinds.get(name, "attribution") == kind]
