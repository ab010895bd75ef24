"""What stands below a section's words: which figures are open, which wait behind a line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.reports.content import RaterResults, StudyResults
from credit_ml.reports.figures import Plot, Widths, drawing
from credit_ml.reports.names import sensitive_name, sentence
from credit_ml.reports.overview import Forest
from credit_ml.reports.pieces import Exhibit, TableView
from credit_ml.reports.rows import values
from credit_ml.reports.tables import tables_of
from credit_ml.reports.tables.gap import unit_name
from credit_ml.reports.words.gaps import GAP_KINDS, TRUTH
from credit_ml.reports.words.intervals import beside_head, table_over
from credit_ml.reports.words.voice import Pair, at, lead_pair, named

#: Kinds whose picture holds hardly any text, so that one drawing serves phones as well.
WITHOUT_WORDS = ("portrait",)

#: What the marks of each kind's figure mean.
CAPTIONS = {
    "portrait": "A small city made by the same rules: dots are citizens, lines are ties.",
    "quality": "Dots are groups, with the number of people; lines are intervals; the dashed line "
    "is everybody.",
    "calibration": "Tenths of each group by the probability that they will keep their "
    "obligations; on the dashed line what was foretold came true. Lines are intervals.",
    "audit": "Dots are groups, with the number of people; lines are intervals; the dashed line "
    "is everybody.",
    "comparison": "Each factor's part of the gap, group less reference group; lines are intervals.",
    "decomposition": "Each factor's part of the gap, group less reference group; lines are "
    "intervals.",
    "explanation": "Mean distance by which a feature moves a score, up or down, coloured by "
    "factor; lines are intervals.",
    "disclosure": "The gap in scores, group less reference group, after people responded to what "
    "they were told; lines are intervals.",
    "contagion": "What scores gain of those who did nothing, through what others did about their "
    "friends; lines are intervals, people of a district counted together.",
    "disclosure_sweep": "Means over worlds under each regime, naive raters: differences from "
    "telling nothing, taken within a society, and the share who game. Filled dots are one shot, "
    "hollow ones raters fitted again to people who responded; lines are intervals over societies. "
    "The gap is between the two groups followed.",
    "disclosure_comparison": "How well scores tell apart those who will keep their obligations "
    "once people have responded to what they were told; lines are intervals.",
    "consequences": "Dots are groups; lines are intervals; the dashed line is everybody.",
    "agreement": "How alike two raters order the same people; lines are intervals.",
    "opposite_case": "What each factor adds at each rater against up to 200 other citizens.",
    "sample_selection": "Right of zero a score expects more of people whom the company does not "
    "know than they keep; lines are intervals.",
    "proxies": "How well columns tell the feature (chance is 0.5), and how much the score moves "
    "with them; factors are large, columns small.",
    "leaderboard": "Diamonds are means over worlds with intervals over samples, faint dots are "
    "worlds; blue estimators attribute, orange ones intervene, black says nothing at all.",
    "interventions": "Gaps in decisions, group less reference group, the dashed line as it is; "
    "hollow dots decide and rank nobody. At the right the AUC and what each changes of it (of "
    "decisions, for hollow dots); lines are intervals.",
    "alternatives": "Every dot is a score, on people who had no part in choosing: left and right "
    "its gap, upwards its AUC; lines are intervals.",
    "friend_influence": "By how many points scores would move with as many friends drawn by "
    "chance.",
    "causal_effects": "Parts of the gap, group less reference group, the whole below; lines are "
    "intervals.",
    "interpretability": "Faint dots are worlds; diamonds are means over worlds, with intervals "
    "over societies. Blue scores are opaque, orange ones readable.",
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An exhibit before it has a number and is drawn."""

    caption: str
    plot: Plot | None = None
    """None leaves tables without a picture."""
    tables: tuple[TableView, ...] = ()
    cites: tuple[str, ...] = ()
    folded: str = ""
    """What a folded exhibit holds, as a clause; empty when it stands open."""
    widths: Widths = "both"


Drafts = Callable[[StudyResults], list[Draft]]


def numbered(drafts: Iterable[Draft], *, figures: int, tables: int) -> tuple[Exhibit, ...]:
    """Draw the drafts and number them on from what stands before."""
    exhibits = []
    for draft in drafts:
        if draft.plot is None:
            tables += 1
            label, key = f"Table {tables}", f"table-{tables}"
        else:
            figures += 1
            label, key = f"Figure {figures}", f"figure-{figures}"
        drawn = draft.plot and drawing(draft.plot, prefix=f"f{figures}", widths=draft.widths)
        exhibits.append(
            Exhibit(
                key=key,
                label=label,
                caption=draft.caption,
                alternative=draft.caption,
                drawing=drawn,
                tables=draft.tables,
                cites=draft.cites,
                folded=f"{label}: {draft.folded}" if draft.folded else "",
            )
        )
    return tuple(exhibits)


def by_rater(*kinds: str) -> Drafts:
    """Return drafts that leave the first rater's figures open and fold those of the others."""

    def drafts(results: StudyResults) -> list[Draft]:
        shown = [pair for kind in kinds for pair in results.of_kind(kind)]
        first = shown[0][0] if shown else None
        return [
            _draft(rater, finding, folded="" if rater is first else _the_same(rater))
            for rater, finding in shown
        ]

    return drafts


