"""What stands below a section's words: which figures are open, which wait behind a line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.core.instrument import instruments_by_kind
from credit_ml.grammar.blocks import STILL, Exhibit, Overview, TableView
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.names import sensitive_name, sentence, unit_name
from credit_ml.grammar.phrases import (
    GroupPair,
    at,
    beside_head,
    lead_pair,
    named,
    runs_over,
    table_over,
)
from credit_ml.grammar.rows import values
from credit_ml.grammar.tables import plain_table, unranged
from credit_ml.reports.cells.ledger import undone, unnumbered
from credit_ml.reports.drawings.words import MOST_SAID
from credit_ml.reports.figures import Plot, Widths, drawing
from credit_ml.reports.layout import led_by, members, titles
from credit_ml.reports.templating import block, found_by, tidy

#: Kinds of findings that take gaps apart; a comparison holds several decompositions.
GAP_KINDS = ("comparison", "decomposition")
#: Spaces within an interval, and before the sign behind it.
_SPACE = re.compile(r" (?=to |[\u25b2\u25bc])|(?<= to) ")
#: A cell with an interval in brackets: "from one to two" is none.
_RANGED = re.compile(r"\(\S+\sto\s\S+\)")
#: By section.
Overviews = Mapping[str, list[Overview]]
#: The method that is no estimate.
TRUTH = "true_carrier"


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
    matrix: TableView | None = None
    """Stands open where a picture would."""
    strokes: str = ""
    """Said below the picture where it has strokes at the ends of second intervals."""


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
        strokes = draft.strokes if drawn and drawn.strokes else ""
        caption = " ".join(filter(None, [draft.caption, strokes]))
        exhibits.append(
            Exhibit(
                key=key,
                label=label,
                caption=caption,
                alternative=" ".join(
                    filter(None, [caption, (drawn and drawn.said) or _values(draft.tables)])
                ),
                folded=f"{label}: {draft.folded}" if draft.folded else "",
                drawing=drawn,
                tables=draft.tables,
                cites=draft.cites,
                matrix=draft.matrix,
            )
        )
    return tuple(exhibits)


def _values(tables: tuple[TableView, ...]) -> str:
    """Say the first numbers that have intervals, for those who cannot see the picture."""
    for view in tables:
        rows = [(of, row) for of, lines in view.bodies for row in lines]
        columns = (
            k
            for k in range(1, len(view.head))
            if any(_RANGED.search(unmarked(row[k])) for _, row in rows[:MOST_SAID])
        )
        column = next(columns, None)
        if column is not None:
            said = [place for place in view.words if place < column]
            told, last = [], ""
            for of, row in rows[:MOST_SAID]:
                # What a block of rows is of is said once, before the first of them.
                heading = f"{of}: " if of and of != last else ""
                told.append(heading + " ".join(row[place] for place in (*said, column)))
                last = of
            more = f"; and {len(rows) - MOST_SAID} more" if len(rows) > MOST_SAID else ""
            return f"{view.head[column]}: {'; '.join(told)}{more}."
    return ""


def drafts_of(section: str, results: StudyResults, overviews: Overviews) -> list[Draft]:
    """Return what a section shows: the first rater's figures open, the others' tables folded."""
    first = opens_with(results, overviews)
    drawn = [overview_draft(each) for each in overviews[section] if each is not first]
    return [*matrices_of(section, results), *drawn, *_parted(section, results, overviews)[1]]


def opening_draft(results: StudyResults, overviews: Overviews) -> Draft | None:
    """Return the picture below the answer: made to open the page, or the first of what leads it."""
    first, lead = opens_with(results, overviews), led_by(results)
    if first is not None:
        return overview_draft(first)
    return _parted(lead.section, results, overviews)[0] if lead else None


def _parted(
    section: str, results: StudyResults, overviews: Overviews
) -> tuple[Draft | None, list[Draft]]:
    """Part a section's own pictures into the one that opens the page and those that stay."""
    drafts, lead = _pictures_of(section, results), led_by(results)
    if lead is None or lead.section != section or opens_with(results, overviews):
        return None, drafts
    first = next((each for each in drafts if each.plot), None)
    return first, [each for each in drafts if each is not first]


def opens_with(results: StudyResults, overviews: Overviews) -> Overview | None:
    """Return the picture that stands below the answer, where there is one.

    Of the instrument that the page leads with; where none leads, the first of the page.
    """
    lead = led_by(results)
    asked = [lead.section] if lead else titles()
    return next((each for name in asked for each in overviews[name] if each.opening), None)


def _whole_intervals(view: TableView) -> TableView:
    """Let lines of narrow cells break before an interval, and not within."""
    bodies = tuple(
        (heading, tuple(tuple(_SPACE.sub("\u00a0", cell) for cell in row) for row in rows))
        for heading, rows in view.bodies
    )
    return replace(view, bodies=bodies)


