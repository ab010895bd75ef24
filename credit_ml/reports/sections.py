"""What a page is made of: its abstract, a few big numbers, and sections of words and exhibits."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from credit_ml.core import Instrument, StudyResults
from credit_ml.grammar.blocks import Card, Paragraph, Section
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.exhibits import drafts_of, numbered
from credit_ml.reports.layout import led_by, members, ordered_titles, own_titles, shown
from credit_ml.reports.templating import (
    as_shown,
    block,
    capital,
    found_by,
    page_block,
    paragraphs,
    tidy,
)

#: Big numbers on a page, at most.
MOST_CARDS = 5
#: What the page itself adds to the words of a section's instruments.
_AFTER = {"data": "raters", "audit": "two_intervals"}


def cards(results: StudyResults) -> tuple[Card, ...]:
    """Return the few numbers that a reader should keep, five at most: block ``cards``.

    There a template calls ``card(value, unit, meaning, reference)``: an `Amount`, its unit, what
    it means, and what to hold it against.
    """
    made: list[Card] = []

    def card(value: Amount, unit: str, meaning: str, reference: str) -> str:
        shown = {"figure": value.figure(unit), "interval": value.interval(unit), "unit": unit}
        words = {"meaning": capital(meaning), "reference": tidy(reference)}
        made.append(
            Card(**{name: as_shown(text, results) for name, text in (shown | words).items()})
        )
        return ""

    for instrument in _first_told(results):
        found = found_by(instrument, results)
        block(instrument, "cards", results, found, card=card)
    return tuple(made[:MOST_CARDS])


def answer(results: StudyResults) -> list[Paragraph]:
    """Return what the page's question comes to, a sentence for each clause with one number.

    A study that leads with an instrument is answered by that one's abstract.
    """
    return [] if led_by(results) is not None else paragraphs(page_block("answer", results))


def abstract(results: StudyResults, checks: Sequence[Any] = ()) -> list[Paragraph]:
    """Return the page in a few sentences: its own, then those of other packages' instruments.

    Where the study leads with an instrument, that one answers first, in paragraphs of its own, and
    then stands what became of the predictions.
    """
    lead = led_by(results)
    if lead is not None:
        return _answer(results, lead) + paragraphs(page_block("verdict", results, checks=checks))
    told = [each.text for each in paragraphs(page_block("abstract", results, checks=checks))]
    others = (each for each in _first_told(results) if each.section not in own_titles())
    return ([Paragraph(text=" ".join(told))] if told else []) + [
        part for each in others for part in _answer(results, each)
    ]


def _answer(results: StudyResults, instrument: Instrument) -> list[Paragraph]:
    """Return what an instrument says in an abstract, a paragraph each of its own."""
    said = block(instrument, "abstract", results, found_by(instrument, results))
    return paragraphs(said or "")


def _first_told(results: StudyResults) -> list[Instrument]:
    """Return instruments in the order of the page, how well raters rate last; or the one led by."""
    lead = led_by(results)
    if lead is not None:
        return [lead]
    return sorted(shown(results), key=lambda each: each.section == "quality")


def sections(results: StudyResults) -> tuple[Section, ...]:
    """Return the sections that the study's findings can fill, their exhibits numbered through."""
    made: list[Section] = []
    figures = tables = 0
    for name, title in ordered_titles(results).items():
        exhibits = numbered(drafts_of(name, results), figures=figures, tables=tables)
        headline, told = _words(name, results)
        if not exhibits and (name != "data" or not told):
            continue
        figures += sum(exhibit.drawing is not None for exhibit in exhibits)
        tables += sum(exhibit.drawing is None for exhibit in exhibits)
        of = {"id": name, "title": title, "finding": headline}
        made.append(Section(**of, paragraphs=tuple(told), exhibits=exhibits))
    limits = paragraphs(page_block("limits", results))
    for title, told in (("Methods", _methods(results)), ("Limits", limits)):
        if told:
            made.append(Section(id=title.lower(), title=title, paragraphs=tuple(told)))
    return tuple(made)


def _methods(results: StudyResults) -> list[Paragraph]:
    """Return a paragraph for every method that this report rests on, with its citations."""
    made: list[Paragraph] = []
    for instrument in shown(results):
        found = found_by(instrument, results)
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
        found = found_by(instrument, results)
        if found:
            headline = headline or tidy(block(instrument, "headline", results, found) or "")
            told += paragraphs(block(instrument, "paragraphs", results, found) or "")
    if section in _AFTER:
        told += paragraphs(page_block(_AFTER[section], results))
    return headline, told
