"""What the words on the paths of a gap need, and its parts as a table."""

from collections.abc import Iterator

import numpy as np

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import pair_name, plain, sentence
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, pairs_of, records, rows, values
from credit_ml.grammar.tables import cell, interval_head

#: The three parts that sum to a gap, as prose names them.
PARTS = ("direct", "indirect", "spurious")
WHOLE, PATH = "(gap)", "indirect: "
#: Effects as rows of a table.
NAMES = {WHOLE: "The whole gap", "total": "Total, direct and indirect"}


def part(found: Finding, name: str, pair: GroupPair) -> Amount | None:
    """Return one part of a gap, or the whole."""
    return fact(found, effect=name, **pair.where())


def told(found: Finding, pair: GroupPair) -> list[str]:
    """Return the parts that can be told from none."""
    parts = ((name, part(found, name, pair)) for name in PARTS)
    return [name for name, value in parts if value and value.side() != "unclear"]


def strength(found: Finding, pair: GroupPair) -> float | None:
    """Return what an unmeasured common cause must explain; None of no clear direct part."""
    if "direct" not in told(found, pair) or "robustness_value" not in found.table.columns:
        return None
    return float(rows(found, effect="direct", **pair.where())["robustness_value"].iloc[0])


def odds(found: Finding, pair: GroupPair) -> str | None:
    """Return by which odds it must set alike people apart; None where that is not known."""
    if "direct" not in told(found, pair) or "rosenbaum_gamma" not in found.table.columns:
        return None
    gamma = float(rows(found, effect="direct", **pair.where())["rosenbaum_gamma"].iloc[0])
    return f"{gamma:.2g}" if np.isfinite(gamma) and gamma > 1 else None


def pairs(found: Finding) -> list[GroupPair]:
    """Return the pairs of groups whose gap is known."""
    every = [GroupPair(*place) for place in pairs_of(rows(found, effect=WHOLE))]
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


def paths_table(finding: Finding) -> TableView:
    """Return every part of every gap, with what it estimates."""
    bodies = []
    for place in pairs_of(finding.table):
        lines = [
            (_label(str(row["effect"])), cell(Amount.of(row)), str(row["estimand"]))
            for row in records(finding.table)
            if (row["sensitive"], row["group"], row["reference_group"]) == place
        ]
        bodies.append((pair_name(*place), tuple(lines)))
    return TableView(
        caption=finding.title,
        head=("Part", interval_head(finding), "What it is"),
        bodies=tuple(bodies),
        words=(0, 2),
    )


def _label(effect: str) -> str:
    return NAMES.get(effect, sentence(plain(effect), stop=""))
