"""The page's sections: what instruments found, words first, then what shows them."""

from collections.abc import Callable

from credit_ml.core import Instrument, StudyResults
from credit_ml.grammar.blocks import Paragraph, Section
from credit_ml.reports.exhibits import drafts_of, numbered
from credit_ml.reports.layout import members, titles
from credit_ml.reports.legacy import WORDS
from credit_ml.reports.templating import Found, block, paragraphs, tidy
from credit_ml.reports.words.data import data_headline, data_paragraphs
from credit_ml.reports.words.limits import limits_paragraphs
from credit_ml.reports.words.methods import methods_paragraphs

#: What stands in every page, whatever was measured.
CLOSING: tuple[tuple[str, str, Callable[[StudyResults], list[Paragraph]]], ...] = (
    ("methods", "Methods", methods_paragraphs),
    ("limits", "Limits", limits_paragraphs),
)


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
    for name, title, words in CLOSING:
        if told := words(results):
            made.append(Section(id=name, title=title, paragraphs=tuple(told)))
    return tuple(made)


def _words(section: str, results: StudyResults) -> tuple[str, list[Paragraph]]:
    """Return a section's result in one line, the first that its instruments have, and its text."""
    headline, told = "", []
    if section == "data":
        headline, told = data_headline(results), data_paragraphs(results)
    for instrument in members(section):
        found = [each for kind in instrument.kinds for each in results.of_kind(kind)]
        if found:
            headline = headline or _headline(instrument, results, found)
            told += _paragraphs(instrument, results, found)
    return headline, told


def _headline(instrument: Instrument, results: StudyResults, found: Found) -> str:
    text = block(instrument, "headline", results, found)
    if text is not None:
        return tidy(text)
    return WORDS[instrument.id][0](results) if instrument.id in WORDS else ""


def _paragraphs(instrument: Instrument, results: StudyResults, found: Found) -> list[Paragraph]:
    text = block(instrument, "paragraphs", results, found)
    if text is not None:
        return paragraphs(text)
    return WORDS[instrument.id][1](results) if instrument.id in WORDS else []
