"""What describes a society: its portrait, and its network of ties."""

from collections.abc import Iterator

from credit_ml.core import Context, Finding, Instrument, beside
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, plain, sensitive_name, sentence
from credit_ml.grammar.numbers import percent, show
from credit_ml.grammar.rows import records
from credit_ml.grammar.tables import EMPTY
from credit_ml.society import Network, Portrait, portrait

#: Measures of a portrait, as the heads of columns.
MEASURE: dict[str, str] = beside(__file__)
_SHARES = ("share", "kept", "exposure")


#: Why everybody has no number of how groups live apart.
APART = "it is said of one group against the others"


def people_table(finding: Finding) -> TableView:
    """Return every measure of every group of a society."""
    facts = {
        (str(row["sensitive"]), str(row["group"]), str(row["measure"])): float(row["estimate"])
        for row in records(finding.table)
    }
    measures = list(dict.fromkeys(measure for _, _, measure in facts))
    bodies = []
    for sensitive in dict.fromkeys(name for name, _, _ in facts):
        groups = dict.fromkeys(group for name, group, _ in facts if name == sensitive)
        lines = tuple(
            (
                group_label(sensitive, group),
                *(_shown(measure, facts.get((sensitive, group, measure))) for measure in measures),
            )
            for group in groups
        )
        heading = "" if sensitive == "overall" else sentence(sensitive_name(sensitive), stop="")
        bodies.append((heading, lines))
    heads = (MEASURE.get(name, sentence(plain(name), stop="")) for name in measures)
    return TableView(
        caption=finding.title, head=("Group", *heads), bodies=tuple(bodies), dash=APART
    )


def _shown(measure: str, value: float | None) -> str:
    if value is None:
        return EMPTY
    if measure in _SHARES:
        return percent(value)
    return show(value, 0 if measure == "people" else 2 if abs(value) < 10 else 1)


def _portrait(context: Context) -> Iterator[Portrait]:
    yield portrait(context.society)


PORTRAIT = Instrument(
    id="portrait",
    home=__package__,
    findings=(Portrait,),
    section="data",
    stage="across",
    run=_portrait,
    template="portrait.md.j2",
    tables=lambda finding: [people_table(finding)],
)
NETWORK = Instrument(id="network", home=__package__, findings=(Network,), template="network.md.j2")
