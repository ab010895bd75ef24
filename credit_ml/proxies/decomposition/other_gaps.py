"""What a page says beside the gap that it follows: other groups, other features, other raters."""

from dataclasses import dataclass
from typing import NamedTuple

from credit_ml.core import RaterResults, StudyResults
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair
from credit_ml.proxies.decomposition.gaps import GAP_KINDS, Gap, all_pairs, gaps


def of_same(results: StudyResults, pair: GroupPair) -> list[Gap]:
    """Return the gaps of the other groups of the feature that the page follows, first rater's."""
    asked = [each for each in all_pairs(results) if each.sensitive == pair.sensitive]
    return [gap for each in asked if each != pair for gap in _at_first(results, each)]


def of_others(results: StudyResults, pair: GroupPair) -> list[Gap]:
    """Return the widest gap of every other feature at the first rater."""
    widest: dict[str, list[Gap]] = {}
    for other in all_pairs(results):
        if other.sensitive != pair.sensitive:
            widest.setdefault(other.sensitive, []).extend(_at_first(results, other))
    return [max(each, key=_size) for each in widest.values() if each]


def _at_first(results: StudyResults, pair: GroupPair) -> list[Gap]:
    """Return the gap of a pair at the first rater, the truth where it is known; at most one."""
    first = next((found for kind in GAP_KINDS for found in results.of_kind(kind)), None)
    found = [gap for gap in gaps(results, pair) if first and gap.rater is first[0]]
    return ([gap for gap in found if gap.true] or found)[:1]


def _size(gap: Gap) -> float:
    return abs(gap.whole.estimate) if gap.whole is not None else 0.0


class Side(NamedTuple):
    """How large a factor's part is at a rater."""

    rater: RaterResults
    size: Amount
    unit: str


@dataclass(frozen=True)
class Turned:
    """A factor that works with the gap at some rater and against it at another, for certain."""

    factor: str
    with_it: tuple[Side, ...]
    against_it: tuple[Side, ...]


def turned(results: StudyResults, pair: GroupPair) -> list[Turned]:
    """Return the factors whose part turns its sign from rater to rater, by whole intervals.

    Parts are those of the truth where it is known, else of each rater's first estimator; a rater
    whose gap cannot be told from none has no direction to work in.
    """
    own: dict[str, Gap] = {}
    for gap in gaps(results, pair):
        name = gap.rater.name if gap.rater else ""
        if name not in own or (gap.true and not own[name].true):
            own[name] = gap
    sides: dict[str, dict[str, list[Side]]] = {}
    for gap in own.values():
        if gap.rater is None or gap.whole is None or gap.whole.side() == "unclear":
            continue
        for factor, part in gap.parts():
            if factor not in gap.unsure():
                told = sides.setdefault(factor, {}).setdefault(part.side(), [])
                told.append(Side(gap.rater, part.size(), gap.unit))
    return [
        Turned(factor, tuple(found["above"]), tuple(found["below"]))
        for factor, found in sides.items()
        if found.get("above") and found.get("below")
    ]
