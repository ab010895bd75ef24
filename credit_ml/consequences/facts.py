"""Facts that the words on consequences, opposite cases and prices need."""

from dataclasses import dataclass
from typing import Any

from credit_ml.consequences.tables import in_words
from credit_ml.core import Finding
from credit_ml.core.discovery import declared_in
from credit_ml.grammar.cited import counted
from credit_ml.grammar.names import factor_name, people_of
from credit_ml.grammar.numbers import NARROW, Amount, show
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, least, most, records, rows, values

#: The row of means over worlds.
ALL = "(all)"
_READABLE = ("scorecard", "logistic", "ebm", "tree")


def sentences() -> dict[str, str]:
    """Return what the page says of each measure of each kind of consequence."""
    kinds = declared_in("credit_ml.consequences.kinds", "CONSEQUENCE")
    kinds.sort(key=lambda kind: kind.stage == "across")
    return {measure: said for kind in kinds for measure, said in kind.sentences.items()}


@dataclass(frozen=True)
class Both:
    """One measure of both groups of a pair, as prose shows it."""

    own: str
    other: str
    brief: tuple[str, str]
    """Percentages alone."""
    apart: bool
    """Whether the two can be told apart."""


def both(finding: Finding, measure: str, pair: GroupPair) -> Both | None:
    """Return one measure of both groups; None where it is not known of both."""
    own = [
        fact(finding, measure=measure, sensitive=pair.sensitive, group=group, reference_group="")
        for group in (pair.group, pair.reference)
    ]
    known = [each for each in own if each is not None]
    if len(known) < 2:
        return None
    gap = fact(finding, measure=measure, **pair.where())
    first, second = (in_words(finding, measure, each) for each in known)
    brief = [f"{show(100 * each.estimate, 1)}{NARROW}%" for each in known]
    return Both(first, second, (brief[0], brief[1]), gap is None or gap.side() != "unclear")


def of_income(finding: Finding) -> bool:
    """Whether the figure shows what is forgone, in shares of an income, whose worth is assumed."""
    told = finding.parameters
    measure = told.get("lead", {}).get("measure")
    return str(told.get("units", {}).get(measure, "")).endswith("income")


def harmful(finding: Finding) -> list[tuple[str, str, str, Amount]]:
    """Return the rules that lower a group's mean points: loss, rule, group and the change."""
    changes = records(rows(finding, measure="change"))
    told = [(str(row["loss"]), str(row["rule"]), str(row["group"])) for row in changes]
    amounts = map(Amount.of, changes)
    return [(*of, each) for of, each in zip(told, amounts, strict=True) if each.side() == "below"]


def at(
    finding: Finding, measure: str, who: tuple[str, str] = ("overall", "all"), **setting: Any
) -> Amount | None:
    """Return a measure of everybody, or of a sensitive feature's group, at one setting."""
    of = {"sensitive": who[0], "group": who[1], "quantity": "value", "measure": measure}
    return fact(finding, **of, **setting)


def forgoing(found: list[tuple[Any, Finding]]) -> Finding | None:
    """Return the first finding that says what people go without."""
    saying = (finding for _, finding in found if "value_forgone" in values(finding, "measure"))
    return next(saying, None)


def widest(finding: Finding, pair: GroupPair) -> tuple[str, Amount] | None:
    """Return the privilege that divides the two groups most, in percentage points."""
    found = rows(finding, measure="share_granted", **pair.where()).dropna(subset=["estimate"])
    if len(found) < 2:
        return None
    row = max(records(found), key=lambda each: abs(float(each["estimate"])))
    return str(row["consequence"]), Amount.of(row).times(100)


def widest_for_certain(finding: Finding, pair: GroupPair) -> bool:
    """Whether the widest divide's interval is clear of every other privilege's."""
    found = rows(finding, measure="share_granted", **pair.where()).dropna(subset=["estimate"])
    sizes = [Amount.of(row).size() for row in records(found)]
    first, *others = sorted(sizes, key=lambda each: -each.estimate)
    return all(each.high < first.low for each in others)


def at_both(case: Finding) -> list[tuple[dict[str, Any], str]]:
    """Return an opposite case's row at each rater, with what helps most and what costs most."""
    scores = records(case.table[case.table["factor"] == "(score)"])
    bests = zip(scores, (True, False), strict=True)
    return [(row, _strongest(case, row["rater"], best=best)) for row, best in bests]


def _strongest(case: Finding, rater: object, *, best: bool) -> str:
    table = case.table[(case.table["rater"] == rater) & (case.table["factor"] != "(score)")]
    return factor_name(str((most if best else least)(table)["factor"]))


def known_by(found: Finding) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the companies that know fewest and most people."""
    known = rows(found, measure="known")
    return least(known), most(known)


def optimism(found: Finding) -> tuple[int, int, Amount]:
    """Return how many companies err about others, of how many, and the largest error in points."""
    off = rows(found, measure="optimism", judged="others", trained="users")
    told = records(off[off["company"] != "all eight"])
    wrong = [row for row in told if Amount.of(row).side(0.0) != "unclear"]
    worst = Amount.of(max(told, key=lambda row: abs(row["estimate"]))).times(100)
    return counted(wrong), counted(told), worst


def pooled(found: Finding) -> dict[str, Amount]:
    """Return the percentage points of AUC that readable scorers lose, on average over worlds."""
    lost = {name: fact(found, measure="auc_lost", scorer=name, world=ALL) for name in _READABLE}
    return {name: value.times(100) for name, value in lost.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Readable:
    """How one readable scorer compares with the opaque one, on average over worlds and in each."""

    name: str
    loss: Amount
    """Percentage points of pairs told apart that it loses."""
    worlds: list[str]
    worse: list[str]
    """Worlds in which it loses for certain."""
    group: str
    gap: Amount | None
    """Percentage points between groups in who passes, half of all accepted."""
    gap_change: Amount | None
    """From the opaque scorer's, in the same societies."""


def readable(found: Finding) -> Readable | None:
    """Read the scorecard, or the first readable scorer that there is."""
    lost = pooled(found)
    if not lost:
        return None
    name, told = next(iter(lost)), found.parameters
    own = {
        str(row["world"]): Amount.of(row)
        for row in records(rows(found, measure="auc_lost", scorer=name))
        if row["world"] != ALL
    }
    gaps = (
        fact(found, measure=measure, scorer=name, world=ALL)
        for measure in ("selection_gap", "selection_gap_change")
    )
    gap, gap_change = (each.times(100) if each else None for each in gaps)
    return Readable(
        name=name,
        loss=lost[name],
        worlds=list(own),
        worse=[world for world, loss in own.items() if loss.side() == "above"],
        group=people_of(str(told["sensitive"]), str(told["group"]), "citizens"),
        gap=gap,
        gap_change=gap_change,
    )


def in_first_world(found: Finding) -> tuple[list[str], list[tuple[str, Amount]]]:
    """Return the worlds, and what each scorer loses in the first, in percentage points."""
    worlds = [str(world) for world in found.table["world"].unique() if world != ALL]
    own = rows(found, world=worlds[0], measure="auc_lost")
    return worlds, [(str(row["scorer"]), Amount.of(row).times(100)) for row in records(own)]


def fidelity(found: Finding) -> list[tuple[str, float]]:
    """Return the share of each score that an additive one explains, on average over worlds."""
    own = rows(found, measure="fidelity", world=ALL)
    return [(str(row["scorer"]), row["estimate"]) for row in records(own)]
