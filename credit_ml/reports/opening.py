"""What a page opens with: its abstract, and the few numbers that a reader should keep."""

from collections.abc import Sequence
from typing import Any

from credit_ml.core import Instrument, StudyResults
from credit_ml.grammar.blocks import Card
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.layout import SECTIONS, shown
from credit_ml.reports.templating import block, capital, page_block, paragraphs, said, tidy

#: Big numbers on a page, at most.
MOST_CARDS = 5


def cards(results: StudyResults) -> tuple[Card, ...]:
    """Return the few numbers that a reader should keep, five at most: block ``cards``.

    There a template calls ``card(value, unit, meaning, reference)``: an `Amount`, its unit, what
    it means, and what to hold it against.
    """
    made: list[Card] = []

    def card(value: Amount, unit: str, meaning: str, reference: str) -> str:
        shown = {"figure": value.figure(unit), "interval": value.interval(unit), "unit": unit}
        made.append(Card(**shown, meaning=capital(meaning), reference=tidy(reference)))
        return ""

    for instrument in _first_told(results):
        found = [each for kind in instrument.kinds for each in results.of_kind(kind)]
        block(instrument, "cards", results, found, card=card)
    return tuple(made[:MOST_CARDS])


def abstract(results: StudyResults, checks: Sequence[Any] = ()) -> list[str]:
    """Return the page in a few sentences: its own, then those of other packages' instruments."""
    told = [each.text for each in paragraphs(page_block("abstract", results, checks=checks))]
    others = (each.id for each in _first_told(results) if each.section not in SECTIONS)
    return told + [text for each in others if (text := said(results, each, "abstract"))]


def _first_told(results: StudyResults) -> list[Instrument]:
    """Return instruments in the order of the page, how well raters rate last."""
    return sorted(shown(results), key=lambda each: each.section == "quality")
