"""What of a page has intervals over other societies, and what those of its one society alone."""

from collections.abc import Iterable, Mapping, Sequence

from credit_ml.core import StudyResults
from credit_ml.core.files import beside
from credit_ml.core.instrument import instruments_by_kind
from credit_ml.grammar.numbers import listed
from credit_ml.grammar.phrases import table_over
from credit_ml.reports.layout import titles

#: What kinds of findings are called where it is said what their intervals count.
CALLED: Mapping[str, str] = beside(__file__)["called"]
#: How the note begins that intervals are over other societies.
MADE = "Intervals are made of "
#: Kinds whose intervals over societies were held against the world's number in the check.
CHECKED: tuple[str, ...] = tuple(beside(__file__)["checked"])


def over_societies(results: StudyResults) -> list[str]:
    """Return what has intervals over other societies, beside those of this one."""
    return _called(kind for kind, beside_them in _kinds(results).items() if beside_them)


def of_one_society(results: StudyResults) -> list[str]:
    """Return what has intervals of this society alone, of what a page speaks of most."""
    alone = (kind for kind, beside_them in _kinds(results).items() if not beside_them)
    met = over_societies(results)
    return [each for each in _called(kind for kind in alone if kind in CALLED) if each not in met]


def in_no_check(results: StudyResults) -> list[str]:
    """Return what has intervals over societies that were never held against a world's number."""
    met = _called((*CHECKED, "rounds"))
    return [each for each in over_societies(results) if each not in met]  # rounds have their own


def of_each(names: Sequence[str]) -> str:
    """Join what intervals are of.

    Examples
    --------
    >>> of_each(["selection and errors", "the parts of a gap"])
    'of selection and errors and of the parts of a gap'
    """
    return listed([f"of {each}" for each in names])


def scoped(results: StudyResults, note: str) -> str:
    """Say of what a note on other societies speaks, where it is not so of all that a page tells."""
    if not note.startswith(MADE) or not of_one_society(results):
        return note
    return f"Intervals {of_each(over_societies(results))} {note.removeprefix('Intervals ')}"


def _kinds(results: StudyResults) -> dict[str, bool]:
    """Return the kinds of findings, and whether some of each has a second interval beside it."""
    found: dict[str, bool] = {}
    for each in results.all_findings():
        found[each.kind] = found.get(each.kind, False) or bool(table_over(each))
    return found


def _called(kinds: Iterable[str]) -> list[str]:
    known, sections = instruments_by_kind(), titles()
    names = []
    for kind in kinds:
        title = sections.get(known[kind].section) if kind in known else ""
        names.append(CALLED.get(kind) or f"'{title or kind.replace('_', ' ')}'")
    return list(dict.fromkeys(names))
