"""Sentences on the people and on who rates them."""

from collections.abc import Mapping
from typing import Any

from credit_ml.core import Finding
from credit_ml.reports.content import RaterResults, StudyResults
from credit_ml.reports.names import agency_name, people_of, sentence
from credit_ml.reports.numbers import NARROW, Measured, count, listed, percent, show, spelled
from credit_ml.reports.pieces import Paragraph
from credit_ml.reports.rows import records, rows, values
from credit_ml.reports.words.voice import noun_of


def data_headline(results: StudyResults) -> str:
    """Return the section's result in one line: how many people, rated by how many."""
    people = results.data.get("people")
    if not people:
        return ""
    one = "citizen" if results.simulated else "person"
    many = "citizens" if results.simulated else "people"
    raters = len(results.raters)
    said = f"{count(float(people), one, many)}, {spelled(raters)} rater{'s' * (raters != 1)}"
    return sentence(said)


def data_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return who the people are, how groups differ in what they keep, and who rates them."""
    paragraphs = [
        Paragraph(text=_people(results)),
        Paragraph(text=_groups(results)),
        Paragraph(
            text=_raters_opening(results),
            items=tuple(_rater(rater) for rater in results.raters if rater.agency),
        ),
    ]
    return [paragraph for paragraph in paragraphs if paragraph.text]


def _people(results: StudyResults) -> str:
    data, noun = results.data, noun_of(results)
    name = str(data.get("name", "table"))
    people = count(float(data.get("people", 0)), "citizen" if results.simulated else "person", noun)
    if results.simulated:
        said = f"The world '{name}' holds {people}, made from known causes"
    else:
        said = f"The table '{name}' holds {people}"
    features = data.get("features")
    said += f", and {count(float(features), 'feature')} of each" if features else ""
    rate = data.get("outcome_rate")
    if rate is None:
        return f"{said}."
    return f"{said}; {percent(float(rate))} kept their obligations."


def _groups(results: StudyResults) -> str:
    first = next(results.of_kind("audit"), None)
    if first is None:
        return ""
    said = []
    for sensitive in values(first[1], "sensitive", quantity="value"):
        if sensitive != "overall" and " x " not in sensitive:
            said += _base_rates(first[1], sensitive, noun_of(results))
    return " ".join(said)


def _base_rates(finding: Finding, sensitive: str, noun: str) -> list[str]:
    """Say how large each group is and how often it keeps its obligations."""
    found = rows(finding, quantity="value", metric="base_rate", sensitive=sensitive)
    found = found.dropna(subset=["estimate"])
    total = float(found["people"].sum())
    if len(found) < 2 or total <= 0:
        return []
    parts = [
        f"{Measured.of(row).percent()} of {people_of(sensitive, str(row['group']), noun)}, "
        f"who are {percent(float(row['people']) / total)} of all"
        for row in records(found)
    ]
    return [f"Obligations were kept by {listed(parts)}."]


def _raters_opening(results: StudyResults) -> str:
    described = [rater for rater in results.raters if rater.agency]
    if not described:
        return ""
    many = sentence(spelled(len(described)), stop="")
    return f"{many} rater{'s see' if len(described) > 1 else ' sees'} them:"


def _rater(rater: RaterResults) -> str:
    agency = rater.agency
    said = [sentence(f"{agency_name(agency, rater.name)}, here {rater.name}")]
    said.append(" ".join(str(agency.get("prose", "")).split()))
    grants = [_privilege(given) for given in agency.get("privileges") or ()]
    said += [f"It grants {listed(grants)}."] if grants else []
    return " ".join(filter(None, said))


def _privilege(given: Mapping[str, Any]) -> str:
    points = show(float(given["threshold"])) if "threshold" in given else ""
    name = str(given.get("name") or given.get("id") or "a privilege")
    return f"{name} from {points}{NARROW}points" if points else name
