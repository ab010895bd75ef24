"""What studies ask of limits on data: subsets of holders, single limits, what privacy costs."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.agencies import ScorerKind
from credit_ml.core import Context, Finding, Instrument, StudyError
from credit_ml.governance.data_limits.facts import limits_tables
from credit_ml.governance.data_limits.finding import DataLimits, Inferable, PrivateRelease
from credit_ml.governance.data_limits.frontier import LimitOptions, data_frontier
from credit_ml.governance.data_limits.inferable import inferable
from credit_ml.governance.data_limits.limit import HOLDERS, DataLimit
from credit_ml.governance.data_limits.private import checked_epsilons
from credit_ml.governance.data_limits.private_release import EPSILONS, private_release
from credit_ml.proxies import Guesses


class DataLimitsOption(BaseModel, frozen=True, extra="forbid"):
    """Whose data are tried in every subset, how many are granted, and how private releases are."""

    holders: tuple[str, ...] = Field(default=tuple(HOLDERS), min_length=1, max_length=8)
    places: float = Field(default=0.5, gt=0, lt=1)
    scorer: ScorerKind | None = None
    epsilons: tuple[float, ...] = Field(default=EPSILONS, min_length=1)
    guessed_people: int = Field(default=4000, ge=200)
    societies: int = Field(default=8, ge=8)


def _check(context: Context) -> None:
    LimitOptions(holders=context.option.holders, societies=context.option.societies)
    checked_epsilons(context.option.epsilons)
    agency = context.agencies[0]
    some = DataLimit(holders=context.option.holders).streams(agency.streams)
    problem, remedy = f"names no holder of what {agency.id} sees", "name one that holds its streams"
    StudyError.unless(some, "data_limits, holders", problem, remedy)


def _run(context: Context) -> Iterator[Finding]:
    option, rater, lead = context.option, context.rater, context.followed
    over = {"societies": option.societies, "intervals": context.intervals, "seed": context.seed}
    yield data_frontier(
        rater.agency,
        context.society,
        sensitive=lead.sensitive,
        reference_group=lead.reference_group,
        options=LimitOptions(
            holders=option.holders,
            places=option.places,
            scorer=option.scorer,
            societies=option.societies,
        ),
        intervals=context.intervals,
        seed=context.seed,
    )
    guesses = Guesses(people=option.guessed_people, folds=2, columns=False)
    yield inferable(rater.agency, context.society, holders=option.holders, guesses=guesses, **over)
    features = list(context.sensitive)
    yield private_release(
        rater, context.society, epsilons=option.epsilons, sensitive=features, **over
    )


DATA_LIMITS = Instrument(
    id="data_limits",
    home=__package__,
    findings=(DataLimits, Inferable, PrivateRelease),
    section="data_limits",
    section_title="What limits on data cost, and what they keep",
    stage="across",
    by_default=False,
    run=_run,
    option=DataLimitsOption,
    check=_check,
    tables=limits_tables,
)
