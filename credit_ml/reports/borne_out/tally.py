"""A claim of most of several rows: in how many of them it is so, each by its own interval.

That a mean over worlds lies below a half says nothing of most worlds: a few may pull it there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from credit_ml.grammar.cited import constants
from credit_ml.grammar.numbers import listed

Decided = Literal["held", "failed", "undecided"]


@dataclass(frozen=True)
class HowMany:
    """What became of a claim in each of several rows.

    Examples
    --------
    >>> outcomes = ["held"] * 3 + ["failed"] * 2 + ["undecided"] * 7
    >>> found = HowMany(outcomes, things="worlds", unknown=2)
    >>> found.outcome
    'undecided'
    """

    outcomes: Sequence[str]
    """What became of it in each row whose number is known."""
    things: str = "rows"
    """What the rows are, in the plural."""
    unknown: int = 0
    """Rows without a number."""

    @property
    def outcome(self) -> Decided:
        """Held where more than half surely bear it out, failed where half or more surely do not."""
        number = len(self.outcomes)
        if 2 * self._of("held") > number:
            return "held"
        return "failed" if number and 2 * self._of("failed") >= number else "undecided"

    def text(self) -> str:
        """Return the count as a clause, its numbers marked as the words' own.

        Examples
        --------
        >>> from credit_ml.grammar.cited import unmarked
        >>> unmarked(HowMany(["held", "undecided"], things="worlds", unknown=1).text())
        'surely so in 1 of 2 worlds and not decided in 1; 1 more has no such number'
        """
        held, failed = self._of("held"), self._of("failed")
        open_ = len(self.outcomes) - held - failed
        others = [f"surely not in {failed}"] if failed else []
        others += [f"not decided in {open_}"] if open_ else []
        told = listed([f"surely so in {held} of {len(self.outcomes)} {self.things}", *others])
        has = "has" if self.unknown == 1 else "have"
        more = f"; {self.unknown} more {has} no such number" if self.unknown else ""
        return constants(f"{told}{more}")

    def _of(self, outcome: str) -> int:
        return sum(each == outcome for each in self.outcomes)


def things_of(where: Mapping[str, str | Sequence[str]]) -> str:
    """Return what the rows of a check are that names several values of a column.

    Examples
    --------
    >>> things_of({"measure": "top", "world": ["baseline", "arrears"]})
    'worlds'
    """
    several = (name for name, value in where.items() if not isinstance(value, str))
    return f"{next(several, 'row').replace('_', ' ')}s"
