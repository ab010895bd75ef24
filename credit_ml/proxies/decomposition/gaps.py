"""Every rater's gap between two groups, as each method takes it apart."""

from dataclasses import dataclass

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import PAIR, GroupPair, points_unit
from credit_ml.grammar.rows import fact, rows, values
from credit_ml.proxies.decomposition.components import OF_OTHERS

TRUTH = "true_carrier"
#: Rows of the table that are not a factor.
NOT_FACTORS = ("(gap)", "(folds)", "(unexplained)", "(together)")
#: Kinds of findings that take gaps apart; a comparison holds several decompositions.
GAP_KINDS = ("comparison", "decomposition")


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
        """Return the largest part that is certain, and those that are not told apart from it.

        By the ends of their intervals: a part that reaches the largest's lower end may be larger,
        be it one that may also be none.
        """
        sure = self.carried()
        if not sure:
            return []
        unclear = [each for each in self._side("unclear") if each[1].estimate > 0]
        perhaps = (each for each in (*sure[1:], *unclear) if each[1].ranged)
        return sure[:1] + [each for each in perhaps if each[1].high >= sure[0][1].low]

    def foremost(self) -> tuple[str, Amount] | None:
        """Return the part that is largest by the estimates alone, where it can be none.

        None where the largest is one of those that are certain.
        """
        sure = self.carried(1)
        most = next(iter(self._side("unclear")), None)
        if not sure or most is None or not most[1].ranged:
            return None
        return most if most[1].estimate > sure[0][1].estimate else None

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
