"""Facts that the words on gaps need: every rater's gap, as each method takes it apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import factor_name, sentence
from credit_ml.grammar.numbers import Amount, show, spelled
from credit_ml.grammar.phrases import PAIR, GroupPair, lead_pair, points_unit
from credit_ml.grammar.rows import fact, rows, values
from credit_ml.grammar.tables import EMPTY
from credit_ml.proxies.decomposition.components import OF_OTHERS

TRUTH = "true_carrier"
#: Rows of the table that are not a factor.
NOT_FACTORS = ("(gap)", "(folds)", "(unexplained)", "(together)")
#: Kinds of findings that take gaps apart; a comparison holds several decompositions.
GAP_KINDS = ("comparison", "decomposition")
#: Factors that say whom one knows and where one lives, as a page names them.
TOGETHER = ("friends", "address and phone")


@dataclass(frozen=True)
class Gap:
    """One rater's gap between one pair of groups, as one method takes it apart."""

    rater: RaterResults | None
    finding: Finding
    method: str
    pair: GroupPair

    @property
    def unit(self) -> str:
        """Unit of the gap, as prose writes it."""
        return points_unit(self.finding)

    @property
    def true(self) -> bool:
        """Whether an intervention says so, and no estimator."""
        return self.method == TRUTH

    @property
    def name(self) -> str:
        """What the gap is: of citizens and their own twins, or of two groups as they are."""
        return "twin gap" if self.true else "observed gap"

    @property
    def whole(self) -> Amount | None:
        """The gap itself."""
        return self._part("(gap)")

    @property
    def both(self) -> Amount | None:
        """What friends and address carry together, with the sign of the table."""
        return self._part("(together)")

    def parts(self) -> list[tuple[str, Amount]]:
        """Return each factor's part, largest in the direction of the gap first."""
        whole = self.whole
        sign = -1.0 if whole is not None and whole.estimate < 0 else 1.0
        names = values(self.finding, "factor", method=self.method, **self.pair.where())
        found = [(name, self._part(name)) for name in names if name not in NOT_FACTORS]
        known = [(name, part.times(sign)) for name, part in found if part is not None]
        return sorted(known, key=lambda item: -item[1].estimate)

    def carried(self, most: int = 5) -> list[tuple[str, Amount]]:
        """Return the largest parts that work with the gap for certain."""
        return self._side("above")[:most]

    def leaders(self) -> list[tuple[str, Amount]]:
        """Return the largest part that is certain, and those certain ones not told apart from it.

        By the ends of their intervals: a part that reaches the largest's lower end may be larger.
        """
        sure = self.carried()
        return [each for each in sure if each[1].high >= sure[0][1].low or each is sure[0]]

    def beyond(self, most: int) -> bool:
        """Whether the largest parts come to more than the gap, so that they are not *of* it."""
        whole, parts = self.whole, self.carried(most)
        told = sum(part.estimate for _, part in parts)
        return whole is not None and told > abs(whole.estimate)

    def against(self) -> list[tuple[str, Amount]]:
        """Return the parts that work the other way, by their size."""
        return [(name, part.size()) for name, part in self._side("below")]

    def unclear(self) -> list[str]:
        """Return the factors whose parts cannot be told from zero."""
        return [name for name, _ in self._side("unclear")]

    def unsure(self) -> list[str]:
        """Return the factors whose parts have no interval, for others' doings are in them."""
        told = rows(self.finding, method=self.method, **self.pair.where())
        if "reason" not in told.columns:
            return []
        return [str(name) for name in told.loc[told["reason"] == OF_OTHERS, "factor"]]

    def _side(self, side: str) -> list[tuple[str, Amount]]:
        none = self.unsure()
        return [(k, part) for k, part in self.parts() if part.side() == side and k not in none]

    def _part(self, factor: str) -> Amount | None:
        part = fact(self.finding, method=self.method, factor=factor, **self.pair.where())
        if part is None:
            return None
        return part.times(100) if self.unit == "percentage points" else part


def gaps(results: StudyResults, pair: GroupPair, method: str | None = None) -> list[Gap]:
    """Return every rater's gap for a pair, each method once (a comparison comes first)."""
    found: dict[tuple[str, str], Gap] = {}
    for kind in GAP_KINDS:
        for rater, finding in results.of_kind(kind):
            whose = rater.name if rater else str(finding.parameters.get("rater", ""))
            known = next((each for each in results.raters if each.name == whose), rater)
            for name in values(finding, "method", **pair.where()):
                if method in (None, name):
                    found.setdefault((whose, name), Gap(known, finding, name, pair))
    return list(found.values())


def all_pairs(results: StudyResults) -> list[GroupPair]:
    """Return every pair of groups that was decomposed, each once."""
    found: dict[GroupPair, None] = {}
    for kind in GAP_KINDS:
        for _, finding in results.of_kind(kind):
            columns = (finding.table[name].astype(str) for name in PAIR)
            found |= {GroupPair(*values): None for values in zip(*columns, strict=True)}
    return list(found)


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


def of_others(results: StudyResults, pair: GroupPair) -> list[Gap]:
    """Return the widest gap of every other feature at the first rater."""
    first = next((found for kind in GAP_KINDS for found in results.of_kind(kind)), None)
    widest: dict[str, list[Gap]] = {}
    for other in all_pairs(results):
        if first is None or other.sensitive == pair.sensitive:
            continue
        found = [gap for gap in gaps(results, other) if gap.rater is first[0]]
        chosen = ([gap for gap in found if gap.true] or found)[:1]
        widest.setdefault(other.sensitive, []).extend(chosen)
    return [max(each, key=_size) for each in widest.values() if each]


def _size(gap: Gap) -> float:
    return abs(gap.whole.estimate) if gap.whole is not None else 0.0


def brief(part: Amount, whole: Amount) -> str:
    """Write a part without its interval, with the digits of the whole where they suffice."""
    text = show(part.estimate, whole.decimals())
    return text if any(digit in "123456789" for digit in text) else part.figure()


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


def open_parts(gap: Gap) -> list[str]:
    """Return which of friends and address carries no sure part, though both together do."""
    sure = [name for name, part in gap.parts() if part.side() == "above"]
    return [name for name in TOGETHER if name not in sure]


@dataclass(frozen=True)
class Miss:
    """An estimator held against the truth."""

    inside: str
    """For how many factors its intervals hold the truth, in words."""
    several: bool
    """Whether there is more than one factor."""
    size: str
    """Of the largest miss; empty where it is smaller than the last digit shown."""
    one: bool
    """Whether that is 1, whose unit is singular."""
    too_much: bool
    factor: str


def miss(gap: Gap, truth: Gap) -> Miss | None:
    """Hold an estimator against the truth: factor by factor, and its largest miss."""
    true = dict(truth.parts())
    held = [(name, part) for name, part in gap.parts() if name not in gap.unsure()]
    misses = [(name, part, true[name]) for name, part in held if name in true]
    if not misses or gap.whole is None:
        return None
    name, part, real = max(misses, key=lambda each: abs(each[1].estimate - each[2].estimate))
    off = part.estimate - real.estimate
    size = show(abs(off), part.decimals())
    inside = sum(part.low <= real.estimate <= part.high for _, part, real in misses)
    how_many = f"{spelled(inside) if inside else 'none'} of {spelled(len(misses))}"
    if inside == len(misses) > 1:
        how_many = "both" if inside == 2 else f"all {spelled(inside)}"
    seen = any(digit in "123456789" for digit in size)
    one = round(abs(off), part.decimals()) == 1 and not part.decimals()
    return Miss(how_many, len(misses) > 1, size if seen else "", one, off > 0, name)


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
