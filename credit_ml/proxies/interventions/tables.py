"""Tables of what interventions change, and of scores that harm a group less."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, pair_name, plain, sentence, unit_name
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.phrases import PAIR
from credit_ml.grammar.rows import facts, level, records, rows, values
from credit_ml.grammar.tables import EMPTY, Rows, cell

#: Measures of everybody, each with its head; those in shares are shown as percentages.
QUALITY = {
    "auc": "AUC, %",
    "decision_auc": "AUC of decisions, %",
    "accuracy": "Decided rightly, %",
    "brier": "Brier score",
    "calibration_error": "Calibration error",
}
_SHARES = ("auc", "decision_auc", "accuracy")

#: Smaller numbers are shown as 0.
LEAST = 0.5e-4

Facts = dict[tuple[str, ...], Amount]


def interventions_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return gaps, quality and turned decisions, a row an intervention in each."""
    known = facts(finding, "intervention", "measure", *PAIR[1:], "fact")
    titles = dict(zip(finding.table["intervention"], finding.table["title"], strict=True))
    tables = (
        _gaps(finding, known, titles),
        _quality(finding, known, titles),
        _turned(finding, known, titles),
    )
    return tuple(table for table in tables if table.size)


def _gaps(finding: Finding, known: Facts, titles: dict[str, str]) -> TableView:
    unit = unit_name(str(finding.parameters["unit"]))
    in_shares = finding.parameters["unit"] == "probability"
    places = rows(finding, measure="selection_gap", fact="level")
    pairs = dict.fromkeys(tuple(str(row[name]) for name in PAIR) for row in records(places))
    bodies = []
    for sensitive, *groups in pairs:
        lines = []
        for name, title in titles.items():
            cells = [
                _shown(known.get((name, measure, *groups, which)), in_percent=share)
                for measure, share in (("selection_gap", True), ("score_gap", in_shares))
                for which in ("level", "change")
            ]
            lines.append((sentence(title, stop=""), *cells))
        bodies.append((pair_name(sensitive, *groups), tuple(lines)))
    return TableView(
        caption=f"{finding.title}: gaps ({percent(level(finding))} intervals)",
        head=(
            "What is done",
            "Gap in decisions, % points",
            "Change",
            f"Gap in scores, {unit}",
            "Change",
        ),
        bodies=tuple(bodies),
    )


def _quality(finding: Finding, known: Facts, titles: dict[str, str]) -> TableView:
    head = ["What is done"]
    for name in QUALITY:
        head += [QUALITY[name], "Change"]
    lines = tuple(
        (
            sentence(title, stop=""),
            *(
                _shown(
                    known.get((intervention, name, "all", "", which)), in_percent=name in _SHARES
                )
                for name in QUALITY
                for which in ("level", "change")
            ),
        )
        for intervention, title in titles.items()
    )
    caption = f"{finding.title}: quality ({percent(level(finding))} intervals)"
    return TableView(caption=caption, head=tuple(head), bodies=(("", lines),))


def _turned(finding: Finding, known: Facts, titles: dict[str, str]) -> TableView:
    """Say which share of each group's decisions turn under each intervention."""
    sensitive = str(finding.parameters["sensitive"])
    groups = values(finding, "group", measure="gained")
    head = [
        f"{group_label(sensitive, group)}, {what} (%)"
        for group in groups
        for what in ("newly favoured", "no longer")
    ]
    lines = []
    for name, title in titles.items():
        cells = [
            known.get((name, measure, group, "", "level"))
            for group in groups
            for measure in ("gained", "lost")
        ]
        if any(cells):
            shown = (_shown(each, in_percent=True) for each in cells)
            lines.append((sentence(title, stop=""), *shown))
    caption = f"{finding.title}: whose decisions turn ({percent(level(finding))} intervals)"
    return TableView(caption=caption, head=("What is done", *head), bodies=(("", tuple(lines)),))


def alternatives_table(finding: Finding) -> TableView:
    """Return the score as it is, the chosen one and the frontier, on both parts of the people."""
    told = finding.parameters
    known = facts(finding, "candidate", "measure", "part", "fact")
    shares = told["by"] == "selection_gap" or told["unit"] == "probability"
    table = finding.table.drop_duplicates("candidate")
    on_frontier = [str(row["candidate"]) for row in records(table) if row["frontier"]]
    names = dict.fromkeys([told["baseline"], told["chosen"], *on_frontier])
    read = {str(row["candidate"]): row for row in records(table)}
    unit = "% points" if shares else unit_name(str(told["unit"]))
    lines: dict[str, Rows] = {"As it is": (), "Chosen": (), "Others on the frontier": ()}
    for name in names:
        place = (
            "As it is"
            if name == told["baseline"]
            else "Chosen"
            if name == told["chosen"]
            else "Others on the frontier"
        )
        cells = (
            _shown(known.get((name, measure, part, "level")), in_percent=measure == "auc" or shares)
            for part in ("validation", "test")
            for measure in (told["by"], "auc")
        )
        row = (sentence(plain(read[name]["setting"]), stop=""), str(read[name]["factors"]), *cells)
        lines[place] = (*lines[place], row)
    return TableView(
        caption=f"{finding.title}: of {told['candidates']} scores "
        f"({percent(level(finding))} intervals)",
        head=(
            "Scorer",
            "Reads",
            f"Gap where it was chosen, {unit}",
            "AUC there, %",
            f"Gap on others, {unit}",
            "AUC there, %",
        ),
        bodies=tuple((place, own) for place, own in lines.items() if own),
        words=(0, 1),
    )


def _shown(value: Amount | None, *, in_percent: bool) -> str:
    if value is None or not value.known:
        return EMPTY
    shown = value.times(100) if in_percent else value
    # What moves by rounding alone has no interval worth reading.
    return (
        "0.0000" if shown.ranged and max(abs(shown.low), abs(shown.high)) < LEAST else cell(shown)
    )
