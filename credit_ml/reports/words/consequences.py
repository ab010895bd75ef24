"""Sentences on what having or lacking the points means for people."""

from credit_ml.core import Finding
from credit_ml.reports.content import RaterResults, StudyResults
from credit_ml.reports.names import people_of, plain, sentence
from credit_ml.reports.numbers import Measured
from credit_ml.reports.pieces import Paragraph
from credit_ml.reports.rows import records, rows, values
from credit_ml.reports.words.voice import doubt, lead_pair, noun_of


def consequences_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph a rater: each consequence for the lead pair of groups."""
    paragraphs = []
    for rater, finding in results.of_kind("consequences"):
        text = " ".join(_said(results, rater, finding))
        paragraphs.append(Paragraph(lead=sentence(rater.name) if rater else "", text=text))
    return [paragraph for paragraph in paragraphs if paragraph.text]


def _said(results: StudyResults, rater: RaterResults | None, finding: Finding) -> list[str]:
    pair = lead_pair(results)
    if pair is None:
        return []
    said = []
    for consequence in values(finding, "consequence"):
        found = rows(finding, consequence=consequence, **pair.where())
        for row in records(found):
            value = Measured.of(row)
            if value.known:
                said.append(_line(results, consequence, str(row["measure"]), value))
    return said


def _line(results: StudyResults, consequence: str, measure: str, value: Measured) -> str:
    pair = lead_pair(results)
    if pair is None:
        return ""
    group = people_of(pair.sensitive, pair.group, noun_of(results))
    unclear = doubt(value)
    tail = f", {unclear}" if unclear else ""
    what = f"{sentence(plain(consequence), stop='')}, {plain(measure)} for {group}"
    return f"{what}: {value.text()}{tail}."
