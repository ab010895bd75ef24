"""Facts that the words on many raters need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from credit_ml.core import Finding, StudyResults
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair, apart
from credit_ml.grammar.rows import fact, least, most, records, rows


def orders(found: Finding) -> list[dict[str, Any]]:
    """Return the pairs of raters that order people most alike and least; one where it is alone.

    Each says under "apart" whether its interval leaves those of all other pairs on one side.
    """
    pairs = rows(found, measure="kendall").dropna(subset=["estimate"])
    if not len(pairs):
        return []
    ends = [most(pairs)] if len(pairs) == 1 else [most(pairs), least(pairs)]
    every = [Amount.of(row) for row in records(pairs)]
    return [row | {"apart": _apart(Amount.of(row), every)} for row in ends]


def _apart(one: Amount, every: list[Amount]) -> bool:
    return sum(not apart(one, each) for each in every) == 1


@dataclass(frozen=True, kw_only=True)
class Divided:
    """Two raters, and the shares of people whom one accepts and the other refuses."""

    rater: str
    other: str
    accepted: Amount
    """Accepted by `rater` and refused by `other`: the larger way round."""
    refused: Amount | None
    """The other way round."""
    several: bool
    """Whether it was chosen among several pairs, as the one that divides most by the estimates."""


def widest_split(found: Finding) -> Divided | None:
    """Return the two raters who divide most people, either way round."""
    split = records(rows(found, measure="accepted_refused").dropna(subset=["estimate"]))
    ways = {(str(row["rater"]), str(row["other"])): Amount.of(row) for row in split}

    def both(pair: tuple[str, str]) -> float:
        return sum(float(ways[way].estimate) for way in (pair, pair[::-1]) if way in ways)

    # Of two ways round that divide alike the larger comes first.
    pair = max(ways, key=lambda way: (both(way), float(ways[way].estimate)), default=None)
    if pair is None:
        return None
    return Divided(
        rater=pair[0],
        other=pair[1],
        accepted=ways[pair],
        refused=ways.get(pair[::-1]),
        several=len({frozenset(way) for way in ways}) > 1,
    )


def gap(found: Finding, pair: GroupPair) -> Amount | None:
    """Return how much more often a group meets both answers, in percentage points."""
    told = fact(found, quantity="difference", sensitive=pair.sensitive, group=pair.group)
    return told and told.times(100)


def forced(results: StudyResults, raters: Sequence[str] = ()) -> tuple[float, float] | None:
    """Return which share of people raters must divide, and which share by chance, of two or more.

    Divided is who passes at one and fails at another, whichever way round. Shares p of people who
    pass force the largest p less the smallest; raters who judge independently of each other divide
    all but those whom every one passes, or none does: of two, ``p (1 - q) + q (1 - p)``.

    Parameters
    ----------
    results : StudyResults
    raters : sequence of str
        Names; all that were audited, by default.
    """
    of = {"quantity": "value", "measure": "selection_rate", "sensitive": "overall"}
    passing = {rater.name: fact(found, **of) for rater, found in results.of_kind("audit") if rater}
    known = [passing.get(name) for name in raters or passing]
    shares = [each.estimate for each in known if each is not None]
    if len(shares) < 2 or len(shares) < len(known):
        return None
    return divided_at_least(shares), divided_by_chance(shares)


def divided_at_least(shares: Sequence[float]) -> float:
    """Return which share passes at one rater and fails at another, whoever the people are.

    Examples
    --------
    >>> divided_at_least([0.5, 0.75, 0.6])
    0.25
    """
    return max(shares) - min(shares)


def divided_by_chance(shares: Sequence[float]) -> float:
    """Return the share that raters divide who judge independently of each other.

    Examples
    --------
    >>> divided_by_chance([0.5, 0.5]), divided_by_chance([1.0, 0.25])
    (0.5, 0.75)
    """
    every = none = 0 * shares[0] + 1  # keeps the row that it is read from
    for share in shares:
        every, none = every * share, none * (1 - share)
    return 1 - every - none
