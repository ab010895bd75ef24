"""Facts that the words on the paths of a gap need."""

from collections.abc import Iterator

from credit_ml.core import Finding
from credit_ml.grammar.names import plain
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.phrases import PAIR, GroupPair
from credit_ml.grammar.rows import fact, rows, values

#: The three parts that sum to a gap, as prose names them.
PARTS = ("direct", "indirect", "spurious")
WHOLE, PATH = "(gap)", "indirect: "


def part(found: Finding, name: str, pair: GroupPair) -> Amount | None:
    """Return one part of a gap, or the whole."""
    return fact(found, effect=name, **pair.where())


def told(found: Finding, pair: GroupPair) -> list[str]:
    """Return the parts that can be told from none."""
    parts = ((name, part(found, name, pair)) for name in PARTS)
    return [name for name, value in parts if value and value.side() != "unclear"]


def pairs(found: Finding) -> list[GroupPair]:
    """Return the pairs of groups whose gap is known."""
    columns = (rows(found, effect=WHOLE)[name].astype(str) for name in PAIR)
    every = [GroupPair(*place) for place in zip(*columns, strict=True)]
    return [pair for pair in every if part(found, WHOLE, pair) is not None]


def parts(found: Finding, pair: GroupPair) -> Iterator[tuple[str, Amount]]:
    """Yield every part with its name in prose; blocks of mediators in place of all of them."""
    blocks = [name for name in values(found, "effect", **pair.where()) if name.startswith(PATH)]
    for name in ("direct", *(blocks or ["indirect"]), "spurious"):
        value = part(found, name, pair)
        if value is not None:
            yield _named(found, name), value


def _named(found: Finding, name: str) -> str:
    mediators = found.parameters["mediators"]
    if name.startswith(PATH):
        block = name.removeprefix(PATH)
        return f"by {plain(block)} ({listed([plain(each) for each in mediators[block]])})"
    if name == "indirect":
        between = [plain(each) for block in mediators.values() for each in block]
        return f"through {listed(between)}" if between else "indirect"
    if name == "spurious":
        before = [plain(each) for each in found.parameters["confounders"]]
        return f"spurious, by {listed(before)}" if before else "spurious"
    return name
