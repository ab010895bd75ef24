"""What studies ask of consequences: privileges, black lists, one person at two raters, prices."""

from collections.abc import Iterator
from functools import partial
from math import inf

from pydantic import BaseModel, Field

from credit_ml.agencies import Agency, ScorerKind
from credit_ml.consequences import (
    Consequences,
    DelayedImpact,
    LoanTerms,
    OppositeCase,
    PlaceContest,
    PriceOfInterpretability,
    SampleSelection,
    StrangersGame,
    delayed_impact,
    groups_by_score,
    opposite_case,
    place_contest,
    price_of_interpretability,
    sample_selection,
    strangers_game,
)
from credit_ml.consequences.finding import asked
from credit_ml.consequences.price_of_interpretability import KINDS
from credit_ml.consequences.tables import (
    case_table,
    consequences_tables,
    rules_tables,
    settings_tables,
)
from credit_ml.core import AgencyError, Context, Finding, Instrument, StudyError, TableError
from credit_ml.core.discovery import declared_in
from credit_ml.core.instrument import Stage
from credit_ml.inference import resample_societies
from credit_ml.society import Society, load_world
from credit_ml.strategic import Trade


class OppositeOption(BaseModel, frozen=True, extra="forbid"):
    """Which agency's punishment is held against the first rater's grants (S18)."""

    agency: str
    penalty: str | None = None


class SelectionOption(BaseModel, frozen=True, extra="forbid"):
    """Whose companies are asked what they learn from their own users (S4)."""

    agency: str


class InterpretabilityOption(BaseModel, frozen=True, extra="forbid"):
    """Which scorers are compared in which worlds, on societies made for it."""

    worlds: tuple[str, ...] = Field(min_length=1)
    scorers: tuple[ScorerKind, ...] = Field(default=KINDS, min_length=2)
    citizens: int = Field(default=4000, ge=200)
    seeds: int = Field(default=3, ge=2)


class DelayedOption(BaseModel, frozen=True, extra="forbid"):
    """What a default costs a lender, and what loans do to points (Liu et al. 2018)."""

    losses: tuple[float, ...] = Field(default=(4.0, 10.0), min_length=1)
    gain: float = Field(default=75.0, ge=0)
    loss: float = Field(default=150.0, ge=0)
    societies: int = Field(default=8, ge=8)


def _delayed(context: Context) -> Iterator[DelayedImpact]:
    """Hold lending rules on a rater's points against each other, over societies."""
    option, rater, feature = context.option, context.rater, context.followed.sensitive
    scale = rater.agency.scale
    terms = LoanTerms(
        gain=option.gain,
        loss=option.loss,
        low=float(getattr(scale, "low", -inf)),
        high=float(getattr(scale, "high", inf)),
    )

    def measured(society: Society) -> DelayedImpact:
        groups = groups_by_score(rater, society, sensitive=feature)
        return delayed_impact(groups, losses=option.losses, terms=terms, sensitive=feature)

    of = {"societies": option.societies, "intervals": context.intervals, "seed": context.seed}
    yield resample_societies(context.society, measured, **of)


class PlacesOption(BaseModel, frozen=True, extra="forbid"):
    """Which privilege is for a fixed number of people, and how many (S23)."""

    privilege: str | None = None
    places: float | None = Field(default=None, gt=0, lt=1)


def _check_places(context: Context) -> None:
    granting = [each for each in context.agencies if each.privileges]
    problem = "ask of agencies of which none grants anything"
    StudyError.unless(granting, "place_contest", problem, "add a rater that does")
    if context.option.privilege is not None:
        for agency in granting:
            agency.privilege(context.option.privilege)


def _places(context: Context) -> Iterator[PlaceContest]:
    if context.rater.agency.privileges:
        of = dict(context.option) | {"seed": context.seed}
        yield place_contest(context.rater, context.society, **of, **asked(context))


class StrangersOption(BaseModel, frozen=True, extra="forbid"):
    """What lenders see, what a trade is worth, and what a breach costs (S22)."""

    worth: float = Field(default=1.2, gt=1)
    temptation: float = Field(default=0.0, ge=0)
    precision: tuple[float, ...] = Field(default=(0.0, 0.5, 1.0), min_length=1)
    breach_costs: tuple[float, ...] = Field(default=(0.0, 0.3), min_length=1)


def _strangers(context: Context) -> Iterator[StrangersGame]:
    option = context.option
    trade = Trade(worth=option.worth, temptation=option.temptation)
    of = {"precision": option.precision, "breach_costs": option.breach_costs, "seed": context.seed}
    yield strangers_game(context.rater, context.society, trade=trade, **of, **asked(context))


