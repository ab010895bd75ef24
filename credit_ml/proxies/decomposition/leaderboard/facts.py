"""Facts that the words on estimators need."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from credit_ml.core import Finding, beside
from credit_ml.grammar.cited import COUNTED, cited, counted, row_of
from credit_ml.grammar.numbers import Amount, count, show
from credit_ml.grammar.phrases import apart
from credit_ml.grammar.rows import fact, records, rows
from credit_ml.proxies.decomposition.leaderboard.by_world import (
    AgainstNothing,
    Place,
    against_nothing,
    places,
)
from credit_ml.proxies.decomposition.leaderboard.by_world import harmless as harmless
from credit_ml.proxies.decomposition.leaderboard.by_world import helped as helped
from credit_ml.proxies.decomposition.leaderboard.by_world import shares as shares
from credit_ml.proxies.decomposition.leaderboard.errors import ALL, HELD_OUT, NOTHING, PROXIES
from credit_ml.proxies.decomposition.leaderboard.ranking import (
    attributions,
    best,
    of_kind,
    people,
    title,
    where,
)
from credit_ml.proxies.decomposition.leaderboard.verdicts import Foretold, ProxyError


@dataclass(frozen=True)
class Answer:
    """Whether proxy harm can be measured without the truth, by what, with what error."""

    title: str
    plain: str
    """The method without its name, for who does not know it."""
    here: ProxyError
    covered: Amount | None
    size: float
    samples: int
    """Audited samples that the error is the mean of."""
    unseen: ProxyError | None
    """In worlds held out."""
    alike: tuple[str, ...]
    """Attributions that cannot be told apart from it."""
    foretold: Foretold | None


def answer(found: Finding) -> Answer | None:
    """Return the answer for the largest samples: chosen there, and tried in worlds held out."""
    at = {"factors": PROXIES, "size": _sizes(found)[-1]}
    chosen = best(found, **at)
    here = measured(found, chosen[0], **at) if chosen else None
    if chosen is None or here is None:
        return None
    own = {**at, "estimator": chosen[0]}
    return Answer(
        title=title(found, chosen[0]),
        plain=beside(__file__)["plain"].get(chosen[0], title(found, chosen[0])),
        here=here,
        covered=fact(found, **where(measure="coverage", **own)),
        size=people(found, at["size"]),
        samples=samples(found, **own),
        unseen=measured(found, chosen[0], **at, world=HELD_OUT),
        alike=tuple(alike(found, **at)),
        foretold=foretold(found, **at),
    )


def vain(found: Finding) -> list[AgainstNothing]:
    """Return the sizes of samples with which no method is surely better than saying nothing.

    Of the harm through friends and address, as the answer is; none where that was not stored.
    """
    told = (against_nothing(found, size) for size in _sizes(found))
    return [each for each in told if each is not None and not each.better]


def vain_unseen(found: Finding) -> AgainstNothing | None:
    """Return how methods do in worlds held out at the one size that is in vain; None of others."""
    small = {float(each.size) for each in vain(found)}
    sizes = [size for size in _sizes(found) if float(people(found, size)) in small]
    return against_nothing(found, sizes[0], world=HELD_OUT) if len(sizes) == 1 else None


def small_against_nothing(found: Finding) -> Iterator[tuple[AgainstNothing, AgainstNothing | None]]:
    """Yield how methods do over all factors at the sizes that are in vain, here and held out."""
    small = {float(each.size) for each in vain(found)}
    for size in _sizes(found):
        here = against_nothing(found, size, factors=ALL)
        if here is not None and float(here.size) in small:
            yield here, against_nothing(found, size, factors=ALL, world=HELD_OUT)


def seen(found: Finding) -> str:
    """Return in words over which worlds every choice is made."""
    out = found.parameters.get("held_out", [])
    own = [each for each in found.parameters["worlds"] if each not in out]
    return f"the {count(counted(own), 'world')} that choices look at" if out else "all worlds"


def covered_unseen(found: Finding) -> Amount | None:
    """Return how often intervals of the one chosen hold the truth in worlds held out."""
    size = _sizes(found)[-1]
    chosen = best(found, size=size)
    at = {"measure": "coverage", "size": size, "world": HELD_OUT}
    return fact(found, **where(estimator=chosen[0], **at)) if chosen else None


def measured(found: Finding, estimator: str, **at: str) -> ProxyError | None:
    """Return how well an estimator measures in one place; None where there is little to measure."""
    error, relative = (
        fact(found, **where(measure=measure, **at, estimator=estimator))
        for measure in ("error", "relative")
    )
    truth = fact(found, **where(measure="error", **at, estimator=NOTHING))
    if error is None or relative is None or truth is None:
        return None
    return ProxyError(error, truth, relative)


def samples(found: Finding, **at: str) -> int:
    """Return how many audited samples stand behind an error."""
    own = records(rows(found, **where(measure="error", **at)))
    counted = ((int(row["samples"]), row_of(row)) for row in own)
    return next((cited(many, row) for many, row in counted), 0)


def foretold(found: Finding, **at: str) -> Foretold | None:
    """Return what became of the estimator that was foretold, in one place."""
    name = found.parameters.get("foretold", "")
    errors = rows(found, **(where(measure="error") | at), estimator=tuple(attributions(found)))
    order = errors.dropna(subset=["estimate"]).sort_values("estimate", kind="stable")
    order_of = [str(each) for each in order["estimator"]]
    behind = fact(found, **(where(measure="behind_best") | at), estimator=name)
    if name not in order_of or behind is None:
        return None
    place = cited(1 + order_of.index(name), COUNTED)
    own = {
        rater: fact(found, **(where(measure="behind_best") | at | {"rater": rater}), estimator=name)
        for rater in map(str, found.parameters["raters"])
    }
    open_at = [rater for rater, each in own.items() if each and each.side() != "above"]
    unsure = tuple(open_at) if behind.side() == "above" else ()
    return Foretold(title(found, name), place, counted(order_of), behind, unsure)


def alike(found: Finding, **at: str) -> list[str]:
    """Return attributions whose error is not clearly above that of the best, by their titles."""
    chosen = best(found, **at)
    named = tuple(attributions(found))
    behind = records(rows(found, **(where(measure="behind_best") | at), estimator=named))
    return [
        title(found, str(row["estimator"]))
        for row in behind
        if chosen and row["estimator"] != chosen[0] and Amount.of(row).side() != "above"
    ]


def _sizes(found: Finding) -> list[str]:
    return [str(size) for size in found.parameters["people"]]


@dataclass(frozen=True)
class Situation:
    """Which estimator to take for one rater and size of sample."""

    rater: str
    size: float
    title: str
    error: Amount
    truth: Amount | None
    alike: tuple[str, ...]
    helps: bool
    """Whether its error is clearly below that of saying nothing."""


def situations(found: Finding) -> list[Situation]:
    """Return the advice for every rater and size."""
    told = []
    for size in _sizes(found):
        for rater in found.parameters["raters"]:
            at = {"size": size, "rater": rater}
            chosen = best(found, **at)
            if chosen is not None:
                truth = fact(found, **where(measure="error", estimator=NOTHING, **at))
                over = fact(found, **where(measure="over_nothing", estimator=chosen[0], **at))
                named = title(found, chosen[0]), chosen[1], truth, tuple(alike(found, **at))
                helps = over is not None and over.side() == "below"
                told.append(Situation(rater, people(found, size), *named, helps))
    return told


def failures(found: Finding) -> tuple[str, float, list[Place]]:
    """Return the estimator chosen for the largest samples and the worlds in which it fails.

    It fails where its error is not clearly below that of saying nothing.
    """
    size = _sizes(found)[-1]
    named, told = places(found, size)
    return (
        named,
        people(found, size),
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
    asked = sorted({show(people(found, size)) for each in fewer.values() for size in each})
    return [title(found, name) for name in fewer], asked


def named_rightly(found: Finding, kind: str) -> list[tuple[str, Amount]]:
    """Return how often estimators of a kind name what carries most, in the smallest samples."""
    at = where(measure="top", size=_sizes(found)[0])
    named = records(rows(found, **at, estimator=tuple(of_kind(found, kind))))
    return [(title(found, str(row["estimator"])), Amount.of(row)) for row in named]


def top(named: Iterable[tuple[str, Amount]]) -> tuple[str, Amount, list[str]] | None:
    """Return the one that is right most often, and those that its interval does not leave behind.

    Examples
    --------
    >>> top([("a", Amount(0.5, 0.4, 0.6)), ("b", Amount(0.6, 0.55, 0.65))])[2]
    ['a']
    """
    found = sorted(named, key=lambda each: -each[1].estimate)
    if not found:
        return None
    (first, often), *others = found
    return first, often, [name for name, each in others if not apart(often, each)]


def source(found: Finding, estimator: str) -> ProxyError | None:
    """Return how well an estimator measures the source instead."""
    return measured(found, estimator, target="source", size=_sizes(found)[-1])
