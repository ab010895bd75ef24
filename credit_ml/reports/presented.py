"""A study as its readers see it: factors and features of a society under everyday names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from credit_ml.core import Diagnostic, Finding, StudyResults, beside


def presented(results: StudyResults) -> StudyResults:
    """Return the study with everyday names in its tables, and so in its figures.

    Only of a simulated society: the columns of one's own table keep their owner's names.
    """
    named = _renamed if results.simulated else _stored
    raters = tuple(
        replace(
            rater,
            name=_words("scorer").get(rater.name, rater.name),
            findings=tuple(_noted(named(each), rater.agency) for each in rater.findings),
        )
        for rater in results.raters
    )
    told = results.diagnostics
    return replace(
        results,
        raters=raters,
        findings=tuple(_noted(named(each), None) for each in results.findings),
        diagnostics=told if told is None else tuple(map(_diagnostic, told)),
    )


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


def _diagnostic(given: Diagnostic) -> Diagnostic:
    rater = given.rater
    for name, shown in _words("scorer").items():
        rater = rater.replace(name, shown)
    return replace(given, rater=rater)


def _stored(finding: Finding) -> Finding:
    parameters, title = dict(finding.parameters), finding.title
    for name, shown in _words("scorer").items():
        title = title.replace(name, shown)
        if parameters.get("rater") == name:
            parameters["rater"] = shown
    title = _words("title").get(title, title)
    said = beside(__file__)["note"]["said"]
    notes = tuple(said.get(each, each) for each in finding.notes)
    return finding.bounded().told_as(parameters=parameters, title=title, notes=notes)


def _renamed(finding: Finding) -> Finding:
    finding = _stored(finding)
    if "factors" in finding.table.columns:
        sets = [_named_set(str(each)) for each in finding.table["factors"]]
        return finding.told_as(table=finding.table.assign(factors=sets))
    if "factor" not in finding.table.columns:
        return finding
    table = finding.table.copy()
    table["factor"] = [_words("factor").get(str(factor), factor) for factor in table["factor"]]
    if "level" in table.columns:
        table["name"] = [
            beside(__file__).get(str(level), {}).get(str(name), name)
            for level, name in zip(table["level"], table["name"], strict=True)
        ]
    return finding.told_as(table=table)


def _named_set(factors: str) -> str:
    return " + ".join(_words("factor").get(factor, factor) for factor in factors.split(" + "))


def _words(kind: str) -> dict[str, str]:
    """Return what ``presented.toml`` calls things of a kind: factor, feature, scorer or title."""
    words: dict[str, str] = beside(__file__)[kind]
    return words
