"""Facts that the words on gaps need: every rater's gap, as each method takes it apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import factor_name, sentence
from credit_ml.grammar.numbers import Amount, show, spelled
from credit_ml.grammar.phrases import GroupPair, lead_pair
from credit_ml.grammar.rows import values
from credit_ml.grammar.tables import EMPTY
from credit_ml.proxies.decomposition.gaps import Gap as Gap
from credit_ml.proxies.decomposition.gaps import gaps as gaps
from credit_ml.proxies.decomposition.other_gaps import of_others as of_others
from credit_ml.proxies.decomposition.other_gaps import of_same as of_same
from credit_ml.proxies.decomposition.other_gaps import turned as turned

#: Factors that say whom one knows and where one lives, as a page names them.
TOGETHER = ("friends", "address and phone")


def methods(found: Iterable[tuple[RaterResults | None, Finding]]) -> set[str]:
    """Return every method that took a gap apart."""
    return {name for _, finding in found for name in values(finding, "method")}


def lead(results: StudyResults, pair: GroupPair) -> Gap | None:
    """Return the first rater's gap: the truth where it is known."""
    found = gaps(results, pair)
    return next((gap for gap in found if gap.true), found[0] if found else None)


def by_rater(results: StudyResults, pair: GroupPair) -> Iterator[tuple[str, Gap | None, list[Gap]]]:
    """Yield every rater's name, the truth of its gap, and what estimators make of it."""
    found: dict[str, list[Gap]] = {}
    for gap in gaps(results, pair):
        found.setdefault(gap.rater.name if gap.rater else "", []).append(gap)
    for name, members in found.items():
        truth = next((gap for gap in members if gap.true), None)
        yield name, truth, [gap for gap in members if gap is not truth]


def together(gap: Gap) -> Amount | None:
    """Return what friends and address carry together, where the factors are those of S1.

    Where other societies were met, its interval is theirs; else it adds the ends of both, so that
    it is never too narrow.
    """
    parts, whole, both = dict(gap.parts()), gap.whole, gap.both
    found = [parts[name] for name in TOGETHER if name in parts and name not in gap.unsure()]
    if len(found) < 2 or whole is None or whole.side() == "unclear":
        return None
    if both is not None and both.ranged:
        return both.times(-1.0 if whole.estimate < 0 else 1.0)
    ends = ("estimate", "low", "high")
    return Amount(*(sum(getattr(part, end) for part in found) for end in ends))


def added_up(gap: Gap) -> bool:
    """Whether the interval of `together` adds the ends of both, for no other societies were met."""
    return gap.both is None or not gap.both.ranged


def open_parts(gap: Gap) -> list[str]:
    """Return which of friends and address carries no sure part, though both together do."""
    sure = [name for name, part in gap.parts() if part.side() == "above"]
    return [name for name in TOGETHER if name not in sure]


def told_at(results: StudyResults, gap: Gap, factor: str) -> list[RaterResults]:
    """Return the other raters at which a factor carries a part of the same gap for certain."""
    alike = (each for each in gaps(results, gap.pair, gap.method) if each.rater and gap.rater)
    sides = ((each.rater, dict(each.parts()).get(factor)) for each in alike)
    known = [(rater, part) for rater, part in sides if part is not None and rater is not gap.rater]
    return [rater for rater, part in known if rater and part.side() == "above"]


@dataclass(frozen=True)
class Miss:
    """An estimator held against the truth."""

    inside: str
    """For how many factors its intervals hold the truth, in words; of those that have one."""
    several: bool
    """Whether there is more than one such factor."""
    without: tuple[str, ...]
    """Factors whose parts have no interval, which may be missed by the most all the same."""
    size: str
    """Of the largest miss; empty where it is smaller than the last digit shown."""
    one: bool
    """Whether that is 1, whose unit is singular."""
    too_much: bool
    """Whether the part is larger than the true one, in the direction of the gap that was found."""
    too_high: bool
    """Whether it lies above the true one with the sign of its row: the group higher than it is."""
    factor: str


def miss(gap: Gap, truth: Gap) -> Miss | None:
    """Hold an estimator against the truth: factor by factor, and its largest miss.

    Parts are turned as the gap that was found lies, those of the truth too.
    """
    if gap.whole is None or truth.whole is None:
        return None
    turn = -1.0 if gap.whole.estimate * truth.whole.estimate < 0 else 1.0
    true = {name: part.times(turn) for name, part in truth.parts()}
    unsure = gap.unsure()
    misses = [(name, part, true[name]) for name, part in gap.parts() if name in true]
    held = [(part, real) for name, part, real in misses if name not in unsure]
    if not held:
        return None
    name, part, real = max(misses, key=lambda each: abs(each[1].estimate - each[2].estimate))
    off = part.estimate - real.estimate
    digits = (part if part.ranged else real).decimals()
    size = show(abs(off), digits)
    inside = sum(part.low <= real.estimate <= part.high for part, real in held)
    how_many = f"{spelled(inside) if inside else 'none'} of {spelled(len(held))}"
    if inside == len(held) > 1:
        how_many = "both" if inside == 2 else f"all {spelled(inside)}"
    seen = any(digit in "123456789" for digit in size)
    one = round(abs(off), digits) == 1 and not digits
    without = tuple(each for each, *_ in misses if each in unsure)
    high = (off > 0) != (gap.whole.estimate < 0)
    return Miss(how_many, len(held) > 1, without, size if seen else "", one, off > 0, high, name)


def names_of(parts: list[tuple[str, Amount]], *, quoted: bool) -> list[str]:
    """Return what factors are called; a table's own names, which are no words, in quotes."""
    names = [factor_name(name) for name, _ in parts]
    return [f"'{name}'" for name in names] if quoted else names


def missing(results: StudyResults, gap: Gap) -> list[Gap]:
    """Return the estimators that stand beside a true gap, of the same rater and pair."""
    if not gap.true:
        return []
    found = gaps(results, gap.pair)
    return [each for each in found if each.rater is gap.rater and not each.true]


def matrix(results: StudyResults) -> TableView | None:
    """Return the gap of the lead pair and its parts, a row a rater; None for one rater alone."""
    pair = lead_pair(results)
    found = list(by_rater(results, pair)) if pair else []
    own = [(name, truth or others[0]) for name, truth, others in found]
    if len(own) < 2:
        return None
    factors = list(dict.fromkeys(factor for _, gap in own for factor, _ in gap.parts()))
    lines = []
    for name, gap in own:
        parts = dict(gap.parts())
        cells = [gap.whole and gap.whole.size(), *(parts.get(factor) for factor in factors)]
        lines.append((name, *(EMPTY if each is None else each.text() for each in cells)))
    heads = (
        sentence(own[0][1].name, stop=""),
        *(sentence(factor_name(f), stop="") for f in factors),
    )
    return TableView(
        caption="The gap and its parts",
        head=("Rater", *heads),
        bodies=(("", tuple(lines)),),
        dash="that rater reads none of it",
    )
