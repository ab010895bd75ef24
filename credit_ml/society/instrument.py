"""What describes a society: its portrait, and its network of ties."""

from collections.abc import Iterator

from credit_ml.core import Context, Instrument
from credit_ml.society import Network, Portrait, portrait
from credit_ml.society.tables import people_table


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
    picture="wide",
)
NETWORK = Instrument(id="network", home=__package__, findings=(Network,), template="network.md.j2")