def overviews_of(results: StudyResults) -> Overviews:
    """Return the pictures that instruments make of the whole study, by section."""
    # The words of tables know their rows; pictures are drawn of plain numbers.
    plain = undone(results)
    return {
        section: [
            replace(told, plot=drawn.plot)
            for each in members(section)
            if each.overviews and found_by(each, results)
            for told, drawn in zip(each.overviews(results), each.overviews(plain), strict=True)
        ]
        for section in titles()
    }


def overview_draft(overview: Overview) -> Draft:
    """Return a picture of the whole study as an exhibit."""
    caption = f"{sentence(overview.title)} {overview.caption}"
    return Draft(caption=caption, plot=overview.plot, tables=(overview.table,))


def matrices_of(section: str, results: StudyResults) -> list[Draft]:
    """Return the small tables of all raters that a section's instruments make."""
    drafts = []
    for each in members(section):
        found = found_by(each, results)
        view = each.matrix(results) if each.matrix and found else None
        if view is not None:
            caption = tidy(block(each, "matrix", results, found) or view.caption)
            drafts.append(Draft(caption=caption, matrix=_whole_intervals(view)))
    return drafts


def _pictures_of(section: str, results: StudyResults) -> list[Draft]:
    if section == "gap":
        return gap_drafts(results)
    found = [pair for each in members(section) for pair in found_by(each, results)]
    first = next((rater for rater, _ in found if rater), None)
    return [
        _draft(results, rater, finding, folded="" if rater is first else _the_same(rater))
        for rater, finding in found
    ]


def tables_of(finding: Finding) -> tuple[TableView, ...]:
    """Return the tables that show a finding; any finding can be shown plainly."""
    known, why = instruments_by_kind().get(finding.kind), unranged(finding)
    views = known.tables(finding) if known and known.tables else (plain_table(finding),)
    return tuple(replace(view, bare=why) if why and view.bare == STILL else view for view in views)


def _caption(results: StudyResults, rater: RaterResults | None, finding: Finding) -> str:
    known = instruments_by_kind().get(finding.kind)
    return tidy(block(known, "caption", results, [(rater, finding)]) or "") if known else ""


def gap_drafts(results: StudyResults) -> list[Draft]:
    """Return the lead gap of every rater as figures, and the other gaps folded.

    Other features get a figure at the first rater and a table at the others.
    """
    pair = lead_pair(results)
    found: dict[str, list[tuple[RaterResults | None, Finding]]] = {}
    for kind in GAP_KINDS:
        for rater, finding in results.of_kind(kind):
            if not _told_already(results, rater, finding):
                found.setdefault(rater.name if rater else "", []).append((rater, finding))
    drafts = []
    for place, own in enumerate(found.values()):
        lead = [each for each in own if _leads(each[1], pair)]
        rest = [each for each in own if not _leads(each[1], pair)]
        for number, (rater, finding) in enumerate(lead):
            folded = "" if place == number == 0 else _the_same(rater) or "the same"
            folded += _in_unit(finding) if number else ""
            drafts.append(_draft(results, rater, finding, folded=folded))
        if place == 0:
            for rater, finding in rest:
                drafts.append(_draft(results, rater, finding, folded=f"the same by {_by(finding)}"))
        elif rest:
            drafts.append(_tables_only(rest))
    return drafts


def _draft(
    results: StudyResults, rater: RaterResults | None, finding: Finding, *, folded: str
) -> Draft:
    known = instruments_by_kind().get(finding.kind)
    picture = known.picture if known else "both"
    # Of the other raters the tables are enough; what few will open is drawn once.
    if folded and folded == _the_same(rater):
        picture = "none"
    widths: Widths = "wide" if picture == "wide" else "middle" if folded else "both"
    whose = rater.name if rater else ""
    title = f"{finding.title}, {whose}" if whose and whose not in finding.title else finding.title
    if finding.kind in GAP_KINDS:
        unit = str(finding.parameters.get("unit", ""))
        title = f"{title.rstrip('.')}, by {_by(finding)}"
        title += f", in {unit_name(unit)}" if unit else ""
    caption = f"{sentence(title)} {_caption(results, rater, finding)}".strip()
    if finding.draws_over and runs_over(finding) and picture != "none":
        caption += f" Intervals run{runs_over(finding)}."
    if TRUTH in values(finding, "method"):
        caption += " Black diamonds are the truth, which only a simulation knows."
    return Draft(
        caption=caption,
        plot=None if picture == "none" else unnumbered(finding).plot,
        tables=tables_of(finding),
        cites=finding.citations,
        folded=folded,
        widths=widths,
        strokes=f"Strokes end the interval {beside_head(finding)}." if table_over(finding) else "",
    )


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


def _by(finding: Finding) -> str:
    return " and ".join(map(sensitive_name, values(finding, "sensitive")))


def _leads(finding: Finding, pair: GroupPair | None) -> bool:
    return pair is not None and pair.sensitive in values(finding, "sensitive")


def _in_unit(finding: Finding) -> str:
    return f", in {unit_name(str(finding.parameters.get('unit', '')))}"


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
