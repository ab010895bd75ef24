"""What a page is made of: its abstract, a few big numbers, and sections of words and exhibits.

A page is short: of a section what answers stands open, and the rest waits behind a line.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from credit_ml.core import Instrument, StudyResults
from credit_ml.grammar.blocks import Card, Exhibit, Paragraph, Section
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import all_run_over
from credit_ml.reports.clauses import came_by, clause_outcomes, comes_under, refutation_outcomes
from credit_ml.reports.exhibits import Overviews, drafts_of, numbered, opening_draft
from credit_ml.reports.layout import (
    answering,
    folds,
    led_by,
    members,
    ordered_titles,
    own_titles,
    shown,
)
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
#: Words and numbers of an abstract, at most; a number with its interval counts once.
MOST_WORDS, MOST_NUMBERS = 120, 10
#: Words of a section's paragraphs that stand open; the first paragraph does however long.
OPEN_WORDS = 90
_NUMBER, _INTERVAL = re.compile(r"\d[\d,.]*"), re.compile(r"\([^()]*\d(?: [a-z]+)? to [^()]*\)")
#: Who people are, and no number that was measured.
_AGES = re.compile(r"\baged (?:under )?\d+(?: to \d+| and over)?")
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

    A study that leads with an instrument is answered by that one; one that names several by those
    (``[report] answered_by``); one that asks something else than the page's own question by the
    first instrument that has an answer.
    """
    lead = led_by(results)
    named = [part for each in answering(results) for part in paragraphs(_answers(results, each))]
    if named:
        return named
    own = paragraphs(page_block("answer", results)) if lead is None else []
    asked = shown(results) if lead is None else [lead]
    told = (paragraphs(_answers(results, each)) for each in asked)
    return own or next(filter(None, told), [])


def answer_note(results: StudyResults) -> str:
    """Return the level of the answer's intervals, what they run over, and what marks in it mean."""
    lead, named = led_by(results), answering(results)
    if lead is None and not named:
        return tidy(page_block("answer_note", results))
    asked = named or [each for each in [lead] if each]
    first = [found_by(each, results)[0] for each in asked]
    found = [each for _, each in first]
    quoted = " ".join(each.text for each in answer(results))
    over = all_run_over(found, quoted)
    told = next((rater for rater, _ in first if rater), None) if len(results.raters) > 1 else None
    brackets = (
        page_block("brackets", results, over=over, first=found[0], told=told) if found else ""
    )
    notes = dict.fromkeys(_said(results, each, "answer_note") for each in asked)
    return tidy(" ".join([brackets, *notes]))


def abstract(results: StudyResults) -> list[Paragraph]:
    """Return the page in a few sentences: its own, then those of other packages' instruments.

    Where the study leads with an instrument, that one tells it, in paragraphs of its own. It is as
    short as `MOST_WORDS` and `MOST_NUMBERS` have it: sentences beyond are left to the sections.
    """
    lead = led_by(results)
    if lead is not None:
        return short(paragraphs(_said(results, lead, "abstract")))
    told = [each.text for each in paragraphs(page_block("abstract", results))]
    others = (each for each in _first_told(results) if each.section not in own_titles())
    theirs = short([one for each in others for one in paragraphs(_said(results, each, "abstract"))])
    # What another package's instrument tells nobody would read, were the page's own words first.
    return short([Paragraph(text=" ".join(told))] if told else [], beside=theirs) + theirs


def verdict(results: StudyResults, checks: Sequence[Any]) -> list[Paragraph]:
    """Return what became of the study's predictions, in a sentence or two."""
    told = {
        "clauses": clause_outcomes(checks),
        "refutation": refutation_outcomes(checks),
        "by": came_by(checks),
        "under": comes_under(checks),
    }
    return paragraphs(page_block("verdict", results, checks=checks, **told))


