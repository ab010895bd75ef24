"""How the report speaks of people, raters, gaps and doubt; the same in every section."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.core.finding import aside
from credit_ml.grammar.cited import ROW, rows_of, unmarked
from credit_ml.grammar.names import people_of, sentence
from credit_ml.grammar.numbers import FOUR_FIFTHS as FOUR_FIFTHS
from credit_ml.grammar.numbers import NARROW, Amount, listed, show
from credit_ml.grammar.rows import least, records, rows

#: Follows a number whose direction nothing bears out.
NO_INTERVAL = "without an interval"

#: Stands behind a number that rests on an assumed price of an action or worth of a privilege.
ASSUMED = "†"

#: What an interval counts, in words: in a simulated society clusters are districts.
OVER = {"people": "people", "clusters": "districts", "cities": "cities", "societies": "societies"}

#: Columns that name a pair of groups.
PAIR = ("sensitive", "group", "reference_group")


@dataclass(frozen=True)
class GroupPair:
    """A group held against its reference group."""

    sensitive: str
    group: str
    reference: str

    def where(self) -> dict[str, str]:
        """Return the columns that find this pair in a table."""
        return {"sensitive": self.sensitive, "group": self.group, "reference_group": self.reference}

    def people(self, noun: str) -> tuple[str, str]:
        """Return both groups as plural nouns."""
        return (
            people_of(self.sensitive, self.group, noun),
            people_of(self.sensitive, self.reference, noun),
        )


def noun_of(results: StudyResults) -> str:
    """Return what people are called: citizens where they were made, people in a table."""
    return "citizens" if results.simulated else "people"


def score_of(rater: RaterResults) -> str:
    """Return the rater's score as the subject of a sentence."""
    if rater.scorer_kind == "given":
        return f"the {rater.name.removesuffix('s')}"
    return f"the {rater.name} score" if rater.agency else f"the score of the {rater.name}"


def at(rater: RaterResults) -> str:
    """Return where something was found: at an agency, or with a trained scorer."""
    return f"at {rater.name}" if rater.agency else f"with {named(rater)}"


def at_which(results: StudyResults, rater: RaterResults | None) -> str:
    """Return the same after a space on a page of several raters; on a page of one, nothing.

    What is said of one of several says of which: another may be on the other side.
    """
    return f" {at(rater)}" if rater is not None and len(results.raters) > 1 else ""


def named(rater: RaterResults) -> str:
    """Return a rater's name inside a sentence; scorers without an agency take an article."""
    return rater.name if rater.agency else f"the {rater.name}"


def lead_pair(results: StudyResults) -> GroupPair | None:
    """Return the pair of groups that the report follows from section to section.

    The study's own choice comes first, ``settings["lead"]`` with sensitive, group and
    reference_group. A table of one's own has none: there it is the pair whose selection rates
    differ most for certain. Then the first pair that was decomposed.
    """
    wanted = results.settings.get("lead")
    if wanted:
        return GroupPair(*(str(wanted[name]) for name in PAIR))
    if not results.simulated and (clearest := _clearest(results)):
        return clearest
    for kind in ("comparison", "decomposition"):
        for _, finding in results.of_kind(kind):
            if len(finding.table):
                first = finding.table.iloc[0]
                return GroupPair(*(str(first[name]) for name in PAIR))
    return _clearest(results)


def pair_of(finding: Finding, results: StudyResults) -> GroupPair:
    """Return the lead pair where a finding holds it, else the finding's own first pair."""
    lead = lead_pair(results)
    if lead is not None and len(rows(finding, **lead.where())):
        return lead
    first = finding.table[finding.table["reference_group"] != ""].iloc[0]
    return GroupPair(*(str(first[name]) for name in PAIR))


def sampled(results: StudyResults, finding: Finding) -> str:
    """Say of how many people a finding is, where it is not of all, and of which model; else "".

    Of scorers that were cross-fitted one model is asked, about people whom it never saw.
    """
    asked, whole = finding.parameters.get("people") or 0, results.data.get("people") or 0
    told = [f"of {show(asked)} {noun_of(results)} drawn by lot"] if 0 < asked < whole else []
    kinds = {rater.scorer_kind for rater in results.raters if not rater.agency}
    if not results.simulated and kinds and kinds <= {"opaque", "scorecard"}:
        told.append("by the model of one fold, which never saw them")
    return sentence(", ".join(told))


