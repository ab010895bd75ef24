"""What studies ask of proxies: what predicts who one is, at the first rater."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument
from credit_ml.proxies.detection.detect import Proxies, detect_proxies
from credit_ml.proxies.detection.linear_proxy import LinearProxy
from credit_ml.proxies.detection.predictability import Guesses
from credit_ml.proxies.detection.proxy_clusters import ProxyClusters


class ProxiesOption(BaseModel, frozen=True, extra="forbid"):
    """How the first rater's proxies for the lead feature are looked for."""

    people: int = Field(default=10_000, ge=200)
    columns: bool = True


def _detect(context: Context) -> Iterator[Proxies]:
    if context.lead is None:
        return
    first = context.rater
    yield detect_proxies(
        first.agency.view(context.society),
        sensitive=context.lead.sensitive,
        model=first,
        threshold=next((each.threshold for each in first.agency.privileges), None),
        guesses=Guesses(**context.option.model_dump(), seed=context.seed),
        intervals=context.intervals,
    )


PROXIES = Instrument(
    id="proxies",
    home=__package__,
    findings=(Proxies,),
    section="proxies",
    stage="across",
    run=_detect,
    option=ProxiesOption,
    by_default=False,
)
CLUSTERS = Instrument(
    id="proxy_clusters",
    home=__package__,
    findings=(ProxyClusters,),
    section="proxies",
    order=1,
    template="proxy_clusters.md.j2",
)
LINEAR = Instrument(
    id="linear_proxy",
    home=__package__,
    findings=(LinearProxy,),
    section="proxies",
    order=2,
    template="linear_proxy.md.j2",
)
