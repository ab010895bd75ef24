"""How much the harm, and what methods can do about it, hang on the world."""

from collections.abc import Sequence
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.grammar.cited import counted
from credit_ml.grammar.numbers import Amount, Side
from credit_ml.grammar.rows import fact, least, records, rows
from credit_ml.proxies.decomposition.leaderboard.errors import ALL, HELD_OUT, NOTHING, PROXIES
from credit_ml.proxies.decomposition.leaderboard.ranking import best, people, title, where


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

    @property
    def worse(self) -> bool:
        """Whether it surely errs more than saying nothing."""
        return self.over_nothing.side() == "above"

    @property
    def void(self) -> bool:
        """Whether the truth is nothing, so that saying nothing is right."""
        return not self.truth.estimate


def places(found: Finding, size: str, factors: str = ALL) -> tuple[str, list[Place]]:
    """Return the estimator chosen at one size, and how it does in every world."""
    chosen = best(found, size=size, factors=factors)
    if chosen is None:
        return "", []
    told = []
    for world in found.parameters["worlds"]:
        at = {"size": size, "world": world, "factors": factors}
        error, over, covered = (
            fact(found, **where(measure=measure, estimator=chosen[0], **at))
            for measure in ("error", "over_nothing", "coverage")
        )
        truth = fact(found, **where(measure="error", estimator=NOTHING, **at))
        every = rows(found, **where(measure="error", **at)).dropna(subset=["estimate"])
        every = every[every["estimator"] != NOTHING]
        if error is None or truth is None or over is None:
            continue
        if not truth.estimate:
            # Saying nothing is right there, and what is added is the whole error.
            over = error
        row = least(every)
        hindsight = title(found, str(row["estimator"])), Amount.of(row)
        out = world in found.parameters.get("held_out", [])
        told.append(Place(world, out, error, truth, over, covered, *hindsight))
    return title(found, chosen[0]), told


@dataclass(frozen=True)
class AgainstNothing:
    """How many methods surely err less than saying nothing, how many more, of how many."""

    size: float
    better: int
    worse: int
    tried: int

    @property
    def all_worse(self) -> bool:
        """Whether every method surely errs more."""
        return bool(self.worse == self.tried)


def against_nothing(
    found: Finding, size: str, *, factors: str = PROXIES, world: str = ALL
) -> AgainstNothing | None:
    """Return how methods do beside saying nothing in one place; None where that is not stored.

    One that divides the scores of some raters alone is held against nothing there.
    """
    at = where(measure="over_nothing", factors=factors, size=size, world=world)

    def sides_of(rater: str) -> dict[str, Side]:
        known = rows(found, **(at | {"rater": rater})).dropna(subset=["estimate"])
        return {str(row["estimator"]): Amount.of(row).side() for row in records(known)}

    everywhere = sides_of(ALL)
    sides = {name: {side} for name, side in everywhere.items()}
    for rater in found.parameters["raters"]:
        for name, side in sides_of(rater).items():
            if name not in everywhere:
                sides.setdefault(name, set()).add(side)
    sides.pop(NOTHING, None)
    if not sides:
        return None
    better, worse = ([each for each in sides.values() if each == {s}] for s in ("below", "above"))
    return AgainstNothing(people(found, size), counted(better), counted(worse), counted(sides))


@dataclass(frozen=True)
class FromTo:
    """What share of the harm an error is in the world where it is least, and where it is most."""

    least: Amount
    most: Amount


def shares(found: Finding, world: str = "") -> FromTo | None:
    """Return between which shares of the harm the answer's error lies, from world to world.

    The mean over worlds is nearly that of those with the largest harm. None where fewer than two
    worlds have harm through friends and address.

    Parameters
    ----------
    world : str
        "(held out)" for the worlds held out, else those that choices look at.
    """
    size = str(found.parameters["people"][-1])
    chosen = best(found, factors=PROXIES, size=size)
    if chosen is None:
        return None
    at = {"measure": "relative", "factors": PROXIES, "size": size, "estimator": chosen[0]}
    told = [fact(found, **where(world=each, **at)) for each in _worlds(found, world)]
    known = sorted((each for each in told if each), key=lambda each: each.estimate)
    return FromTo(known[0], known[-1]) if len(known) > 1 else None


def _worlds(found: Finding, world: str) -> Sequence[str]:
    out = found.parameters.get("held_out", [])
    every = map(str, found.parameters["worlds"])
    return [each for each in every if (each in out) == (world == HELD_OUT)]


@dataclass(frozen=True)
class Helped:
    """In how many worlds some method surely errs less than saying nothing, at one size."""

    size: float
    worlds: int


def helped(found: Finding) -> list[Helped]:
    """Return in how many worlds some method helps, at sizes at which none does over all."""
    told = []
    for size in map(str, found.parameters["people"]):
        whole = against_nothing(found, size)
        if whole is None or whole.better:
            continue
        each = (against_nothing(found, size, world=one) for one in found.parameters["worlds"])
        told.append(
            Helped(people(found, size), counted([one for one in each if one and one.better]))
        )
    return told


def harmless(found: Finding) -> tuple[str, list[Place]]:
    """Return the answer's method, and the worlds without such harm, in which it finds some."""
    named, told = places(found, str(found.parameters["people"][-1]), PROXIES)
    return named, [each for each in told if each.void and each.worse]
