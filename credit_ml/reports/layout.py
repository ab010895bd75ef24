"""Which sections a page has, and in which order; what stands in each, instruments say."""

from collections.abc import Iterator

from credit_ml.core import Instrument, StudyResults, beside, instruments
from credit_ml.core.instrument import instruments_by_kind


def own_titles() -> dict[str, str]:
    """Return the title of each of the page's own sections, from the top: ``layout.toml``."""
    return dict(beside(__file__)["title"])


def folds(section: str, results: StudyResults) -> bool:
    """Whether a section shows its result in one line, and the rest when it is unfolded."""
    lead = led_by(results)
    if lead is not None:
        return section != lead.section
    return section in beside(__file__)["folded"]


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
        if each.section and each.section not in own_titles()
    }
    return own_titles() | more


def led_by(results: StudyResults) -> Instrument | None:
    """Return the instrument whose answer opens the page (``settings["lead_with"]``), if any.

    One that found nothing leads no page.
    """
    name = results.settings.get("lead_with")
    return next((each for each in shown(results) if each.id == name), None)


def answering(results: StudyResults) -> list[Instrument]:
    """Return the instruments that the study has answer its question, in its order."""
    found = {each.id: each for each in shown(results)}
    asked = results.settings.get("answered_by") or ()
    return [found[name] for name in asked if name in found]


def ordered_titles(results: StudyResults) -> dict[str, str]:
    """Return the titles in the order of one page: the section that is led with comes first."""
    known, lead = titles(), led_by(results)
    return known if lead is None else {lead.section: known[lead.section], **known}


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
