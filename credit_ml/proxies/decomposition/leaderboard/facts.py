"""Facts that the words on estimators need."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount, show
from credit_ml.grammar.rows import fact, least, most, records, rows

ALL, PROXIES, NOTHING = "(all)", "(proxies)", "nothing"
#: Share of the truth's size below which an error lets an estimate stand for it.
CLOSE, ROUGH = 0.25, 0.5


@dataclass(frozen=True)
class Answer:
    """Whether proxy harm can be measured without the truth, by what, with what error."""

    title: str
    can: str
    error: Amount
    truth: Amount
    covered: Amount | None
    size: float


def answer(found: Finding) -> Answer | None:
    """Return the answer for the largest samples."""
    # Chosen over all sizes: at one size the best is the luckiest.
    chosen = best(found, factors=PROXIES)
    if chosen is None:
        return None
    at = {"factors": PROXIES, "size": str(found.parameters["people"][-1])}
    own = {**at, "estimator": chosen[0]}
    truth = fact(found, **where(measure="error", **at, estimator=NOTHING))
    error = fact(found, **where(measure="error", **own))
    if truth is None or error is None:
        return None
    share = error.estimate / truth.estimate
    can = "can be measured" + ("" if share < CLOSE else " roughly")
    can = can if share < ROUGH else "can hardly be measured"
    covered = fact(found, **where(measure="coverage", **own))
    return Answer(title(found, chosen[0]), can, error, truth, covered, float(at["size"]))


def best(found: Finding, **at: str) -> tuple[str, Amount] | None:
    """Attribution with the least error of those that answered in every cell."""
    named = tuple(_of_kind(found, "attribution"))
    asked = rows(found, **(where(measure="error") | at), estimator=named)
    asked = asked.dropna(subset=["estimate"])
    asked = asked[asked["samples"] == asked["samples"].max()]
    if not len(asked):
        return None
    row = least(asked)
    return str(row["estimator"]), Amount.of(row)


def estimators(found: Finding) -> int:
    """Return how many estimators were tried."""
    return len(found.table["estimator"].unique()) - 1


def small_alone(found: Finding) -> tuple[list[str], list[str]]:
    """Return the estimators that were not asked at every size, and the sizes they were."""
    sizes = found.table[found.table["size"] != ALL].groupby("estimator")["size"].unique()
    fewer = {str(name): each for name, each in sizes.items() if len(each) < len(sizes[NOTHING])}
    asked = sorted({show(float(size)) for each in fewer.values() for size in each})
    return [title(found, name) for name in fewer], asked


def by_rater(found: Finding) -> list[tuple[str, str, Amount]]:
    """Return the best estimator of every rater's gaps."""
    chosen = ((rater, best(found, rater=rater)) for rater in found.parameters["raters"])
    return [(rater, title(found, each[0]), each[1]) for rater, each in chosen if each]


def by_size(found: Finding) -> list[tuple[float, str, Amount]]:
    """Return the best estimator of the smallest and of the largest samples, where they differ."""
    sizes = [str(size) for size in found.parameters["people"]]
    ends = (sizes[0], sizes[-1]) if len(sizes) > 1 else ()
    chosen = ((size, best(found, size=size)) for size in ends)
    told = [(float(size), title(found, each[0]), each[1]) for size, each in chosen if each]
    return told if len(told) == 2 else []


def named_rightly(found: Finding, kind: str) -> list[tuple[str, Amount]]:
    """Return how often estimators of a kind name the factor that carries most."""
    named = records(rows(found, **where(measure="top"), estimator=tuple(_of_kind(found, kind))))
    return [(title(found, str(row["estimator"])), Amount.of(row)) for row in named]


def top(named: Iterable[tuple[str, Amount]]) -> tuple[str, Amount] | None:
    """Return the one that is right most often."""
    return max(named, key=lambda each: each[1].estimate, default=None)


def worlds(found: Finding, estimator: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the worlds in which an estimator errs most and least."""
    each = tuple(name for name in found.table["world"].unique() if name != ALL)
    own = rows(found, **{**where(measure="error", estimator=estimator), "world": each})
    own = own.dropna(subset=["estimate"])
    return (most(own), least(own)) if len(own) > 1 else None


def source(found: Finding, estimator: str) -> tuple[Amount, Amount] | None:
    """Return an estimator's error against the source, and the size of that truth."""
    error, size = (
        fact(found, **where(target="source", measure="error", estimator=name))
        for name in (estimator, NOTHING)
    )
    return (error, size) if error is not None and size is not None else None


def _of_kind(found: Finding, kind: str) -> list[str]:
    kinds, names = found.parameters["kinds"], map(str, found.table["estimator"].unique())
    return [name for name in names if kinds.get(name, "attribution") == kind]


def where(**at: str) -> dict[str, str]:
    """Return the columns of a fact over everything that is not named."""
    every = dict.fromkeys(("factors", "sensitive", "size", "world", "rater"), ALL)
    return {"target": "carrier", **every, **at}


def title(found: Finding, name: str) -> str:
    """Return an estimator's name in prose."""
    return str(found.parameters["titles"].get(name, name.replace("_", " ")))
