"""A study as its readers see it: factors and features of a society under everyday names."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from credit_ml.core import Diagnostic, Finding, StudyResults, beside
from credit_ml.core.schema import CROSS
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.names import bare, factor_name, knob_name, people_of, sensitive_name
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import records, rows


def presented(results: StudyResults) -> StudyResults:
    """Return the study with everyday names in its tables, and so in its figures.

    Only of a simulated society: the columns of one's own table keep their owner's names.
    """
    as_read = _renamed if results.simulated else _stored
    results = _with_headings(results)
    raters = tuple(
        replace(
            rater,
            name=_words("scorer").get(rater.name, rater.name),
            findings=tuple(_noted(as_read(each), rater.agency) for each in rater.findings),
        )
        for rater in results.raters
    )
    told, named = results.diagnostics, results.simulated
    return replace(
        results,
        raters=raters,
        findings=tuple(_noted(as_read(each), None) for each in results.findings),
        diagnostics=told
        if told is None
        else tuple(
            _whole_words(_diagnostic(_as_its_row_says(each, results), worded=named), results)
            for each in told
        ),
    )


def _with_headings(results: StudyResults) -> StudyResults:
    """Return the study with what a regime is called wherever a finding has regimes.

    Comparisons of raters were stored without.
    """
    known: dict[str, str] = {}
    for each in results.all_findings():
        known |= each.parameters.get("headings") or {}

    def headed(finding: Finding) -> Finding:
        if not known or "regime" not in finding.table or "headings" in finding.parameters:
            return finding
        return finding.told_as(parameters={**finding.parameters, "headings": known})

    raters = (replace(each, findings=tuple(map(headed, each.findings))) for each in results.raters)
    return replace(results, raters=tuple(raters), findings=tuple(map(headed, results.findings)))


def _noted(finding: Finding, agency: Mapping[str, Any] | None) -> Finding:
    """Return a finding whose notes say of which privilege they speak, and what has no interval.

    Those of earlier runs said "the first privilege", by whose order nobody could tell, and had no
    row for who cannot reach it.
    """
    told = beside(__file__)["note"]
    granted: dict[str, Any] = next(iter((agency or {}).get("privileges") or ()), {})
    name = granted.get("name") or granted.get("id")
    out = told["out_of_reach"]
    reached = "measure" in finding.table and (finding.table["measure"] == out["measure"]).any()
    aim = f"'{name}'" if name else out["listed"]
    named = out["named"].format(aim)
    notes = tuple(each.replace(out["first"], named) for each in finding.notes)
    if not reached:
        notes = tuple(each.replace(out["bare"], out["bare"] + out["without"]) for each in notes)
    return finding if notes == finding.notes else finding.told_as(notes=notes)


#: How many times as often one group is refused, as a check writes it.
_REFUSED = re.compile(r"\b\d+\.\d(?= times as many are refused)")


def _as_its_row_says(given: Diagnostic, results: StudyResults) -> Diagnostic:
    """Return what a check said with the digits that the row of the same ratio bears.

    A check knows no interval: 2.7 times there was 3 times (2 to 4) in the section.
    """
    said = _REFUSED.search(given.message)
    if said is None:
        return given
    where = {"quantity": "ratio", "measure": "refusal_rate", "sensitive": given.sensitive}
    for rater, finding in results.of_kind("audit"):
        for row in records(rows(finding, **where)) if rater and rater.name == given.rater else ():
            found = Amount.of(row)
            turned = row["reference_group"] == given.group and found.low > 0
            found = found.inverse() if turned else found
            same = found.known and f"{float(found.estimate):.1f}" == said[0]
            if same and given.group in (row["group"], row["reference_group"]):
                message = _REFUSED.sub(unmarked(found.figure()), given.message)
                return replace(given, message=message)
    return given


#: What a check of small crossings said: "of 56 crossings of two sensitive features 1 have fewer".
_FEW = re.compile(
    r"of (\S+) crossings of two sensitive features (\S+) have fewer than (\d+) people:"
)
#: A crossing of a table's own values with its people, such as "under 26 x no (3)".
_CELL = re.compile(rf"([^,:(]+?){CROSS}([^,:(]+?) \(\d[\d,]*\)")


def _whole_words(given: Diagnostic, results: StudyResults) -> Diagnostic:
    """Return what a check said of crossings, a "no" of one's own table told by its feature."""
    message = _FEW.sub(
        r"fewer than \3 people are in \2 of \1 crossings of two sensitive features:", given.message
    )
    if message == given.message or not _CELL.search(message):
        return replace(given, message=message)
    known = _groups(results)

    def named(cell: re.Match[str]) -> str:
        one, other = cell[1].strip(), cell[2]
        of = [
            f"{first}{CROSS}{second}"
            for first, second in combinations(known, 2)
            if one in known[first] and other in known[second]
        ]
        if len(of) != 1 or not (bare(one) or bare(other)):
            return cell[0]
        return cell[0].replace(f"{one}{CROSS}{other}", people_of(of[0], f"{one}{CROSS}{other}"))

    return replace(given, message=_CELL.sub(named, message))


