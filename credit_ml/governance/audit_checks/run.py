"""Audit checks of a run: each made as often as it needs, what fires put into one line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module

from credit_ml.core import Diagnostic
from credit_ml.governance.audit_checks.case import AuditCase, Place
from credit_ml.governance.audit_checks.catalogue import UNUSED, AuditCheck, check_ids, load_check

#: Fields of a diagnostic that say where it fires.
_WHERE = ("sensitive", "group", "measure", "value", "threshold")


def diagnose(cases: Iterable[AuditCase]) -> tuple[Diagnostic, ...]:
    """Make every audit check of the raters of one run, in the order of their ids.

    Cost: a few passes over the table, three small fits a sensitive feature on 3,000 people for
    what tells it, and for a fitted model of at most 50,000 people two more fits of it.

    Parameters
    ----------
    cases : iterable of AuditCase
        One a rater, all of the same people.

    Returns
    -------
    tuple of Diagnostic
        One for each place where a check fires; empty where none does.

    Examples
    --------
    >>> import pandas as pd
    >>> from credit_ml.core import Dataset
    >>> frame = pd.DataFrame({"late": [0, 3, 1] * 30, "sex": ["f"] * 10 + ["m"] * 80})
    >>> data = Dataset.from_frame(frame, target=None, sensitive="sex")
    >>> [f"{each.check} {each.message}" for each in diagnose([AuditCase(dataset=data)])]
    ['CM101 sex has groups of fewer than 30 people: f (10)']
    """
    several = list(cases)
    checks = [load_check(name) for name in check_ids() if name != UNUSED]
    found: dict[tuple[str, str], Diagnostic] = {}
    for check in checks:
        for case in _asked(check, several):
            for each in _fired(check, case):
                key = (each.check, each.message)
                raters = [found[key].rater] if key in found else []
                found[key] = replace(each, rater=" and ".join([*raters, each.rater]))
    return tuple(found.values())


def _asked(check: AuditCheck, cases: Sequence[AuditCase]) -> Sequence[AuditCase]:
    """Return the cases that a check is made of."""
    if check.per == "people":
        return cases[:1]
    if check.per == "columns":
        return list({each.columns: each for each in reversed(cases)}.values())[::-1]
    return cases


def _fired(check: AuditCheck, case: AuditCase) -> Iterator[Diagnostic]:
    room = import_module(f"{__package__}.{check.room}")
    for place in getattr(room, check.name.replace("-", "_"))(case):
        yield _diagnostic(check, case, place)


def _diagnostic(check: AuditCheck, case: AuditCase, place: Place) -> Diagnostic:
    where = {name: place[name] for name in _WHERE if name in place}
    columns = ", ".join(filter(None, [case.columns, case.sample]))
    whose = {"rater": case.rater, "columns": columns, "people": case.sample}[check.per]
    return Diagnostic(
        check=check.id,
        name=check.name,
        severity=check.severity,
        message=check.says.format_map(place),
        rater=whose,
        **where,
    )
