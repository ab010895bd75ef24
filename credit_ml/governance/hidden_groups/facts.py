"""Facts that the words and tables on audits without groups need."""

from collections.abc import Iterator

from credit_ml.core import Finding, StudyResults
from credit_ml.governance.hidden_groups.finding import METHODS
from credit_ml.governance.hidden_groups.of_society import ELSEWHERE
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import cited, row_of
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.rows import fact, level, records, rows, values
from credit_ml.grammar.tables import shown

#: Ways that need no decisions of the data set that knows groups.
WITHOUT = ("inferred", "weighted", "corrected")
#: Ways that could mend an audit by inferred groups.
MENDING = ("by_decision", "surveyed")


#: What a method does to the gap, said of its error.
_DIRECTIONS = {
    "exaggerates it": "too wide",
    "understates it": "too narrow",
    "turns its sign": "with its sign turned",
    "is off": "to one side",
    "cannot be told from the truth": "not certainly",
}


def at(finding: Finding, proxy: str, method: str, measure: str) -> Amount | None:
    """Return a measure of a method with a proxy."""
    return fact(finding, proxy=proxy, method=method, measure=measure)


def proxies(finding: Finding) -> list[str]:
    """Return the proxies, the one that tells the group worst first."""

    def told(proxy: str) -> float:
        auc = at(finding, proxy, "guess", "auc")
        return auc.estimate if auc else 0.0

    here = [each for each in values(finding, "proxy") if not each.endswith(ELSEWHERE)]
    return sorted(here, key=told)


def elsewhere(finding: Finding) -> str:
    """Return the proxy whose guess was learned in another society; "" without one."""
    return next((each for each in values(finding, "proxy") if each.endswith(ELSEWHERE)), "")


def errors(finding: Finding, proxy: str) -> list[tuple[str, Amount]]:
    """Return the error of each method with a proxy."""
    found = [(method, at(finding, proxy, method, "error")) for method in METHODS]
    return [(method, value) for method, value in found if value is not None]


def says(finding: Finding, proxy: str, method: str) -> str:
    """Return whether a method exaggerates the gap, understates it, or gets its sign wrong.

    Of a gap on neither side for sure nobody can say which: then it is off, by a sure error.
    """
    error, truth = at(finding, proxy, method, "error"), at(finding, proxy, "truth", "gap")
    if error is None or truth is None or error.side() == "unclear":
        return "cannot be told from the truth"
    # Of one society the truth is known, and needs no interval.
    true_side = truth.side() if truth.ranged else "below" if truth.estimate < 0 else "above"
    if true_side == "unclear":
        return "is off"
    if (error.estimate > 0) == (truth.estimate > 0):
        return "exaggerates it"
    gap = at(finding, proxy, method, "gap")
    sides = {true_side, "unclear" if gap is None else gap.side()}
    # A sign is turned where both signs are known, and not where an estimate lies beyond 0.
    return "turns its sign" if sides == {"below", "above"} else "understates it"


def verdict(finding: Finding, proxy: str) -> str:
    """Return whether known errors, or asking people, bring an audit nearer to the truth."""
    sides = [worse.side() for way in MENDING if (worse := at(finding, proxy, way, "worse"))]
    if "below" in sides:
        return "Yes" if set(sides) == {"below"} else "Partly"
    return "No" if sides and set(sides) == {"above"} else "Not decided"


def mends(finding: Finding, proxy: str, method: str) -> str:
    """Return whether a way errs less than inferred groups do, or more."""
    worse = at(finding, proxy, method, "worse")
    sides = {"below": "nearer", "above": "further off", "unclear": "not certainly nearer"}
    return sides["unclear" if worse is None else worse.side()]


def direction(finding: Finding, proxy: str, method: str) -> str:
    """Return whether a method's gap is too wide or too narrow, or its sign turned."""
    return _DIRECTIONS[says(finding, proxy, method)]


def below_is(finding: Finding, proxy: str) -> str:
    """Return whether an error below 0 makes the gap too wide or too narrow: as the truth has it."""
    truth = at(finding, proxy, "truth", "gap")
    return "wide" if truth is None or truth.estimate < 0 else "narrow"


def others_share(results: StudyResults, finding: Finding) -> float | None:
    """Return the share of people who are not of the group, of whom a guess is right by no skill."""
    asked = {"quantity": "value", "measure": "base_rate"}
    for _, audit in results.of_kind("audit"):
        told = records(rows(audit, sensitive=str(finding.parameters["sensitive"]), **asked))
        sizes = {str(row["group"]): row for row in told}
        own = sizes.get(str(finding.parameters["group"]))
        if own is not None:
            every = sum(float(row["people"]) for row in told)
            members = float(own["people"])
            share: float = cited(1.0 - members / every, row_of(own))
            return share
    return None


def hidden_tables(finding: Finding) -> Iterator[TableView]:
    """Yield the gap and the error by every method, a block a proxy."""
    bodies = []
    for proxy in [*proxies(finding), *filter(None, [elsewhere(finding)])]:
        lines = []
        for method, name in METHODS.items():
            measures = ("gap", "error", "worse")
            gap, *others = (at(finding, proxy, method, each) for each in measures)
            if gap is not None:
                cells = (shown(each, share=True, gap=True) for each in (gap, *others))
                lines.append((sentence(name, stop=""), *cells))
        auc = at(finding, proxy, "guess", "auc")
        told = f": tells the group in {percent(auc.estimate)} of pairs" if auc else ""
        bodies.append((f"{sentence(proxy, stop='')}{told}", tuple(lines)))
    yield TableView(
        caption=f"The gap without groups on file ({percent(level(finding))} intervals)",
        head=(
            "Method",
            "Gap (percentage points)",
            "Error (percentage points)",
            "Error over inferred's (percentage points)",
        ),
        bodies=tuple(bodies),
        dash="the truth has no error, bounds are no estimate, and nothing is held against itself",
    )
