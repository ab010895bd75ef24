"""Sentences on bystanders: what others' moves among friends do to those who did nothing."""

from credit_ml.core import Finding
from credit_ml.reports.content import StudyResults
from credit_ml.reports.names import regime_name, sentence
from credit_ml.reports.numbers import Measured
from credit_ml.reports.pieces import Paragraph
from credit_ml.reports.rows import fact
from credit_ml.reports.words.voice import lead_pair, noun_of


def contagion_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return what happens to those who did nothing, and to who is friends with whom."""
    found = next((finding for _, finding in results.of_kind("contagion")), None)
    if found is None:
        return []
    text = " ".join(filter(None, (_bystanders(found, results), _ties(found, results))))
    return [Paragraph(lead="Bystanders.", text=text)] if text else []


def _bystanders(found: Finding, results: StudyResults) -> str:
    noun, pair = noun_of(results), lead_pair(results)
    still, touched, lost = (_of(found, name) for name in ("bystanders", "touched", "lost"))
    if still is None or touched is None or lost is None:
        return ""
    text = sentence(
        f"when {regime_name(str(found.parameters['regime']))}, {still.percent()} of {noun} do "
        f"nothing; records of {touched.percent()} of them move all the same, by what their "
        f"friends did, and {lost.percent()} of them lose the first privilege by it"
    )
    if pair is None:
        return text
    groups = [
        f"{people} by {points.text('points')}"
        for group, people in zip((pair.group, pair.reference), pair.people(noun), strict=True)
        if (points := _of(found, "points", group)) is not None
    ]
    return f"{text} It moves scores of those among {' and '.join(groups)}." if groups else text


def _ties(found: Finding, results: StudyResults) -> str:
    cut, added = _of(found, "ties_cut"), _of(found, "ties_added")
    pair = lead_pair(results)
    before, after = (
        fact(found, measure="score_assortativity", when=when, group="all")
        for when in ("before", "after")
    )
    if cut is None or added is None or before is None or after is None:
        return ""
    text = (
        f"{cut.text()} ties a person are cut and {added.text()} sought and got; scores of two "
        f"friends correlate by {before.text()} before and {after.text()} after"
    )
    if pair is None:
        return sentence(text)
    alike = [
        fact(found, measure="homophily", when=when, sensitive=pair.sensitive, group=pair.group)
        for when in ("before", "after")
    ]
    if alike[0] is not None and alike[1] is not None:
        text += (
            f", and the homophily of {pair.people(noun_of(results))[0]} goes from "
            f"{alike[0].text()} to {alike[1].text()}"
        )
    return sentence(text)


def _of(found: Finding, measure: str, group: str = "all") -> Measured | None:
    return fact(found, measure=measure, when="", group=group)
