"""What studies ask of political use: at which rates, of how many citizens and societies."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument
from credit_ml.governance.political_use.abuse import checked_features, need_no_posts
from credit_ml.governance.political_use.compute import political_use
from credit_ml.governance.political_use.facts import political_tables
from credit_ml.governance.political_use.finding import PoliticalScreen, PoliticalUse
from credit_ml.governance.political_use.options import MOST_PENALTY, MOST_WORSE, PoliticalOptions

_USUAL = PoliticalOptions()


class PoliticalUseOption(BaseModel, frozen=True, extra="forbid"):
    """Rates, sizes of samples and what is assumed, as in `PoliticalOptions`."""

    rates: tuple[float, ...] = Field(default=_USUAL.rates, min_length=2)
    sizes: tuple[int, ...] = Field(default=_USUAL.sizes, min_length=1)
    penalty: float = Field(default=_USUAL.penalty, gt=0, lt=MOST_PENALTY)
    posts: int = Field(default=_USUAL.posts, ge=1)
    mistakes: float = Field(default=_USUAL.mistakes, gt=0, lt=1)
    worse: float = Field(default=_USUAL.worse, ge=0, le=MOST_WORSE)
    societies: int = Field(default=_USUAL.societies, ge=8)
    cities: int = Field(default=_USUAL.cities, ge=2)


def _check(context: Context) -> None:
    PoliticalOptions(**dict(context.option))
    checked_features(context.sensitive)
    for agency in context.agencies[:1]:
        need_no_posts(agency)


def _run(context: Context) -> Iterator[PoliticalUse]:
    yield political_use(
        context.rater,
        context.society,
        options=PoliticalOptions(**dict(context.option)),
        sensitive=list(context.sensitive),
        intervals=context.intervals,
        seed=context.seed,
    )


POLITICAL_USE = Instrument(
    id="political_use",
    home=__package__,
    findings=(PoliticalUse, PoliticalScreen),
    section="political_use",
    section_title="What an auditor can detect of political use",
    stage="across",
    by_default=False,
    run=_run,
    option=PoliticalUseOption,
    check=_check,
    tables=political_tables,
)
