"""What a group metric is: a ratio of counts of the 2 x 2 table of outcomes and decisions."""

from dataclasses import dataclass

#: A cell of the 2 x 2 table: (outcome, decision), each 0 or 1.
Cell = tuple[int, int]

EVERY_CELL: tuple[Cell, ...] = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share: people in some cells of (outcome, decision) among people in more of them.

    Examples
    --------
    >>> wrong = Rate(name="error_rate", meaning="decided otherwise than it turned out, of all",
    ...              numerator=((0, 1), (1, 0)), denominator=EVERY_CELL)
    >>> wrong.needs_outcome, wrong.whose
    (True, 'of all')
    """

    name: str
    meaning: str
    """What is counted among whom, for axis labels and glossaries: "selected, of all"."""
    numerator: tuple[Cell, ...]
    denominator: tuple[Cell, ...]

    @property
    def needs_outcome(self) -> bool:
        """Whether it cannot be told from decisions alone."""
        return not (_blind(self.numerator) and _blind(self.denominator))

    @property
    def whose(self) -> str:
        """Of whom it is a share: "of those with the favourable outcome"."""
        return "of " + self.meaning.partition(", of ")[2]


def _blind(cells: tuple[Cell, ...]) -> bool:
    return {(1 - outcome, decision) for outcome, decision in cells} == set(cells)
