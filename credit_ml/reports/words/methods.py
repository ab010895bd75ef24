"""What each number means and how it was got, for readers who want to check."""

from dataclasses import replace

from credit_ml.core import Instrument, StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.numbers import percent, show
from credit_ml.grammar.rows import level, values
from credit_ml.reports.layout import shown
from credit_ml.reports.legacy import CARRIERS, METHODS, ON_FILE
from credit_ml.reports.templating import Found, block, has_words, paragraphs


def methods_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return a paragraph for every method that this report rests on, with its citations."""
    made: list[Paragraph] = []
    for instrument in shown(results):
        found = [each for kind in instrument.kinds for each in results.of_kind(kind)]
        cites = tuple(dict.fromkeys(cite for _, each in found for cite in each.citations))
        made += (replace(each, cites=cites) for each in _said(instrument, results, found))
    return made + _intervals(results)


def _said(instrument: Instrument, results: StudyResults, found: Found) -> list[Paragraph]:
    text = block(instrument, "methods", results, found)
    if text is not None:
        return paragraphs(text)
    if instrument.id == "comparison":
        used = dict.fromkeys(name for _, each in found for name in values(each, "method"))
        text = " ".join(CARRIERS[name] for name in CARRIERS if name in used)
        return [Paragraph(lead="What carries a gap.", text=text)] if text else []
    if instrument.id in METHODS and not has_words(instrument):
        lead, text = METHODS[instrument.id]
        text += "" if results.simulated else ON_FILE.get(instrument.id, "")
        return [Paragraph(lead=lead, text=text)]
    return []


def _intervals(results: StudyResults) -> list[Paragraph]:
    first = next(iter(results.all_findings()), None)
    if first is None:
        return []
    replicates = _replicates(results)
    text = (
        f"Unless a note says otherwise, brackets hold {percent(level(first))} intervals"
        f"{replicates}. They speak of chance in who was sampled, not of a wrong model. Digits are "
        "shown as far as the interval bears them. Many groups are held against each other here, "
        "without correction: of twenty comparisons with nothing behind them, one is expected to "
        "look like something."
    )
    return [Paragraph(lead="Intervals.", text=text)]


def _replicates(results: StudyResults) -> str:
    for finding in results.all_findings():
        if finding.parameters.get("replicates"):
            drawn = show(float(finding.parameters["replicates"]))
            return f", those of selection and errors from {drawn} bootstrap replicates"
    return ""
