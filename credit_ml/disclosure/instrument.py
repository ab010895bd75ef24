"""What studies ask of disclosure: what people do once they are told, at every rater."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, Field

from credit_ml.core import Context, Finding, Instrument
from credit_ml.disclosure import (
    Disclosure,
    DisclosureComparison,
    Recourse,
    compare_disclosures,
    disclose,
)
from credit_ml.disclosure.facts import matrix
from credit_ml.disclosure.plane.pictures import pictures
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.tables import disclosure_tables
from credit_ml.response import ResponseOptions, load_menu


class DisclosureOption(BaseModel, frozen=True, extra="forbid"):
    """What people are told, and how many are followed."""

    regimes: tuple[str, ...] = ("nothing", "factors", "full")
    menu: str = "default"
    """A menu of the package, or the path of a TOML file."""
    people: int = Field(default=5000, ge=10)


def _check(context: Context) -> None:
    checked_regimes(context.option.regimes)
    load_menu(context.option.menu)


def _disclose(context: Context) -> Mapping[str, Finding]:
    found = disclose(
        context.rater,
        context.dataset,
        regimes=context.option.regimes,
        people=context.option.people,
        society=context.society,
        response=ResponseOptions(menu=load_menu(context.option.menu)),
        sensitive=list(context.sensitive),
        reference_groups=context.reference_groups,
        intervals=context.intervals,
        over=context.over,
        seed=context.seed,
    )
    return {"disclosure": found}


def _compare(context: Context) -> Iterator[DisclosureComparison]:
    found = [each for each in context.findings if isinstance(each, Disclosure)]
    if found:
        yield compare_disclosures(found)


DISCLOSURE = Instrument(
    id="disclosure",
    home=__package__,
    findings=(Disclosure,),
    section="disclosure",
    order=1,
    run=lambda context: context.estimates.values(),
    estimate=_disclose,
    sampled=lambda context: _disclose(context).values(),
    option=DisclosureOption,
    check=_check,
    nested_by="regime",
    tables=disclosure_tables,
    matrix=matrix,
    overviews=pictures,
)
COMPARISON = Instrument(
    id="disclosure_comparison",
    home=__package__,
    findings=(DisclosureComparison,),
    section="disclosure",
    stage="across",
    run=_compare,
    sampled=_compare,
    template="comparison.md.j2",
)
#: Made by hand alone.
RECOURSE = Instrument(id="recourse", home=__package__, findings=(Recourse,), template="")
