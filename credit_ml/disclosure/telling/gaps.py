"""What telling does to a gap: which way it goes, at this rater and at the others."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.disclosure.telling.told import Shown, fullest, measured, otherwise_told
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.numbers import (
    MINUS,
    MOST_DECIMALS,
    Amount,
    decimals_for,
    listed,
    show,
    spelled,
)
from credit_ml.grammar.phrases import GroupPair, at, noun_of
from credit_ml.grammar.rows import values

#: What a gap does for certain: it "moves" where nobody knows on which side it lies; "" for nothing.
Way = Literal["widens", "narrows", "moves", ""]


@dataclass(frozen=True)
class InDigits(Amount):
    """A measurement that is shown in given digits, so that one number reads alike everywhere.

    Examples
    --------
    >>> InDigits(4.25, 2.69, 5.82, digits=1).text("points")
    '4.2 points (2.7 to 5.8)'
    """

    digits: int = field(default=0, kw_only=True, compare=False, repr=False)

    def decimals(self, unit: str = "") -> int:
        """Return the digits that were given, whatever the unit."""
        return self.digits


@dataclass(frozen=True, kw_only=True)
class GapChange:
    """A gap before and after a response, turned so that the first is positive."""

    before: Amount
    after: Amount
    change: Amount
    """By how much more one group gains: paired, for the same people stand before and after."""
    unit: str
    turned: bool = False
    """Whether the group stands below its reference group by the estimate, so that signs changed."""

    @property
    def way(self) -> Way:
        """What the gap does for certain; "" where no change can be told.

        A gap of which it is not known on which side it lies neither widens nor narrows, nor does
        one that ends on the other side.
        """
        side = self.change.side()
        if side == "unclear":
            return ""
        if self.before.side() != "above" or self.after.estimate < 0:
            return "moves"
        return "widens" if side == "above" else "narrows"

    def does(self, people: tuple[str, str], by: str = "") -> str:
        """Say what it does, of two groups: such as "narrows by 4 points"; "" for nothing certain.

        Examples
        --------
        >>> change = Amount(4.0, 1.0, 7.0)
        >>> known, open = Amount(9.0, 2.0, 16.0), Amount(0.2, -30.0, 30.0)
        >>> after = Amount(13.0, 6.0, 20.0)
        >>> groups = ("rural citizens", "urban citizens")
        >>> GapChange(before=known, after=after, change=change, unit="points").does(groups)
        'widens'
        >>> GapChange(before=open, after=after, change=change, unit="points").does(groups, "4")
        'moves by 4 in favour of rural citizens'
        """
        by = f" by {by}" if by else ""
        ahead = f" in favour of {self.favoured(people)}" if self.way == "moves" else ""
        return f"{self.way}{by}{ahead}" if self.way else ""

    def favoured(self, people: tuple[str, str]) -> str:
        """Return which of two groups gains more, by the estimate."""
        return people[0] if (self.change.estimate > 0) != self.turned else people[1]

    def below_zero(self, people: tuple[str, str]) -> str:
        """Say what a change below 0 means: "narrower", where it is known on which side it lies."""
        if self.before.side() == "above":
            return "narrower"
        return f"in favour of {people[0] if self.turned else people[1]}"

    def shown(self, amount: Amount) -> InDigits:
        """Return one of the three as it is shown everywhere: in the digits of the change."""
        return InDigits(amount.estimate, amount.low, amount.high, digits=self.decimals)

    @property
    def decimals(self) -> int:
        """Finer than the change bears, so that it is the difference of the two gaps shown.

        And fine enough that no end of a change that is sure is shown as none.
        """
        width = (self.change.high - self.change.low) / 6 if self.change.ranged else None
        decimals = decimals_for(width, self.change.estimate)
        ends = [float(self.change.low), float(self.change.high)]
        sure = self.change.ranged and self.change.side() != "unclear"
        while sure and decimals < MOST_DECIMALS and any(round(end, decimals) == 0 for end in ends):
            decimals += 1
        return decimals

    @property
    def adds_up(self) -> bool:
        """Whether what is shown of before, after and the change adds up, rounded as it is."""
        before, after, change = (
            round(float(each.estimate), self.decimals)
            for each in (self.before, self.after, self.change)
        )
        return math.isclose(before + change, after, abs_tol=10.0**-self.decimals / 2)

    def show(self, amount: Amount, *, interval: bool = False) -> str:
        """Write a gap, or the change with its interval in brackets."""
        return show(amount.estimate, self.decimals) + (self._ends(amount) if interval else "")

    def by(self, amount: Amount) -> str:
        """Write a change in percentage points, with its interval behind the unit."""
        number = show(amount.estimate, self.decimals)
        points = "percentage point" + "s" * (unmarked(number).lstrip(MINUS) != "1")
        return f"{number} {points}{self._ends(amount)}"

    def _ends(self, amount: Amount) -> str:
        ends = f" ({show(amount.low, self.decimals)} to {show(amount.high, self.decimals)})"
        return ends if amount.ranged else ""


def gap_change(finding: Finding, pair: GroupPair, regime: str = "") -> GapChange | None:
    """Return what one regime does to the gap between two groups; the fullest, by default."""
    at = {"regime": regime or fullest(finding), **pair.where()}
    found = [
        measured(finding, measure, **at)
        for measure in ("score_gap_before", "score_gap_after", "score_gap_change")
    ]
    (before, after, change) = found
    if before is None or after is None:
        return None
    sign = -1.0 if before[0].estimate < 0 else 1.0
    moved = change[0] if change else Amount(after[0].estimate - before[0].estimate)
    amounts = [each.times(sign) for each in (before[0], after[0], moved)]
    first, last, change_ = amounts
    return GapChange(before=first, after=last, change=change_, unit=before[1], turned=sign < 0)


def moved(before: Shown, after: Shown, change: Shown) -> GapChange:
    """Return a measure before and after a response, to be shown in the digits of its change."""
    return GapChange(before=before[0], after=after[0], change=change[0], unit=before[1])


def sure_otherwise(finding: Finding, pair: GroupPair) -> list[tuple[str, GapChange]]:
    """Return the regimes that tell less and change the gap for certain, each held by itself.

    What the fullest does says nothing of them: it may leave a gap alone that others move.
    """
    told = ((name, gap_change(finding, pair, name)) for name in otherwise_told(finding))
    return [(name, each) for name, each in told if each and each.way]


def others_move(sure: Sequence[tuple[str, GapChange]]) -> str:
    """Say how many ways of telling less move the gap, each held by itself, and which way.

    Examples
    --------
    >>> less, gap = Amount(-2.0, -3.0, -1.0), Amount(9.0, 8.0, 10.0)
    >>> one = GapChange(before=gap, after=gap, change=less, unit="points")
    >>> others_move([("weights", one), ("reasons", one)]), others_move([("weights", one)])
    ('two other ways, each alone, narrow it', 'one other way narrows it')
    """
    ways = {each.way for _, each in sure}
    verb = ways.pop().removesuffix("s") if len(ways) == 1 else "change"
    if len(sure) == 1:
        return f"one other way {verb}s it"
    return f"{spelled(len(sure))} other ways, each alone, {verb} it"


#: What a gap does, in words ("" where no change can be told), and the raters at which it does.
Ways = dict[str, list[RaterResults]]


def at_others(results: StudyResults, pair: GroupPair, at_first: Finding, regime: str = "") -> Ways:
    """Return what one regime does to the gap at every other rater; the fullest, by default.

    What it does at the first comes first where another does it too, and what cannot be told last.
    """
    people, own = pair.people(noun_of(results)), gap_change(at_first, pair, regime)
    found: Ways = {}
    for rater, finding in results.of_kind("disclosure"):
        other = gap_change(finding, pair, regime) if finding is not at_first else None
        if rater and other:
            found.setdefault(other.does(people), []).append(rater)
    here = own.does(people) if own else ""
    return dict(sorted(found.items(), key=lambda each: (not each[0], each[0] != here)))


def gaps_elsewhere(results: StudyResults, pair: GroupPair, at_first: Finding) -> Ways:
    """Return the other raters whose gap the fullest changes otherwise than at one of them."""
    own, others = gap_change(at_first, pair), at_others(results, pair, at_first)
    if own is None:
        return {}
    here = own.does(pair.people(noun_of(results)))
    return {way: raters for way, raters in others.items() if way != here}


def said_elsewhere(results: StudyResults, pair: GroupPair, at_first: Finding) -> str:
    """Say in short at which other raters the gap does something else, as a clause; or ""."""
    told = gaps_elsewhere(results, pair, at_first).items()
    where = ((way, listed([at(each) for each in raters])) for way, raters in told)
    parts = [f"{which} it {way}" if way else f"not known {which}" for way, which in where]
    return "; ".join(parts)


def sure_nowhere(
    results: StudyResults, pair: GroupPair, at_first: Finding, sure: Sequence[tuple[str, GapChange]]
) -> list[RaterResults]:
    """Return the other raters at which none of the regimes that change the gap at one does."""
    names = {name for name, _ in sure}
    unmoved = []
    for rater, found in results.of_kind("disclosure"):
        asked = names.intersection(values(found, "regime")) if found is not at_first else ()
        changes = list(filter(None, (gap_change(found, pair, name) for name in asked)))
        if rater and changes and not any(each.way for each in changes):
            unmoved.append(rater)
    return unmoved


def sure_besides(
    results: StudyResults, pair: GroupPair, at_first: Finding, spoken_of: Collection[str] = ()
) -> list[tuple[RaterResults, list[tuple[str, GapChange]]]]:
    """Return the other raters with the regimes that tell less and change the gap there for certain.

    But for those regimes that were spoken of: what one rater's gap does says nothing of another's.
    """
    found = []
    for rater, finding in results.of_kind("disclosure"):
        sure = sure_otherwise(finding, pair) if finding is not at_first else []
        left = [(name, each) for name, each in sure if name not in spoken_of]
        if rater and left:
            found.append((rater, left))
    return found
