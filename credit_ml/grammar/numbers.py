"""How a measured number is shown: as many digits as its interval bears, and never a bare guess."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Self

from credit_ml.core.files import beside
from credit_ml.grammar.cited import HELD, cited, marked, row_of

#: Between a number and its unit: narrow, and never broken over two lines.
NARROW = "\u202f"
#: Units in which whole numbers are hundredths.
_HUNDREDTHS = ("%", "percentage points")
#: What a unit says of a share that another was taken from.
_LESS = (" less ", " more than ")
MINUS = "\u2212"
#: More decimals than this say nothing that a reader could use.
MOST_DECIMALS = 4
#: Quantities of a finding's table that are 1 where two groups are alike.
RATIOS = ("ratio", "smallest_ratio", "four_fifths")
#: The four-fifths ratio of the Uniform Guidelines (1978), below which selection is suspect.
FOUR_FIFTHS = 0.8
#: Ends nearer than this, in parts of the number, are one number.
ROUNDING = 1e-9

Side = Literal["below", "above", "unclear"]


@dataclass(frozen=True)
class Amount:
    r"""An estimate with its interval; ``low`` and ``high`` are NaN where nothing is uncertain.

    Examples
    --------
    >>> Amount(41.27, 38.1, 44.4).text()
    '41 (38 to 44)'
    >>> Amount(0.312, 0.308, 0.316).percent()
    '31.2\u202f% (30.8 to 31.6)'
    """

    estimate: float
    low: float = math.nan
    high: float = math.nan
    ratio: bool = field(default=False, kw_only=True, compare=False, repr=False)
    """Whether it is one number over another, and so 1 where the two are alike."""
    held: tuple[float, ...] = field(default=(), kw_only=True, compare=False, repr=False)
    """What it is held against wherever it is shown: no end told from it is rounded onto it."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Take estimate, low and high from one row of a finding's table."""
        ends = (row.get(name) for name in ("estimate", "low", "high"))
        numbers = (_number(each, row_of(row)) for each in ends)
        asked = row.get("quantity"), row.get("measure"), row.get(HELD)
        return cls(*numbers, ratio=asked[0] in RATIOS, held=held_against(*asked))

    @property
    def known(self) -> bool:
        """Whether there is an estimate at all."""
        return math.isfinite(self.estimate)

    @property
    def has_interval(self) -> bool:
        """Whether an interval was made at all, be it of no width: else nothing says how sure it is.

        Examples
        --------
        >>> Amount(0.0, 0.0, 0.0).has_interval, Amount(0.3).has_interval
        (True, False)
        """
        low, high, _ = self._plain()
        return math.isfinite(low) and math.isfinite(high)

    @cached_property
    def ranged(self) -> bool:
        """Whether the interval has any width, beyond what rounding makes of equal numbers."""
        low, high, estimate = self._plain()
        known = math.isfinite(low) and math.isfinite(high)
        return known and high - low > ROUNDING * (1.0 + abs(estimate))

    def _plain(self) -> tuple[float, float, float]:
        """Return the ends and the estimate without their rows, which arithmetic would carry on."""
        return float(self.low), float(self.high), float(self.estimate)

    def side(self, reference: float = 0.0) -> Side:
        """On which side of `reference` the whole interval lies, or "unclear".

        A number of which no interval was made lies on no side for certain.

        Examples
        --------
        >>> Amount(2.0, 1.0, 3.0).side(), Amount(2.0, 2.0, 2.0).side(), Amount(2.0).side()
        ('above', 'above', 'unclear')
        """
        if not self.has_interval:
            return "unclear"
        low, high, estimate = self._plain()
        low, high = (low, high) if self.ranged else (estimate, estimate)
        if low > reference:
            return "above"
        return "below" if high < reference else "unclear"

    def times(self, factor: float) -> "Amount":
        """Return the measurement in another unit; a negative factor swaps the ends."""
        low, high = sorted((self.low * factor, self.high * factor))
        held = tuple(each * factor for each in self.held)
        return Amount(self.estimate * factor, low, high, held=held)

    def within(self, least: float, most: float) -> "Amount":
        """Return the measurement with all three numbers brought between two ends.

        Examples
        --------
        >>> Amount(1.03, 0.53, 1.03).within(0, 1)
        Amount(estimate=1.0, low=0.53, high=1.0)
        """
        # A sum keeps the row that a number is read from.
        ends = ((each, min(max(float(each), least), most)) for each in self._given())
        moved = (each + (end - float(each)) for each, end in ends)
        return Amount(*moved, ratio=self.ratio, held=self.held)

    def _given(self) -> tuple[float, float, float]:
        return self.estimate, self.low, self.high

    def size(self) -> "Amount":
        """Return the measurement without its sign, for prose that names the direction."""
        return self.times(-1.0) if self.estimate < 0 else self

    def inverse(self) -> "Amount":
        """Return a ratio the other way round; its ends must be above 0.

        Examples
        --------
        >>> Amount(0.5, 0.4, 0.625).inverse()
        Amount(estimate=2.0, low=1.6, high=2.5)
        """
        ends = 1 / self.high, 1 / self.low
        held = tuple(1 / each for each in self.held if each)
        return Amount(1 / self.estimate, *ends, ratio=self.ratio, held=held)

    def certain(self, reference: float = 0.0) -> float:
        """Return how far the nearer end lies above `reference`; the estimate, without an end."""
        return (self.low if self.ranged else self.estimate) - reference

    def decimals(self, unit: str = "") -> int:
        """Decimals that the interval bears: half its width keeps one significant digit.

        Percentages of two digits keep none finer than the width, as readers expect. More, where
        both ends would be shown as one number.
        """
        low, high, estimate = self._plain()
        ranged = self.ranged
        whole = unit.startswith(_HUNDREDTHS) and abs(estimate) >= 10
        width = (high - low) / (1 if whole else 2)
        decimals = decimals_for(width if ranged else None, estimate)
        if unit.startswith("%"):
            decimals = min(decimals, 2)
        while ranged and decimals < MOST_DECIMALS and round(low, decimals) == round(high, decimals):
            decimals += 1
        return decimals

    def _shape(self, unit: str, held_against: float | None) -> tuple[int, list[float]]:
        """Return decimals, and the numbers onto which rounding may move none of the three.

        Such a one gets more decimals than the interval bears: 0, the 1 of a ratio, and what it is
        held against, where the interval leaves that out. The others do not: that an end is near
        such a number says nothing of how sure they are.
        """
        if not self.ranged:
            return self.decimals(unit), []
        against = () if held_against is None else (held_against, -held_against)
        apart = [0.0, *([1.0] if self.ratio else []), *against, *self.held]
        return self.decimals(unit), [each for each in apart if self.side(each) != "unclear"]

    def figure(self, unit: str = "", held_against: float | None = None) -> str:
        """Return the estimate alone, as digits."""
        return marked(_shaped(self.estimate, *self._shape(unit, held_against)), self.estimate)

    def interval(self, unit: str = "", held_against: float | None = None) -> str:
        """Return the interval alone, such as "38 to 44"; empty where there is none."""
        if not self.ranged:
            return ""
        shape = self._shape(unit, held_against)
        low, high = (_shaped(end, *shape) for end in (self.low, self.high))
        return "" if low == high else marked(f"{low} to {high}", self.low, self.estimate)

    def bracket(self, unit: str = "", held_against: float | None = None) -> str:
        """Return the interval in brackets after a space; empty where there is none."""
        interval = self.interval(unit, held_against)
        return f" ({interval})" if interval else ""

    def either_way(self, below: str, above: str, unit: str = "") -> str:
        """Return the interval in brackets after a space, each end by the side on which it lies.

        For prose that names the direction: with the sign turned, an end below 0 says nobody where.

        Examples
        --------
        >>> Amount(-1.0, -29.0, 27.0).either_way("below", "above")
        ' (29 below to 27 above)'
        >>> Amount(-0.7, -1.3, 0.02).either_way("narrower", "wider")
        ' (1.3 narrower to 0.0)'
        >>> Amount(-12.0, -17.0, -7.0).either_way("below", "above")
        ' (7 to 17)'
        """
        if not self.ranged or self.side() != "unclear":
            return self.size().bracket(unit)
        shape = self._shape(unit, None)
        known = ((_shaped(abs(end), *shape), end) for end in (self.low, self.high))
        low, high = (
            f"{figure} {below if end < 0 else above}" if float(figure.replace(",", "")) else figure
            for figure, end in known
        )
        return marked(f" ({low} to {high})", self.low, self.estimate)

    def text(self, unit: str = "", held_against: float | None = None) -> str:
        r"""Return estimate, unit and interval, such as "41 points (38 to 44)".

        Held against a number that the interval leaves out, no end is rounded onto it.

        Examples
        --------
        >>> held = Amount(0.02, 0.0, 0.0478)
        >>> held.text(), held.text(held_against=0.05)
        ('0.02 (0.00 to 0.05)', '0.02 (0.00 to 0.048)')
        >>> Amount(0.991, 0.983, 0.9999, ratio=True).text()
        '0.991 (0.983 to 0.9999)'
        """
        named = self.named(unit, held_against)
        return marked(named + self.bracket(unit, held_against), self.estimate)

    def named(self, unit: str = "", held_against: float | None = None) -> str:
        """Return the estimate with its unit, without the interval: "1 point"."""
        said = figure = _shaped(self.estimate, *self._shape(unit, held_against))
        if unit.startswith("%"):
            said = f"{figure}{NARROW}{unit}"
        elif unit:
            said = f"{figure} {singular(unit) if figure in ('1', f'{MINUS}1') else unit}"
        return marked(said, self.estimate)

    def percent(self) -> str:
        """Return a share as a percentage with its interval."""
        return self.times(100).text("%")


