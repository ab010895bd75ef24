"""Audit checks on the page: how many fire, what each says, why it matters and what helps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from credit_ml.core import Diagnostic, StudyResults
from credit_ml.governance import load_check
from credit_ml.governance.audit_checks.catalogue import AuditCheck
from credit_ml.grammar.numbers import listed, spelled

#: In which order they stand, and under which heading; muted ones last.
HEADINGS = (("warning", "Warnings"), ("note", "Notes"), ("muted", "Muted"))


@dataclass(frozen=True)
class UnderHeading:
    """Diagnostics under one heading, each with its check."""

    heading: str
    rows: tuple[tuple[Diagnostic, AuditCheck | None], ...]
    """Each with its check, which is explained where it comes first."""


def grouped(diagnostics: Sequence[Diagnostic]) -> Iterator[UnderHeading]:
    """Yield diagnostics by severity, muted ones apart; headings without any are left out.

    Examples
    --------
    >>> one = Diagnostic(check="CM101", name="small-group", severity="warning", message="few")
    >>> [told.heading for told in grouped([one])]
    ['Warnings']
    """
    for kind, heading in HEADINGS:
        own = [each for each in diagnostics if ("muted" if each.muted else each.severity) == kind]
        if own:
            first = {each.check: each for each in reversed(own)}
            yield UnderHeading(
                heading,
                tuple(
                    (each, load_check(each.check) if first[each.check] is each else None)
                    for each in own
                ),
            )


def counted(diagnostics: Sequence[Diagnostic]) -> str:
    """Say how many there are of each kind.

    Examples
    --------
    >>> one = Diagnostic(check="CM101", name="small-group", severity="warning", message="few")
    >>> counted([one, one]), counted([])
    ('two warnings', 'no audit check fires')
    """
    told = dict.fromkeys((kind for kind, _ in HEADINGS), 0)
    for each in diagnostics:
        told["muted" if each.muted else each.severity] += 1
    parts = [
        f"{spelled(number)} {kind}{'s' * (number > 1 and kind != 'muted')}"
        for kind, number in told.items()
        if number
    ]
    return listed(parts) or "no audit check fires"


#: Of results that put many audits together.
NONE_MADE = (
    "None was made: audit checks look at one table of people and its scores, and this study puts "
    "many together. A study of one society, or an audit of one table, makes them."
)


def none_made(results: StudyResults) -> str:
    """Say why a study has no audit checks; empty where it has, or nobody's study it is.

    Examples
    --------
    >>> none_made(StudyResults(id="one", title="One", settings={"worlds": ["baseline"]}))[:14]
    'None was made:'
    >>> none_made(StudyResults(id="one", title="One", diagnostics=()))
    ''
    """
    study = bool(results.settings) and not results.raters
    return NONE_MADE if results.diagnostics is None and study else ""


def on_console(diagnostics: Sequence[Diagnostic] | None) -> str:
    """Return a line for each that is not muted, and how many there are; that none was made.

    Examples
    --------
    >>> few = Diagnostic(check="CM101", name="small-group", severity="warning", message="few")
    >>> print(on_console([few]))
    CM101 small-group (warning): few
    audit checks: one warning; credit-ml checks CM101 says what that one means
    >>> on_console(())
    'audit checks: no audit check fires'
    >>> on_console(None)[:27]
    'audit checks: none was made'
    """
    if diagnostics is None:
        return f"audit checks: {NONE_MADE[:1].lower()}{NONE_MADE[1:-1]}"
    lines = [str(each) for each in diagnostics if not each.muted]
    open_ = [each.check for each in diagnostics if not each.muted]
    more = f"; credit-ml checks {open_[0]} says what that one means" if open_ else ""
    return "\n".join([*lines, f"audit checks: {counted(diagnostics)}{more}"])