def _groups(results: StudyResults) -> dict[str, set[str]]:
    """Return the groups of every single sensitive feature that was audited, in their order."""
    found: dict[str, set[str]] = {}
    for _, finding in results.of_kind("audit"):
        for sensitive, group in zip(
            finding.table["sensitive"], finding.table["group"], strict=True
        ):
            if CROSS not in str(sensitive):
                found.setdefault(str(sensitive), set()).add(str(group))
    return found


def _diagnostic(given: Diagnostic, *, worded: bool) -> Diagnostic:
    rater = given.rater
    for name, shown in _words("scorer").items():
        rater = rater.replace(name, shown)
    # A "no" of one's own table says nothing without its feature either.
    last = re.search(rf"(\S+) \({re.escape(given.sensitive)}\)", given.message)
    worded = worded or bool(given.sensitive and last and bare(last[1]))
    message = _in_words(given.message, given.sensitive) if worded else given.message
    return replace(given, rater=rater, message=message)


#: A key of a world's settings, such as "address.dependence.hukou"; features that are crossed.
_KEY = re.compile(r"\b[a-z_]+(?:\.[a-z_]+)+\b(?!\.\w)")
_CROSSED = re.compile(r"\b(?:hukou|ethnicity|gender|critic|age_band)(?: x [a-z_]+)+\b")


def _in_words(message: str, sensitive: str) -> str:
    """Return what a check of an earlier run said, with groups and settings under everyday names.

    Examples
    --------
    >>> _in_words("the ratio of yes to no (critic) is 0.91", "critic")
    'the ratio of critics to people who are not critics is 0.91'
    >>> _in_words("of 9 knobs that make gender matter: ties.gender and 5 more", "gender")
    'of 9 settings that make gender matter: homophily by gender and 5 more'
    """
    feature = re.escape(sensitive)

    def people(group: str) -> str:
        return people_of(sensitive, group)

    told: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (rf"\b(\S+) to (\S+) \({feature}\)", lambda m: f"{people(m[1])} to {people(m[2])}"),
        (
            rf"^(\S+) \({feature}\)(.* than the reference group) (\w+):",
            lambda m: f"{people(m[1])}{m[2]}, {people(m[3])}:",
        ),
        (rf"^(\S+) \({feature}\)", lambda m: people(m[1])),
        (
            rf"\bknobs that make {feature} ",
            lambda _: f"settings that make {sensitive_name(sensitive)} ",
        ),
    ]
    for pattern, words in told if sensitive else ():
        message = re.sub(pattern, words, message)
    if "settings that make" not in message:
        return message
    return _KEY.sub(lambda key: knob_name(key[0]), message)


def _stored(finding: Finding) -> Finding:
    parameters, title = dict(finding.parameters), finding.title
    for name, shown in _words("scorer").items():
        title = title.replace(name, shown)
        if parameters.get("rater") == name:
            parameters["rater"] = shown
    title = _words("title").get(title, title)
    said = beside(__file__)["note"]["said"]
    notes = tuple(_note(said.get(each, each)) for each in finding.notes)
    return finding.bounded().told_as(parameters=parameters, title=title, notes=notes)


def _note(note: str) -> str:
    for part, words in beside(__file__)["note"]["part"].items():
        note = note.replace(part, words)
    return _CROSSED.sub(lambda crossed: sensitive_name(crossed[0]), note)


def _renamed(finding: Finding) -> Finding:
    finding = _stored(finding)
    if "factors" in finding.table.columns:
        sets = [_named_set(str(each)) for each in finding.table["factors"]]
        return finding.told_as(table=finding.table.assign(factors=sets))
    if "factor" not in finding.table.columns:
        return finding
    table = finding.table.copy()
    if "column" in table.columns:
        table["column"] = [_words("feature").get(str(name), name) for name in table["column"]]
    table["factor"] = [_words("factor").get(str(factor), factor) for factor in table["factor"]]
    if "level" in table.columns:
        table["name"] = [
            beside(__file__).get(str(level), {}).get(str(name), name)
            for level, name in zip(table["level"], table["name"], strict=True)
        ]
    return finding.told_as(table=table)


def _named_set(factors: str) -> str:
    return " + ".join(_words("factor").get(factor, factor) for factor in factors.split(" + "))


def family_name(factor: str) -> str:
    """Return what a factor family of a society is called, by the name that tables store it under.

    Examples
    --------
    >>> family_name("relationships"), family_name("(gap)")
    ('friends', 'the whole gap')
    """
    return _words("factor").get(factor) or factor_name(factor)


def _words(kind: str) -> dict[str, str]:
    """Return what ``presented.toml`` calls things of a kind: factor, feature, scorer or title."""
    words: dict[str, str] = beside(__file__)[kind]
    return words