def followable(results: StudyResults) -> list[tuple[Amount, GroupPair]]:
    """Return every pair of the first audit with its difference in selection, intersections aside.

    Of these a page follows one, where the study names none.
    """
    for _, finding in results.of_kind("audit"):
        found = [
            (Amount.of(row), GroupPair(*(str(row[name]) for name in PAIR)))
            for row in records(rows(finding, quantity="difference", measure="selection_rate"))
            if " x " not in str(row["sensitive"])
        ]
        known = [(value, pair) for value, pair in found if value.known and value.ranged]
        if known:
            return known
    return []


def _clearest(results: StudyResults) -> GroupPair | None:
    """Return the pair whose difference in selection is largest for certain."""
    known = followable(results)
    return max(known, key=lambda each: _clarity(each[0]))[1] if known else None


def _clarity(value: Amount) -> float:
    """Return how large a difference is for certain; below zero where there may be none."""
    surely = min(abs(value.low), abs(value.high))
    return surely if value.side() != "unclear" else -1.0 / (1.0 + abs(value.estimate))


def worst_pair(finding: Finding, sensitive: str) -> GroupPair | None:
    """Return the group of a sensitive feature whose selection ratio is smallest."""
    found = rows(finding, quantity="ratio", measure="selection_rate", sensitive=sensitive)
    found = found.dropna(subset=["estimate"])
    if not len(found):
        return None
    worst = least(found)
    return GroupPair(sensitive, str(worst["group"]), str(worst["reference_group"]))


def percent_text(value: Amount, level: float | None = None) -> str:
    """Write a share as a percentage; the first of a section names the interval's level."""
    return with_level(value.percent(), level)


def with_level(text: str, level: float | None) -> str:
    r"""Name the level inside the brackets of a first interval.

    Examples
    --------
    >>> with_level("41 points (38 to 44)", 0.95)
    '41 points (95\u202f% interval 38 to 44)'
    """
    if level is None:
        return text
    return text.replace("(", f"({unmarked(show(100 * level))}{NARROW}% interval ", 1)


def assumed(text: str) -> str:
    """Mark a number that rests on an assumed price of an action or worth of a privilege.

    Examples
    --------
    >>> assumed("5.5 % of a year's income (4.6 to 6.3)"), assumed("2 %")
    ("5.5 % of a year's income† (4.6 to 6.3)", '2 %†')
    """
    number, bracket, rest = text.partition(" (")
    return f"{number}{ASSUMED}{bracket}{rest}"


def doubt(value: Amount, *, none: str = "no difference", reference: float = 0.0) -> str:
    """Return what an interval that reaches the reference means; empty when it does not.

    Where none was made, that is said in its place.

    Examples
    --------
    >>> doubt(Amount(2.0, -1.0, 5.0))
    'compatible with no difference'
    >>> doubt(Amount(2.0, 1.0, 5.0))
    ''
    >>> doubt(Amount(2.0))
    'without an interval'
    """
    if not value.has_interval:
        return NO_INTERVAL
    return f"compatible with {none}" if value.side(reference) == "unclear" else ""


def apart(first: Amount, second: Amount) -> bool:
    """Whether two measurements differ by more than their intervals overlap.

    Where no interval was made of one of them, that is not known.

    Examples
    --------
    >>> apart(Amount(41, 39, 43), Amount(50, 48, 52))
    True
    >>> apart(Amount(41, 39, 43), Amount(42, 40, 44))
    False
    """
    if not (first.has_interval and second.has_interval):
        return False
    return first.low > second.high or second.low > first.high


def points_unit(finding: Finding) -> str:
    """Return the unit of a finding's gaps, as prose writes it."""
    unit = str(finding.parameters.get("unit", ""))
    return {"probability": "percentage points", "score": "points"}.get(unit, unit)


def table_over(finding: Finding) -> str:
    """Return what the interval beside the main one counts: people, clusters, or "" for none."""
    ends = aside(finding.table)
    return ends[0].removeprefix("low_") if ends else ""


