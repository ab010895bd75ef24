"""Which sections a page has, and in which order; what stands in each, instruments say."""

from collections.abc import Iterator

from credit_ml.core import Instrument, StudyResults, instruments
from credit_ml.core.instrument import instruments_by_kind

#: Id and title of every section, from the top. Instruments name theirs by its id.
SECTIONS: dict[str, str] = {
    "data": "The people and their raters",
    "quality": "How well the raters rate",
    "audit": "Who gets what",
    "gap": "What carries the gap",
    "paths": "Through which path",
    "change": "What would change it",
    "friends": "Friends",
    "reasons": "Why a score is what it is",
    "disclosure": "What disclosure changes",
    "secrecy": "What secrecy buys",
    "consequences": "What follows for people",
    "proxies": "What tells who one is",
    "leaderboard": "Which estimator to believe",
    "raters": "Many raters, one person",
    "readable": "What a readable score costs",
}


def titles() -> dict[str, str]:
    """Return every section's title: the page's own, then those that other packages bring.

    Examples
    --------
    >>> list(titles())[:2]
    ['data', 'quality']
    """
    more = {
        each.section: each.section_title or each.section.replace("_", " ").capitalize()
        for each in instruments().values()
        if each.section and each.section not in SECTIONS
    }
    return SECTIONS | more


def members(section: str) -> list[Instrument]:
    """Return the instruments of a section, in their order."""
    own = [each for each in instruments().values() if each.section == section]
    return sorted(own, key=lambda each: (each.order, each.id))


def shown(results: StudyResults) -> Iterator[Instrument]:
    """Yield the instruments that found something, from the top of the page down."""
    kinds = {finding.kind for finding in results.all_findings()}
    known = instruments_by_kind()
    made = {known[kind].id for kind in kinds if kind in known}
    for section in titles():
        yield from (each for each in members(section) if each.id in made)
