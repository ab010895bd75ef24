"""Facts that the words and tables on sign-up need."""

from collections.abc import Iterator

from credit_ml.core import Finding
from credit_ml.governance.enrolment.finding import RULES, SCHEMES, UNITS
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, metric_name, sentence
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, level, values
from credit_ml.grammar.tables import measured, unit_head

#: Why a scheme has no number of the silent.
SILENT_NONE = "under compulsion nobody is silent"
#: A share of people that is hardly anybody.
_FEW = 0.1
#: Measures of the table under every scheme, and those of a rule beside open ones.
_OF_SCHEMES = tuple(name for name in UNITS if not name.endswith(("alike", "formula", "_open")))
_OVER_OPEN = tuple(name for name in UNITS if name.endswith("_open"))


def at(finding: Finding, scheme: str, rule: str, measure: str, group: str = "all") -> Amount | None:
    """Return a measure under a scheme and a rule, of everybody or a group."""
    of = {"quantity": "value", "group": group, "measure": measure}
    return fact(finding, scheme=scheme, rule=rule, **of)


def verdict(joined: Amount) -> str:
    """Return whether nearly all sign up of their own will, most, some, or hardly anybody."""
    for least, name in ((1.0 - _FEW, "Nearly all"), (0.5, "Most"), (_FEW, "Some")):
        if joined.side(least) == "above":
            return name
    return "Hardly any"


def majority(joined: Amount) -> str:
    """Say whether more than half sign up, by the interval."""
    known = {"above": "a majority", "below": "a minority", "unclear": "no sure majority"}
    return known[joined.side(0.5)]


def gap(finding: Finding, scheme: str, rule: str, measure: str, pair: GroupPair) -> Amount | None:
    """Return a difference of the two groups that the page follows."""
    return fact(finding, scheme=scheme, rule=rule, measure=measure, **pair.where())


def enrolment_tables(finding: Finding) -> Iterator[TableView]:
    """Yield measures of everybody by rule and scheme, by group, and rules beside open ones."""
    bodies = []
    for rule, name in RULES.items():
        lines = []
        for scheme, called in SCHEMES.items():
            cells = (measured(at(finding, scheme, rule, each), UNITS[each]) for each in _OF_SCHEMES)
            lines.append((sentence(called, stop=""), *cells))
        bodies.append((sentence(name, stop=""), tuple(lines)))
    yield TableView(
        caption=f"Sign-up and silence ({percent(level(finding))} intervals)",
        head=("Scheme", *map(_head, _OF_SCHEMES)),
        bodies=tuple(bodies),
        dash=SILENT_NONE,
    )
    yield _by_group(finding)
    lines = []
    for rule in values(finding, "rule", measure=_OVER_OPEN[0]):
        cells = (measured(at(finding, "voluntary", rule, each), UNITS[each]) for each in _OVER_OPEN)
        lines.append((sentence(RULES.get(rule, rule), stop=""), *cells))
    if lines:
        yield TableView(
            caption="Rules beside open rules with errors mended, of the same people",
            head=("Rule", *map(_head, _OVER_OPEN)),
            bodies=(("", tuple(lines)),),
        )


def _by_group(finding: Finding) -> TableView:
    measures = ("joined", "hurt_by_silence", "unwilling", "gain")
    bodies = []
    for scheme, called in SCHEMES.items():
        lines = []
        for sensitive in values(finding, "sensitive", scheme=scheme):
            for group in values(finding, "group", scheme=scheme, sensitive=sensitive):
                of = {"quantity": "value", "scheme": scheme, "rule": "no_errors"}
                own = {"sensitive": sensitive, "group": group}
                cells = (
                    measured(fact(finding, measure=each, **of, **own), UNITS[each])
                    for each in measures
                )
                name = "everybody" if sensitive == "overall" else group_label(sensitive, group)
                lines.append((sentence(name, stop=""), *cells))
        bodies.append((sentence(called, stop=""), tuple(lines)))
    return TableView(
        caption=f"By group, without errors ({percent(level(finding))} intervals)",
        head=("Who", *map(_head, measures)),
        bodies=tuple(bodies),
        dash=SILENT_NONE,
    )


def _head(measure: str) -> str:
    name = metric_name(measure.removesuffix("_over_open"))
    return f"{sentence(name, stop='')} ({unit_head(UNITS[measure])})"