def intervals_over(finding: Finding) -> list[str]:
    """Name what a finding's intervals count, of most rows first: people, clusters, societies."""
    return _counted(finding.table, "")


def runs_over(finding: Finding, measure: str = "") -> str:
    """Return what a finding's intervals count, as it ends a clause: " over societies"; or "".

    Rows whose interval is a point, as is what nobody can do where nothing is told, say nothing of
    the others. Where a few rows count something else, the clause says so.

    Parameters
    ----------
    finding : Finding
        Its table has one row a fact.
    measure : str
        Only of rows of this measure, where a sentence quotes no other.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"low": [0, 1.0, 2.0], "high": [0, 3.0, 3.0]})
    >>> table["over"] = ["clusters", "societies", "societies"]
    >>> runs_over(Finding(table=table, title="t"))
    ' over societies'
    """
    main, *others = _counted(finding.table, measure) or [""]
    if not main:
        return ""
    aside = f", or over {listed(others)} for some rows" if others else ""
    return f" over {main}{aside}"


def all_run_over(findings: Sequence[Finding], text: str = "") -> str:
    """Return what the intervals of several findings count, as it ends a clause: " over societies".

    Where they count different things, one clause cannot say which number counts what. Of a marked
    text only the rows are asked that it reads from; where these have intervals that count none of
    what is known here, such as points of a design, nothing is said for them.

    Examples
    --------
    >>> import pandas as pd
    >>> def counting(*over):
    ...     table = pd.DataFrame({"low": 1.0, "high": 3.0, "over": over})
    ...     return Finding(table=table, title="t")
    >>> all_run_over([counting("societies"), counting("societies")])
    ' over societies'
    >>> all_run_over([counting("clusters"), counting("societies")])
    ' over clusters or societies, as the row behind each number says'
    """
    answers = (rows(each, **each.answers_with) for each in findings)
    of_all = dict.fromkeys(over for each in answers for over in _counted(each, ""))
    quoted = quoted_over(findings, text)
    named = quoted or ([] if any(map(_ranges, _quoted(findings, text))) else list(of_all))
    where = ", as the row behind each number says" if len(named) > 1 else ""
    return f" over {listed(named, 'or')}{where}" if named else ""


def quoted_over(findings: Iterable[Finding], text: str) -> list[str]:
    """Name what the intervals of those rows count that a marked text reads from.

    Examples
    --------
    >>> import pandas as pd
    >>> from credit_ml.grammar.cited import ROW, cited, marked
    >>> table = pd.DataFrame({"low": 1.0, "high": 3.0, "over": ["clusters", "societies"]})
    >>> found = Finding(table=table.assign(**{ROW: [1, 2]}), title="t")
    >>> quoted_over([found], "Of a hundred " + marked("2", cited(2.0, 2)) + " pass.")
    ['societies']
    """
    quoted = _quoted(findings, text)
    return list(dict.fromkeys(over for table in quoted for over in _counted(table, "")))


def _quoted(findings: Iterable[Finding], text: str) -> list[pd.DataFrame]:
    """Return of every finding the rows that a marked text reads from."""
    asked = set(rows_of(text))
    numbered = (each.table for each in findings if ROW in each.table)
    return [table[table[ROW].isin(asked)] for table in numbered]


def _ranges(table: pd.DataFrame) -> bool:
    """Whether some row has an interval with a width."""
    return {"low", "high"} <= set(table) and bool((table["low"] < table["high"]).any())


def _counted(table: pd.DataFrame, measure: str) -> list[str]:
    """Name what intervals count, of most rows first."""
    if "over" not in table:
        return []
    if measure and "measure" in table:
        table = table[table["measure"] == measure]
    told = table["over"][table["over"].isin(list(OVER))]
    if {"low", "high"} <= set(table):
        wide = told[table["low"] < table["high"]]
        told = wide if len(wide) else told
    return [str(each) for each in told.value_counts(sort=True).index]


def beside_head(finding: Finding) -> str:
    """Return the head of a column that holds the intervals of one table."""
    return f"over {OVER[table_over(finding)]} alone"
