"""Every rater's gap between two groups, as each method takes it apart."""

from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import PAIR, GroupPair, points_unit
from credit_ml.grammar.rows import fact, values

TRUTH = "true_carrier"
#: Rows of the table that are not a factor.
NOT_FACTORS = ("(gap)", "(folds)", "(unexplained)")
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
    def whole(self) -> Amount | None:
        """The gap itself."""
        return self._part("(gap)")

    def parts(self) -> list[tuple[str, Amount]]:
        """Return each factor's part, largest in the direction of the gap first."""
        whole = self.whole
        sign = -1.0 if whole is not None and whole.estimate < 0 else 1.0
        names = values(self.finding, "factor", method=self.method, **self.pair.where())
        found = [(name, self._part(name)) for name in names if name not in NOT_FACTORS]
        known = [(name, part.times(sign)) for name, part in found if part is not None]
        return sorted(known, key=lambda item: -item[1].estimate)

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
