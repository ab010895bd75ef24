"""The page's sections: what instruments found, words first, then what shows them."""

from dataclasses import replace

from credit_ml.core import StudyResults
from credit_ml.grammar.blocks import Paragraph, Section
from credit_ml.reports.exhibits import drafts_of, numbered
from credit_ml.reports.layout import members, shown, titles
from credit_ml.reports.templating import block, page_block, paragraphs, tidy

#: What the page itself adds to the words of a section's instruments.
_AFTER = {"data": "raters", "audit": "two_intervals"}


def sections(results: StudyResults) -> tuple[Section, ...]:
    """Return the sections that the study's findings can fill, their exhibits numbered through."""
    made: list[Section] = []
    figures = tables = 0
    for name, title in titles().items():
        exhibits = numbered(drafts_of(name, results), figures=figures, tables=tables)
        headline, told = _words(name, results)
        if not exhibits and (name != "data" or not told):
            continue
        figures += sum(exhibit.drawing is not None for exhibit in exhibits)
        tables += sum(exhibit.drawing is None for exhibit in exhibits)
        made.append(
            Section(
                id=name, title=title, finding=headline, paragraphs=tuple(told), exhibits=exhibits
            )
        )
    limits = paragraphs(page_block("limits", results))
    for name, title, told in (
        ("methods", "Methods", _methods(results)),
        ("limits", "Limits", limits),
    ):
        if told:
            made.append(Section(id=name, title=title, paragraphs=tuple(told)))
    return tuple(made)


def _methods(results: StudyResults) -> list[Paragraph]:
    """Return a paragraph for every method that this report rests on, with its citations."""
    made: list[Paragraph] = []
    for instrument in shown(results):
        found = [each for kind in instrument.kinds for each in results.of_kind(kind)]
        cites = tuple(dict.fromkeys(cite for _, each in found for cite in each.citations))
        said = paragraphs(block(instrument, "methods", results, found) or "")
        made += (replace(each, cites=cites) for each in said)
    return made + paragraphs(page_block("intervals", results))


def _words(section: str, results: StudyResults) -> tuple[str, list[Paragraph]]:
    """Return a section's result in one line, the first that its instruments have, and its text."""
    headline, told = "", []
    if section == "data":
        headline = tidy(page_block("data_headline", results))
        told = paragraphs(page_block("data", results))
    for instrument in members(section):
        found = [each for kind in instrument.kinds for each in results.of_kind(kind)]
        if found:
            headline = headline or tidy(block(instrument, "headline", results, found) or "")
            told += paragraphs(block(instrument, "paragraphs", results, found) or "")
    if section in _AFTER:
        told += paragraphs(page_block(_AFTER[section], results))
    return headline, told