def held_against(quantity: Any, measure: Any, value: Any = None) -> tuple[float, ...]:
    """Return what a row is held against: its prediction's value, and ratios of selection 4/5.

    Examples
    --------
    >>> held_against("ratio", "selection_rate"), held_against("value", "auc", 0.7)
    ((0.8, 1.25), (0.7, -0.7))
    """
    fifths = (FOUR_FIFTHS, 1 / FOUR_FIFTHS)
    own = fifths if quantity in RATIOS and measure == "selection_rate" else ()
    known = value is not None and not math.isnan(value)
    return (*own, *((value, -value) if known else ()))


def in_units(value: Amount, unit: str) -> tuple[Amount, str]:
    """Return a measurement and its unit as they are shown: shares become percentages.

    Examples
    --------
    >>> in_units(Amount(0.25), "share")
    (Amount(estimate=25.0, low=nan, high=nan), '%')
    >>> in_units(Amount(0.03), "share of a year's income")[1]
    "% of a year's income"
    >>> in_units(Amount(0.25), "difference of shares")[1]
    'percentage points'
    >>> in_units(Amount(0.25), "chance of the right order, less than with all data")[1]
    'percentage points'
    """
    if unit.endswith("income"):
        return value.times(100), "% of a year's income"
    of_hundred = unit.startswith(("share", "chance"))
    # Scores: what is gained and what lies between groups are differences.
    less = unit == "probability" or unit.startswith("difference of shares")
    if less or (of_hundred and any(word in unit for word in _LESS)):
        return value.times(100), "percentage points"
    return (value.times(100), "%") if of_hundred else (value, unit)


