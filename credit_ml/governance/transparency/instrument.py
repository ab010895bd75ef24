"""What studies ask of rules of transparency: which rules, and over how many societies."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument, StudyError
from credit_ml.governance.transparency.compute import TransparencyOptions, transparency_rules
from credit_ml.governance.transparency.facts import transparency_tables
from credit_ml.governance.transparency.finding import RULES, Transparency


class TransparencyOption(BaseModel, frozen=True, extra="forbid"):
    """Which rules, how many people are followed in each society, and how many societies."""

    rules: tuple[str, ...] = Field(default=tuple(RULES), min_length=2)
    people: int = Field(default=1_000, ge=200)
    societies: int = Field(default=10, ge=8)
    times: dict[str, dict[str, float]] = Field(default_factory=dict)


def _options(context: Context) -> TransparencyOptions:
    lead = context.followed
    problem, remedy = "needs two groups that are followed", "add the table [lead]"
    both = lead.group and lead.reference_group
    StudyError.unless(both, "transparency", problem, remedy)
    return TransparencyOptions(
        **dict(context.option),
        sensitive=lead.sensitive,
        group=str(lead.group),
        reference_group=str(lead.reference_group),
    )


def _run(context: Context) -> Iterator[Transparency]:
    yield transparency_rules(
        context.rater.agency,
        context.society.world,
        _options(context),
        intervals=context.intervals,
        seed=context.seed,
    )


TRANSPARENCY = Instrument(
    id="transparency",
    home=__package__,
    findings=(Transparency,),
    section="transparency",
    section_title="Which rule of transparency",
    stage="across",
    by_default=False,
    run=_run,
    option=TransparencyOption,
    check=_options,
    tables=transparency_tables,
)