def tabled(kind: str, *, then: Drafts) -> Drafts:
    """Return drafts that end with the tables of one kind of finding, without a picture."""

    def drafts(results: StudyResults) -> list[Draft]:
        told = [
            Draft(caption=f"{sentence(finding.title)} {CAPTIONS.get(kind, '')}".strip(),
                  tables=tables_of(finding), cites=finding.citations)
            for _, finding in results.of_kind(kind)
        ]  # fmt: skip
        return [*then(results), *told]

    return drafts


def side_by_side(overview: Callable[[StudyResults], Forest | None], then: Drafts) -> Drafts:
    """Return drafts that open with one picture of every rater."""

    def drafts(results: StudyResults) -> list[Draft]:
        forest = overview(results)
        if forest is None:
            return then(results)
        caption = f"{sentence(forest.title)} Lines are intervals."
        opening = Draft(caption=caption, plot=forest.plot, tables=(forest.table(),))
        return [opening, *then(results)]

    return drafts


def together(*kinds: str, then: Drafts) -> Drafts:
    """Return drafts that open with findings across raters."""

    def drafts(results: StudyResults) -> list[Draft]:
        shown = [finding for kind in kinds for _, finding in results.of_kind(kind)]
        return [*(_draft(None, finding, folded="") for finding in shown), *then(results)]

    return drafts


def gap_drafts(results: StudyResults) -> list[Draft]:
    """Return the lead gap of every rater as figures, and the other gaps folded.

    Other features get a figure at the first rater and a table at the others.
    """
    pair = lead_pair(results)
    found: dict[str, list[tuple[RaterResults | None, Finding]]] = {}
    for kind in ("comparison", "decomposition"):
        for rater, finding in results.of_kind(kind):
            if not _told_already(results, rater, finding):
                found.setdefault(rater.name if rater else "", []).append((rater, finding))
    drafts = []
    for place, members in enumerate(found.values()):
        lead = [each for each in members if _leads(each[1], pair)]
        rest = [each for each in members if not _leads(each[1], pair)]
        for number, (rater, finding) in enumerate(lead):
            folded = "" if place == number == 0 else _the_same(rater) or "the same"
            drafts.append(
                _draft(rater, finding, folded=folded + (_in_unit(finding) if number else ""))
            )
        if place == 0:
            drafts += [_draft(*each, folded=_of_feature(each[1])) for each in rest]
        elif rest:
            drafts.append(_tables_only(rest))
    return drafts


def _draft(rater: RaterResults | None, finding: Finding, *, folded: str) -> Draft:
    whose = rater.name if rater else ""
    title = f"{finding.title}, {whose}" if whose and whose not in finding.title else finding.title
    if finding.kind in GAP_KINDS:
        unit = str(finding.parameters.get("unit", ""))
        title = f"{title.rstrip('.')}, by {' and '.join(map(sensitive_name, _features(finding)))}"
        title += f", in {unit_name(unit)}" if unit else ""
    caption = f"{sentence(title)} {CAPTIONS.get(finding.kind, '')}".strip()
    if table_over(finding):
        caption += f" Strokes end the interval {beside_head(finding)}."
    if TRUTH in values(finding, "method"):
        caption += " Black diamonds are the truth, which only a simulation knows."
    return Draft(
        caption=caption,
        plot=finding.plot,
        tables=tables_of(finding),
        cites=finding.citations,
        folded=folded,
        widths=_widths(finding, folded=bool(folded)),
    )


def _widths(finding: Finding, *, folded: bool) -> Widths:
    if finding.kind in WITHOUT_WORDS:
        return "wide"
    # What few will open is drawn once.
    return "middle" if folded else "both"


def _tables_only(members: list[tuple[RaterResults | None, Finding]]) -> Draft:
    rater = members[0][0]
    whose = at(rater) if rater else "across raters"
    return Draft(
        caption=f"What carries the gaps of the other features, {whose}.",
        tables=tuple(table for _, finding in members for table in tables_of(finding)),
        cites=members[0][1].citations,
        folded=f"the other features {whose}",
    )


def _the_same(rater: RaterResults | None) -> str:
    return f"the same for {named(rater)}" if rater else ""


def _of_feature(finding: Finding) -> str:
    return f"the same by {' and '.join(map(sensitive_name, _features(finding)))}"


def _leads(finding: Finding, pair: Pair | None) -> bool:
    return pair is not None and pair.sensitive in _features(finding)


def _in_unit(finding: Finding) -> str:
    return f", in {unit_name(str(finding.parameters.get('unit', '')))}"


def _features(finding: Finding) -> list[str]:
    return values(finding, "sensitive")


def _told_already(results: StudyResults, rater: RaterResults | None, finding: Finding) -> bool:
    """Whether a comparison of the same rater already holds this decomposition."""
    if finding.kind != "decomposition":
        return False
    name = rater.name if rater else finding.parameters.get("rater")
    return any(
        name == (other.name if other else comparison.parameters.get("rater"))
        and _methods(finding) <= _methods(comparison)
        for other, comparison in results.of_kind("comparison")
    )


def _methods(finding: Finding) -> set[tuple[str, str]]:
    pairs = zip(finding.table["method"], finding.table["sensitive"], strict=True)
    return {(str(method), str(sensitive)) for method, sensitive in pairs}