def decimals_for(width: float | None, estimate: float) -> int:
    """Say how many decimals to show, from a width that matters or else from the size.

    Examples
    --------
    >>> decimals_for(6.2, 41.2), decimals_for(0.08, 0.5), decimals_for(None, 0.6213)
    (0, 2, 2)
    """
    if width is not None and width > 0:
        return min(max(0, -math.floor(math.log10(width))), MOST_DECIMALS)
    if not math.isfinite(estimate) or estimate == 0 or float(estimate).is_integer():
        return 0
    return min(max(0, 1 - math.floor(math.log10(abs(estimate)))), MOST_DECIMALS)


def show(value: float, decimals: int = 0) -> str:
    r"""Write a number with thousands apart, a true minus sign, and no negative zero.

    Examples
    --------
    >>> show(-1234.56, 1), show(-0.001, 1), show(float("nan"))
    ('\u22121,234.6', '0.0', '–')
    """
    return marked(_digits(value, decimals), value)


def _shaped(number: float, decimals: int, apart: Sequence[float]) -> str:
    """Return a number as digits, with more of them where rounding would move it onto another."""
    while decimals < MOST_DECIMALS and round(float(number), decimals) in apart:
        decimals += 1
    return _digits(number, decimals)


def _digits(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return "–"
    text = f"{abs(float(value)):,.{decimals}f}"
    negative = value < 0 and any(digit in text for digit in "123456789")
    return f"{MINUS}{text}" if negative else text


def percent(share: float) -> str:
    r"""Write a share without an interval as a whole percentage, or with digits when small.

    Examples
    --------
    >>> percent(0.314), percent(0.0042), percent(0.0005)
    ('31\u202f%', '0.4\u202f%', '0.05\u202f%')
    >>> percent(0.0), percent(0.0000002)
    ('0\u202f%', 'under 0.0001\u202f%')
    """
    value = 100 * share
    size = abs(float(value))
    decimals = 0 if size >= 10 or size == 0 else 1
    if 0 < size < 0.1:
        decimals = min(-math.floor(math.log10(size)), MOST_DECIMALS)
    if size and round(size, decimals) == 0:
        return marked(f"under {10.0**-MOST_DECIMALS:.{MOST_DECIMALS}f}{NARROW}%", share)
    return marked(f"{_digits(value, decimals)}{NARROW}%", share)


def count(number: float, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> count(1, "citizen"), count(50_000, "citizen")
    ('1 citizen', '50,000 citizens')
    """
    said = f"{_digits(number, 0)} {noun if number == 1 else plural or noun + 's'}"
    return marked(said, number)


def singular(unit: str) -> str:
    """Return the unit of exactly one.

    Examples
    --------
    >>> singular("points"), singular("percentage points"), singular("log-odds")
    ('point', 'percentage point', 'log-odds')
    """
    return unit[:-1] if unit.endswith("points") else unit


def spelled(number: int) -> str:
    """Spell a small whole number, as prose does."""
    words: list[str] = beside(__file__)["spelled"]
    return words[number] if 0 <= number < len(words) else show(number)


def listed(parts: list[str] | tuple[str, ...], joint: str = "and") -> str:
    """Join the parts of a sentence.

    Examples
    --------
    >>> listed(["address"]), listed(["address", "friends"]), listed(["a", "b", "c"])
    ('address', 'address and friends', 'a, b and c')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


def _number(value: Any, row: int | None) -> float:
    number: float = cited(math.nan if value is None else float(value), row)
    return number
