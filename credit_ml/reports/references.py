"""Citations of every finding, gathered, numbered in the order in which the page needs them."""

from collections.abc import Iterable


class References:
    """Numbers for published sources, the same source always the same number.

    Examples
    --------
    >>> references = References()
    >>> references.numbers(["Shapley (1953)", "Feldman et al. (2015)"])
    (1, 2)
    >>> references.numbers(["Feldman  et al. (2015)"])
    (2,)
    >>> references.listed()
    ('Shapley (1953)', 'Feldman et al. (2015)')
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def numbers(self, cites: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of some sources, giving new ones to those not seen before."""
        keys = (" ".join(cite.split()) for cite in cites)
        return tuple(sorted({self._numbers.setdefault(key, len(self) + 1) for key in keys if key}))

    def listed(self) -> tuple[str, ...]:
        """Return every source in the order of its number."""
        return tuple(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