def short(told: Sequence[Paragraph], beside: Sequence[Paragraph] = ()) -> list[Paragraph]:
    """Return the sentences that fit into an abstract beside others, in their order and whole.

    Examples
    --------
    >>> long = Paragraph(text="One thing was found. " + "Words " * 118 + "follow. More.")
    >>> short([long])[0].text
    'One thing was found.'
    """
    kept: list[Paragraph] = []
    words = sum(len(f"{each.lead} {each.text}".split()) for each in beside)
    numbers = sum(_numbers(each.text) for each in beside)
    for each in told:
        fitting: list[str] = []
        for one in re.split(r"(?<=[.?!])\s+(?=[A-Z\d\ue001\ue003])", each.text):
            more = len(one.split()) + (0 if fitting else len(each.lead.split()))
            counted = _numbers(one)
            if words + more > MOST_WORDS or numbers + counted > MOST_NUMBERS:
                return kept + ([replace(each, text=" ".join(fitting))] if fitting else [])
            words, numbers = words + more, numbers + counted
            fitting.append(one)
        kept.append(each)
    return kept


def _numbers(text: str) -> int:
    """Count the numbers of a text, without those of intervals and of groups' ages."""
    return len(_NUMBER.findall(_AGES.sub("", _INTERVAL.sub("", text))))


def _answers(results: StudyResults, instrument: Instrument) -> str:
    return _said(results, instrument, "answer")


def _said(results: StudyResults, instrument: Instrument, name: str) -> str:
    """Return what a block of an instrument's template says, paragraphs and all."""
    return block(instrument, name, results, found_by(instrument, results)) or ""


def _first_told(results: StudyResults) -> list[Instrument]:
    """Return instruments in the order of the page, how well raters rate last; or the one led by."""
    lead = led_by(results)
    if lead is not None:
        return [lead]
    return sorted(shown(results), key=lambda each: each.section == "quality")


def opening(results: StudyResults, overviews: Overviews) -> Exhibit | None:
    """Return the one picture that a page opens with, below its answer; None where there is none.

    A study that leads with an instrument opens with a picture of that one's; others then stand in
    their sections.
    """
    first = opening_draft(results, overviews)
    return next(iter(numbered([first] if first else [], figures=0, tables=0)), None)


def sections(
    results: StudyResults, overviews: Overviews, *, figures: int = 0
) -> tuple[Section, ...]:
    """Return the sections that the study's findings can fill, their exhibits numbered through.

    Parameters
    ----------
    results : StudyResults
    overviews : mapping
        What `credit_ml.reports.exhibits.overviews_of` returns.
    figures : int
        How many stand before.
    """
    made: list[Section] = []
    tables, lead = 0, led_by(results)
    alone = {"data", lead.section if lead else ""}  # it may have given its picture to the opening
    for name, title in ordered_titles(results).items():
        exhibits = numbered(drafts_of(name, results, overviews), figures=figures, tables=tables)
        headline, told = _words(name, results)
        if not exhibits and (name not in alone or not told):
            continue
        figures += sum(exhibit.drawing is not None for exhibit in exhibits)
        tables += sum(exhibit.drawing is None for exhibit in exhibits)
        made.append(_folded(name, title, headline, told, exhibits, closed=folds(name, results)))
    limits = paragraphs(page_block("limits", results))
    methods = Section(id="methods", title="Methods", more=tuple(_methods(results)))
    open_ = tuple(each for each in limits if not each.items)
    notes = tuple(each for each in limits if each.items)
    made += [methods] if methods.more else []
    made.append(Section(id="limits", title="Limits", paragraphs=open_, more=notes))
    return tuple(made)


def _folded(
    name: str,
    title: str,
    headline: str,
    told: Sequence[Paragraph],
    exhibits: Sequence[Exhibit],
    *,
    closed: bool,
) -> Section:
    """Part what stands open, a few words, one small table and one picture, from the rest."""
    length, words = 0, 0
    for each in () if closed and (headline or not told) else told:
        words += len(each.text.split()) + len(each.lead.split())
        if length and words > OPEN_WORDS:
            break
        length += 1
    shown = () if closed else [each for each in exhibits if not each.folded]
    first = [each for each in shown if each.matrix][:1]
    first += [each for each in shown if each.drawing][:1]
    return Section(
        id=name,
        title=title,
        finding=headline,
        paragraphs=tuple(told[:length]),
        exhibits=tuple(first),
        more=tuple(told[length:]),
        others=tuple(each for each in exhibits if each not in first),
    )


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
    lead = led_by(results)
    if lead is not None and section == lead.section:
        # What an abstract has no room for.
        whole = paragraphs(_said(results, lead, "abstract"))
        told += whole if short(whole) != whole else []
    if section in _AFTER:
        told += paragraphs(page_block(_AFTER[section], results))
    return headline, told
