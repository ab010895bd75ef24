"""Mutes: which checks are not to warn, each with a reason that the page shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from credit_ml.core import Diagnostic, InputError
from credit_ml.governance.audit_checks.catalogue import UNUSED, load_check


def read_mutes(
    given: Mapping[str, str] | Iterable[str], kind: type[InputError], place: str
) -> dict[str, str]:
    """Return the reason of each muted check by its id, from a mapping or ``CM104=reason`` each.

    A check may be called by its name too. Of one that is muted twice the last reason holds.

    Raises
    ------
    InputError
        Of the kind that is asked for, when an id is unknown or a reason is absent.

    Examples
    --------
    >>> read_mutes(["ratio-saturated=the law asks for the ratio"], InputError, "audit, mute")
    {'CM303': 'the law asks for the ratio'}
    """
    pairs = given.items() if isinstance(given, Mapping) else (each.split("=", 1) for each in given)
    told: dict[str, str] = {}
    for name, *reason in pairs:
        asked, colon, said = str(name).strip().partition(":")
        check = load_check(asked, kind=kind, place=place)
        why = str(reason[0]).strip() if reason else ""
        problem = f"mutes {check.id} without a reason"
        remedy = f'say why: {check.id}="{said.strip() or "reason"}"'
        kind.unless(why and not colon, place, problem, remedy)
        told[check.id] = why
    return told


def muted(found: Sequence[Diagnostic], mutes: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Return diagnostics with the reasons of those that are muted, and mutes that mute nothing.

    Examples
    --------
    >>> [each.check for each in muted((), {"CM101": "known"})]
    ['CM901']
    """
    fired = {each.check for each in found}
    unused = load_check(UNUSED)
    waiting = [
        Diagnostic(
            check=UNUSED,
            name=unused.name,
            severity=unused.severity,
            message=unused.says.format(check=name, reason=reason),
            muted=mutes.get(UNUSED, ""),
        )
        for name, reason in mutes.items()
        if name not in fired and name != UNUSED
    ]
    return (*(replace(each, muted=mutes.get(each.check, "")) for each in found), *waiting)