def _every_kind(context: Context, *, stage: Stage) -> Iterator[Consequences]:
    """Run whatever the modules of `credit_ml.consequences.kinds` declare for a stage."""
    for kind in declared_in("credit_ml.consequences.kinds", "CONSEQUENCE"):
        if kind.stage == stage:
            yield from kind.run(context)


def _of_society(context: Context) -> dict[str, Consequences]:
    """Return what holds of the society whoever rates, each under a name, in this one or another."""
    return {str(place): each for place, each in enumerate(_every_kind(context, stage="across"))}


def _over_societies(context: Context) -> Iterator[Finding]:
    """Return the same with the intervals that a study found over societies, where it asked."""
    yield from (context.estimates or _of_society(context)).values()


def _punishing(context: Context) -> Agency:
    """Return the agency whose punishment is looked at, or raise AgencyError."""
    agency: Agency = context.load_agency(context.option.agency)
    if context.option.penalty is not None:
        agency.penalty(context.option.penalty)
    elif not agency.penalties:
        raise AgencyError(f"opposite, {agency.id}", "imposes nothing", "give another agency")
    return agency


def _opposite(context: Context) -> Iterator[OppositeCase]:
    granting = next((rater for rater in context.raters if rater.agency.privileges), None)
    if granting is None:
        return
    punishing = _punishing(context).fit(context.society, seed=context.seed)
    penalty, seed = context.option.penalty, context.seed
    try:
        yield opposite_case(granting, punishing, context.society, penalty=penalty, seed=seed)
    except TableError:  # in a small society nobody need meet both
        return


def _pooling(context: Context) -> Agency:
    """Return the pool of companies that is looked at, or raise AgencyError."""
    agency: Agency = context.load_agency(context.option.agency)
    problem = "is no pool of companies"
    AgencyError.unless(agency.companies, f"selection, {agency.id}", problem, "give one like bureau")
    return agency


def _selection(context: Context) -> Iterator[SampleSelection]:
    pool = _pooling(context)
    yield sample_selection(pool, context.society, intervals=context.intervals, seed=context.seed)


def _check_worlds(context: Context) -> None:
    for name in context.option.worlds:
        load_world(name)


def _interpretability(context: Context) -> Iterator[PriceOfInterpretability]:
    lead = context.lead
    if lead is not None and lead.group is not None:
        of = {"sensitive": lead.sensitive, "group": lead.group, **dict(context.option)}
        yield price_of_interpretability(context.rater.agency, intervals=context.intervals, **of)


#: Of all raters together, and only where a study names it.
_across = partial(Instrument, home=__package__, stage="across", by_default=False)

OF_RATER = Instrument(
    id="consequences",
    home=__package__,
    findings=(Consequences,),
    section="consequences",
    run=partial(_every_kind, stage="rater"),
    tables=consequences_tables,
)
OF_SOCIETY = Instrument(
    id="consequences_of_society",
    home=__package__,
    findings=(),
    stage="across",
    run=_over_societies,
    estimate=_of_society,
    template="",
)
DELAYED = Instrument(
    id="delayed_impact",
    home=__package__,
    findings=(DelayedImpact,),
    section="consequences",
    order=1,
    by_default=False,
    run=_delayed,
    option=DelayedOption,
    template="delayed_impact.md.j2",
    tables=rules_tables,
)
PLACES = Instrument(
    id="place_contest",
    home=__package__,
    findings=(PlaceContest,),
    section="consequences",
    order=2,
    by_default=False,
    run=_places,
    option=PlacesOption,
    check=_check_places,
    template="place_contest.md.j2",
    tables=partial(settings_tables, labels=("schedule",)),
)
STRANGERS = Instrument(
    id="strangers",
    home=__package__,
    findings=(StrangersGame,),
    section="consequences",
    order=3,
    by_default=False,
    run=_strangers,
    option=StrangersOption,
    template="strangers.md.j2",
    tables=partial(settings_tables, labels=("seen", "breach_cost")),
)
OPPOSITE = _across(
    id="opposite_case",
    findings=(OppositeCase,),
    section="raters",
    order=1,
    run=_opposite,
    option=OppositeOption,
    key="opposite",
    check=_punishing,
    template="opposite_case.md.j2",
    tables=lambda finding: [case_table(finding)],
    picture="none",
)
SELECTION = _across(
    id="sample_selection",
    findings=(SampleSelection,),
    section="raters",
    order=2,
    run=_selection,
    option=SelectionOption,
    key="selection",
    check=_pooling,
    template="sample_selection.md.j2",
)
INTERPRETABILITY = _across(
    id="interpretability",
    findings=(PriceOfInterpretability,),
    section="readable",
    run=_interpretability,
    option=InterpretabilityOption,
    check=_check_worlds,
    template="interpretability.md.j2",
)
