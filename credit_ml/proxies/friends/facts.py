"""What the words and the table on friends need: a row a measure, a column a group."""

from credit_ml.core import Finding, StudyResults, beside
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, sentence
from credit_ml.grammar.numbers import Amount, in_units, percent
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, facts, level, records, rows, values
from credit_ml.grammar.tables import EMPTY


def of(found: Finding, part: str, measure: str, group: str = "all") -> Amount | None:
    """Return one measure of a group."""
    return fact(found, part=part, measure=measure, group=group, reference_group="")


def unmoved(found: Finding) -> bool:
    """Whether the score leans on nothing that friends did."""
    size = of(found, "other_friends", "size")
    return size is not None and size.estimate == 0


def turned(found: Finding, group: str, part: str = "other_friends") -> Amount | None:
    """Share whose decision turns, one way or the other."""
    return of(found, part, "turned", group)


def gap(found: Finding, pair: GroupPair, part: str) -> tuple[Amount, Amount] | None:
    """Return the gap in points and what becomes of it; None where there may be no gap."""
    before = fact(found, part="score", measure="gap", **pair.where())
    change = fact(found, part=part, measure="gap", **pair.where())
    if before is None or change is None or before.side() == "unclear":
        return None
    return before, change


def trained_anew(found: Finding, pair: GroupPair, results: StudyResults) -> Amount | None:
    """Return by how much other friends close the gap under a rater trained on them; below 0: widen.

    `gap` is of the rater as it is. None where the study trained none, or where both come out alike.
    """
    asked = {"intervention": "rewire_friends", "measure": "score_gap", "fact": "change"}
    same = ("rater", "unit", "sensitive")
    own, moved = gap(found, pair, "other_friends"), None
    for _, other in results.of_kind("interventions"):
        if all(other.parameters.get(name) == found.parameters[name] for name in same):
            moved = fact(other, **asked, **pair.where())
    if own is None or moved is None or not (moved.has_interval and own[1].has_interval):
        return None
    before, change = own
    towards = 1.0 if before.estimate < 0 else -1.0
    return moved.times(towards) if moved.side() != change.side() else None


def groups(
    found: Finding, pair: GroupPair, noun: str, part: str, *measures: str
) -> list[tuple[str, list[Amount]]]:
    """Return some measures of both groups, of those of which all are known."""
    told = []
    for group, people in zip((pair.group, pair.reference), pair.people(noun), strict=True):
        known = [each for measure in measures if (each := of(found, part, measure, group))]
        if len(known) == len(measures):
            told.append((people, known))
    return told


def friends_table(finding: Finding) -> TableView:
    """Return everybody and each group; gaps stand in the column of the group that they are of."""
    known = facts(finding, "part", "measure", "group")
    units = {(row["part"], row["measure"]): str(row["unit"]) for row in records(finding.table)}
    sensitive = str(finding.parameters["sensitive"])
    groups = values(finding, "group")
    bodies = []
    for part in values(finding, "part"):
        lines = []
        for measure in values(finding, "measure", part=part):
            unit = units[part, measure]
            shown = (known.get((part, measure, group)) for group in groups)
            cells = (
                in_units(each, unit)[0].text() if each and each.known else EMPTY for each in shown
            )
            lines.append((_label(measure), _unit(unit), *cells))
        bodies.append((beside(__file__)["part"].get(part, sentence(part, stop="")), tuple(lines)))
    caption = f"{finding.title} ({percent(level(finding))} intervals{_against(finding)})"
    head = (group_label("" if group == "all" else sensitive, group) for group in groups)
    return TableView(
        caption=caption,
        head=("What", "Unit", *head),
        bodies=tuple(bodies),
        words=(0, 1),
        dash="a gap lies between a group and the reference group",
    )


def _label(measure: str) -> str:
    own = measure.removesuffix(" by chance")
    named = str(beside(__file__)["measure"].get(own, sentence(own, stop="")))
    return named + (", by chance" if own != measure else "")


def _unit(unit: str) -> str:
    return "%" if unit == "share" else unit


def _against(finding: Finding) -> str:
    gaps = rows(finding, measure="gap")
    if not len(gaps):
        return ""
    row = gaps.iloc[0]
    return f"; gaps against {group_label(row['sensitive'], row['reference_group']).lower()}"
