"""What would close the first rater's gap: interventions, and less discriminatory alternatives."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, Field

from credit_ml.core import Context, Finding, Instrument, StudyError, need_known
from credit_ml.proxies.interventions.alternatives import AlternativeSearch, alternatives
from credit_ml.proxies.interventions.finding import Alternatives, Interventions
from credit_ml.proxies.interventions.held_out import Trial
from credit_ml.proxies.interventions.intervene import OF_ANY_TABLE, intervene
from credit_ml.proxies.interventions.tables import alternatives_table, interventions_tables

#: What `intervene` tries of a society, with the stream that it needs.
INTERVENTIONS: dict[str, str] = {
    **dict.fromkeys(("drop_friends", "rewire_friends"), "contacts"),
    **dict.fromkeys(("drop_address", "coarsen_address"), "address"),
    **dict.fromkeys([each.id for each in OF_ANY_TABLE], ""),
}


class InterventionsOption(BaseModel, frozen=True, extra="forbid"):
    """What is done about the proxies of the first rater, each held against leaving it as it is."""

    which: tuple[str, ...] = ()
    """Names in tables (`INTERVENTIONS`); all that fit what the rater reads, by default."""


class AlternativesOption(BaseModel, frozen=True, extra="forbid"):
    """How far below the best a less discriminatory scorer may rank."""

    tolerance: float = Field(default=0.005, ge=0, lt=0.5)
    """AUC that may be lost."""


def _check_interventions(context: Context) -> None:
    """Raise StudyError when a name is unknown, comes twice, or needs what is not read."""
    _refuse_fixed_rules(context, "interventions")
    agency, which, place = context.agencies[0], context.option.which, "interventions, which"
    for name in which:
        need_known(StudyError, place, name, INTERVENTIONS)
        StudyError.unless(which.count(name) == 1, place, f"names {name} twice", "give each once")
        seen = INTERVENTIONS[name] in ("", *agency.streams)
        problem = f"names {name}, but {agency.id} sees no {INTERVENTIONS[name]}"
        remedy = "leave it out, or name another rater first"
        StudyError.unless(seen, place, problem, remedy)


def _refuse_fixed_rules(context: Context, place: str) -> None:
    first, remedy = context.agencies[0], "name a rater that learns first"
    problem = "scores by fixed rules, which nothing trains again"
    StudyError.unless(first.scorer.kind != "rules", f"{place}, {first.id}", problem, remedy)


def _common(context: Context) -> dict[str, Any]:
    lead, granted = context.followed, context.rater.agency.privileges
    # A privilege sets the threshold, where there is one; else half of all people reach it.
    trial = Trial(threshold=None if granted else context.threshold, seed=context.seed)
    named = {"sensitive": lead.sensitive, "reference_groups": lead.reference_group}
    return {**named, "intervals": context.intervals, "trial": trial}


def _intervene(context: Context) -> Mapping[str, Finding]:
    chosen = context.option.which or None
    asked = {"interventions": chosen, "over": context.over, **_common(context)}
    found = intervene(context.rater, context.society, **asked)
    return {"interventions": found}


def _alternatives(context: Context) -> Iterator[Alternatives]:
    group, tolerance = context.followed.group, context.option.tolerance
    search = AlternativeSearch(group=group, tolerance=tolerance)
    yield alternatives(context.rater, context.society, search=search, **_common(context))


TRIED = Instrument(
    id="interventions",
    home=__package__,
    findings=(Interventions,),
    section="change",
    stage="across",
    run=lambda context: context.estimates.values(),
    estimate=_intervene,
    option=InterventionsOption,
    by_default=False,
    check=_check_interventions,
    tables=interventions_tables,
)
ALTERNATIVES = Instrument(
    id="alternatives",
    home=__package__,
    findings=(Alternatives,),
    section="change",
    order=1,
    stage="across",
    run=_alternatives,
    option=AlternativesOption,
    by_default=False,
    check=lambda context: _refuse_fixed_rules(context, "alternatives"),
    template="alternatives.md.j2",
    tables=lambda finding: [alternatives_table(finding)],
)
