"""Facts that the words on estimators need."""

from collections.abc import Iterable
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount, show
from credit_ml.grammar.rows import fact, least, records, rows
from credit_ml.proxies.decomposition.leaderboard.errors import ALL, HELD_OUT, NOTHING, PROXIES

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
    unseen: tuple[Amount, Amount, str] | None
    """Error and truth in worlds held out, and whether it can be measured there."""
    alike: tuple[str, ...]
    """Attributions that cannot be told apart from it."""


def answer(found: Finding) -> Answer | None:
    """Return the answer for the largest samples: chosen there, and tried in worlds held out."""
    at = {"factors": PROXIES, "size": _sizes(found)[-1]}
    chosen = best(found, **at)
    if chosen is None:
        return None
    own = {**at, "estimator": chosen[0]}
    truth = fact(found, **where(measure="error", **at, estimator=NOTHING))
    if truth is None:
        return None
    covered = fact(found, **where(measure="coverage", **own))
    there = [
        fact(found, **where(measure="error", **at, world=HELD_OUT, estimator=name))
        for name in (chosen[0], NOTHING)
    ]
    unseen = None
    if there[0] is not None and there[1] is not None:
        unseen = (there[0], there[1], _can(there[0], there[1]))
    return Answer(
        title(found, chosen[0]),
        _can(chosen[1], truth),
        chosen[1],
        truth,
        covered,
        _people(found, at["size"]),
        unseen,
        tuple(alike(found, **at)),
    )


def _can(error: Amount, truth: Amount) -> str:
    """Say how well the truth is measured: what the whole interval of the error bears out."""
    low, high = (error.low, error.high) if error.ranged else (error.estimate, error.estimate)
    if high < CLOSE * truth.estimate:
        return "can be measured"
    if high < ROUGH * truth.estimate:
        return "can be measured roughly"
    if low > ROUGH * truth.estimate:
        return "can hardly be measured"
    return "may be measured roughly, or hardly: the interval does not decide"


def best(found: Finding, **at: str) -> tuple[str, Amount] | None:
    """Attribution with the least error in one place."""
    named = tuple(_of_kind(found, "attribution"))
    asked = rows(found, **(where(measure="error") | at), estimator=named)
    asked = asked.dropna(subset=["estimate"])
    if not len(asked):
        return None
    row = least(asked)
    return str(row["estimator"]), Amount.of(row)


def alike(found: Finding, **at: str) -> list[str]:
    """Return attributions whose error is not clearly above that of the best, by their titles."""
    chosen = best(found, **at)
    named = tuple(_of_kind(found, "attribution"))
    behind = records(rows(found, **(where(measure="behind_best") | at), estimator=named))
    return [
        title(found, str(row["estimator"]))
        for row in behind
        if chosen and row["estimator"] != chosen[0] and Amount.of(row).side() != "above"
    ]


def _sizes(found: Finding) -> list[str]:
    return [str(size) for size in found.parameters["people"]]


def _people(found: Finding, size: str) -> float:
    """Return a size of samples as the study has set it."""
    return next((each for each in found.parameters["people"] if str(each) == size), float(size))


@dataclass(frozen=True)
class Situation:
    """Which estimator to take for one rater and size of sample."""

    rater: str
    size: float
    title: str
    error: Amount
    truth: Amount | None
    alike: tuple[str, ...]


def situations(found: Finding) -> list[Situation]:
    """Return the advice for every rater and size."""
    told = []
    for size in _sizes(found):
        for rater in found.parameters["raters"]:
            at = {"size": size, "rater": rater}
            chosen = best(found, **at)
            if chosen is not None:
                truth = fact(found, **where(measure="error", estimator=NOTHING, **at))
                named = title(found, chosen[0]), chosen[1], truth, tuple(alike(found, **at))
                told.append(Situation(rater, _people(found, size), *named))
    return told


@dataclass(frozen=True)
class Place:
    """How the chosen estimator does in one world."""

    world: str
    held_out: bool
    error: Amount
    truth: Amount
    over_nothing: Amount
    """Error less that of saying nothing."""
    covered: Amount | None
    best: str
    """Estimator with the least error there, in hindsight."""
    least: Amount


def places(found: Finding, size: str) -> tuple[str, list[Place]]:
    """Return the estimator chosen at one size, and how it does in every world."""
    chosen = best(found, size=size)
    if chosen is None:
        return "", []
    told = []
    for world in found.parameters["worlds"]:
        at = {"size": size, "world": world}
        error, over, covered = (
            fact(found, **where(measure=measure, estimator=chosen[0], **at))
            for measure in ("error", "over_nothing", "coverage")
        )
        truth = fact(found, **where(measure="error", estimator=NOTHING, **at))
        every = rows(found, **where(measure="error", **at)).dropna(subset=["estimate"])
        every = every[every["estimator"] != NOTHING]
        if error is None or truth is None or over is None:
            continue
        row = least(every)
        hindsight = title(found, str(row["estimator"])), Amount.of(row)
        out = world in found.parameters.get("held_out", [])
        told.append(Place(world, out, error, truth, over, covered, *hindsight))
    return title(found, chosen[0]), told


def failures(found: Finding) -> tuple[str, float, list[Place]]:
    """Return the estimator chosen for the largest samples and the worlds in which it fails.

    It fails where its error is not clearly below that of saying nothing.
    """
    size = _sizes(found)[-1]
    named, told = places(found, size)
    return (
        named,
        _people(found, size),
        [each for each in told if each.over_nothing.side() != "below"],
    )


def uncovered(found: Finding) -> list[Place]:
    """Return the worlds in which intervals of the one chosen clearly hold the truth too seldom."""
    told = places(found, _sizes(found)[-1])[1]
    level = found.parameters["intervals"]
    known = [(each, each.covered) for each in told if each.covered is not None]
    return [each for each, covered in known if covered.side(level) == "below"]


def estimators(found: Finding) -> int:
    """Return how many estimators were tried."""
    return len(found.table["estimator"].unique()) - 1


def small_alone(found: Finding) -> tuple[list[str], list[str]]:
    """Return the estimators that were not asked at every size, and the sizes they were."""
    sizes = found.table[found.table["size"] != ALL].groupby("estimator")["size"].unique()
    fewer = {str(name): each for name, each in sizes.items() if len(each) < len(sizes[NOTHING])}
    asked = sorted({show(_people(found, size)) for each in fewer.values() for size in each})
    return [title(found, name) for name in fewer], asked


def named_rightly(found: Finding, kind: str) -> list[tuple[str, Amount]]:
    """Return how often estimators of a kind name what carries most, in the smallest samples."""
    at = where(measure="top", size=_sizes(found)[0])
    named = records(rows(found, **at, estimator=tuple(_of_kind(found, kind))))
    return [(title(found, str(row["estimator"])), Amount.of(row)) for row in named]


def top(named: Iterable[tuple[str, Amount]]) -> tuple[str, Amount] | None:
    """Return the one that is right most often."""
    return max(named, key=lambda each: each[1].estimate, default=None)


def source(found: Finding, estimator: str) -> tuple[Amount, Amount] | None:
    """Return an estimator's error against the source, and the size of that truth."""
    at = {"target": "source", "measure": "error", "size": _sizes(found)[-1]}
    error, size = (fact(found, **where(estimator=name, **at)) for name in (estimator, NOTHING))
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
