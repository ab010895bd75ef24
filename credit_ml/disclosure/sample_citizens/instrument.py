"""What a page to explore needs of a run: rates by threshold, and single made-up citizens."""

from collections.abc import Iterator
from dataclasses import replace

from pydantic import BaseModel, Field

from credit_ml.core import Context, Finding, Instrument
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.sample_citizens.compute import CitizenOptions, sample_citizens
from credit_ml.disclosure.sample_citizens.finding import SampleCitizens
from credit_ml.fairness import ThresholdCurve, threshold_curve
from credit_ml.response import load_menu


class ExploreOption(BaseModel, frozen=True, extra="forbid"):
    """What is stored for the page to explore."""

    citizens: int = Field(default=100, ge=1, le=500)
    """Made-up citizens who are told one by one; none of a table of real people."""
    thresholds: int = Field(default=41, ge=2, le=201)
    """Thresholds at most, at round numbers; those in force come to them."""
    regimes: tuple[str, ...] = ("factors", "recommendation", "full")
    """What single citizens are told."""
    menu: str = "default"
    """A menu of the package, or the path of a TOML file."""


def _check(context: Context) -> None:
    checked_regimes(context.option.regimes)
    load_menu(context.option.menu)


def _curve(context: Context, named: dict[str, float]) -> ThresholdCurve:
    found = threshold_curve(
        context.points,
        context.dataset,
        thresholds=context.option.thresholds,
        named=named,
        sensitive=list(context.sensitive),
        reference_groups=dict(context.reference_groups),
        intervals=context.intervals,
    )
    told = {"rater": context.name, "threshold": context.threshold}
    title = f"Who would pass, by threshold and group: {context.name}"
    return replace(found, title=title, parameters={**found.parameters, **told})


def _explore(context: Context) -> Iterator[Finding]:
    granted = context.rater.agency.privileges
    yield _curve(context, {each.name or each.id: each.threshold for each in granted})
    option, first = context.option, context.followed.sensitive
    yield sample_citizens(
        context.rater,
        context.society,
        options=CitizenOptions(
            citizens=option.citizens,
            regimes=option.regimes,
            menu=load_menu(option.menu),
            seed=context.seed,
        ),
        threshold=context.threshold,
        sensitive=[first, *(name for name in context.sensitive if name != first)],
        reference_groups=context.reference_groups,
        intervals=context.intervals,
    )


EXPLORE = Instrument(
    id="explore",
    home=__package__,
    findings=(ThresholdCurve, SampleCitizens),
    run=_explore,
    on_table=lambda context: [_curve(context, {context.decision: context.threshold})],
    option=ExploreOption,
    check=_check,
    by_default=False,
    template="",
)
