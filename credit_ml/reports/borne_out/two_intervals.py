"""What of a page has intervals over other societies, and what those of its one society alone."""

from collections.abc import Mapping, Sequence

from credit_ml.core import Finding, StudyResults
from credit_ml.core.files import beside
from credit_ml.core.instrument import instruments_by_kind
from credit_ml.grammar.names import part_name
from credit_ml.grammar.numbers import listed
from credit_ml.grammar.phrases import OVER, intervals_over, table_over
from credit_ml.reports.layout import titles

#: What kinds of findings are called where it is said what their intervals count.
CALLED: Mapping[str, str] = beside(__file__)["called"]
#: How the note begins that intervals are over other societies.
MADE = "Intervals are made of "
#: Kinds whose intervals over societies were held against the world's number in the check.
CHECKED: tuple[str, ...] = tuple(beside(__file__)["checked"])
#: What intervals count that answer how sure one society's own number is.
OF_ONE = ("people", "clusters")


def over_societies(results: StudyResults) -> list[str]:
    """Return what has intervals over other societies, beside those of this one."""
    return _names(results, beside_them=True)


def of_one_society(results: StudyResults) -> list[str]:
    """Return what has intervals of this society alone, of what a page speaks of most."""
    met = over_societies(results)
    alone = _names(results, beside_them=False, known=True)
    return [each for each in alone if each not in met]


def counted_beside(results: StudyResults) -> list[str]:
    """Return what intervals count that are of one society: beside those over societies, or alone.

    Nothing where no interval is over other societies.
    """
    found = list(results.all_findings())
    second = [over for each in found if (over := table_over(each))]
    others = [over for each in found for over in intervals_over(each) if over in OF_ONE]
    return list(dict.fromkeys([*second, *others] if second else []))


def alone(results: StudyResults) -> list[str]:
    """Name what has intervals of this society alone, and what these count, to stand after "of"."""
    told: dict[str, list[str]] = {}
    for name in of_one_society(results):
        met = (each for each in results.all_findings() if _name(each) == name)
        counted = dict.fromkeys(over for each in met for over in intervals_over(each))
        told.setdefault(listed([OVER[each] for each in counted], "or"), []).append(name)
    return [f"{of_each(names)}{f' (over {over})' * bool(over)}" for over, names in told.items()]


def in_no_check(results: StudyResults) -> list[str]:
    """Return what has intervals, of either kind, never held against a world's number."""
    met = [_called(kind) for kind in (*CHECKED, "rounds")]  # rounds have their own
    told = [*of_one_society(results), *over_societies(results)]
    return [each for each in told if each not in met]


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


def _names(results: StudyResults, *, beside_them: bool, known: bool = False) -> list[str]:
    """Name what has, or has not, a second interval beside its own; what is called alike once.

    What a kind's findings tell is asked of each: who is granted something has districts of one
    society, and who is listed other societies.
    """
    found: dict[tuple[str, str], bool] = {}
    for each in results.all_findings():
        part = each.kind, part_name(each.kind, each.parameters)
        found[part] = found.get(part, False) or bool(table_over(each))
    named = [
        part or _called(kind)
        for (kind, part), over in found.items()
        if over == beside_them and (part or kind in CALLED or not known)
    ]
    return list(dict.fromkeys(named))


def _name(finding: Finding) -> str:
    return part_name(finding.kind, finding.parameters) or _called(finding.kind)


def _called(kind: str) -> str:
    instruments = instruments_by_kind()
    title = titles().get(instruments[kind].section) if kind in instruments else ""
    return CALLED.get(kind) or f"'{title or kind.replace('_', ' ')}'"
