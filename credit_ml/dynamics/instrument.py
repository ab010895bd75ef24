"""What studies ask of rounds: what policies change over the years."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument
from credit_ml.dynamics import Lives, Shaping, load_policy, policy_effects
from credit_ml.dynamics.facts import effects_tables


class RoundsOption(BaseModel, frozen=True, extra="forbid"):
    """Which policies are compared, over how many years and other societies."""

    policies: tuple[str, ...] = Field(min_length=1)
    against: str = "no_list"
    years: int = Field(default=10, ge=1)
    societies: int = Field(default=20, ge=8)


def _check(context: Context) -> None:
    for name in (*context.option.policies, context.option.against):
        load_policy(name)


def _rounds(context: Context) -> Iterator[Lives]:
    option = context.option
    yield policy_effects(
        context.society,
        option.policies,
        against=option.against,
        years=option.years,
        societies=option.societies,
        seed=context.seed,
        sensitive=list(context.sensitive),
        reference_groups=context.reference_groups,
        intervals=context.intervals,
    )


ROUNDS = Instrument(
    id="rounds",
    home=__package__,
    findings=(Lives,),
    section="rounds",
    section_title="What lists do over the years",
    stage="across",
    by_default=False,
    run=_rounds,
    option=RoundsOption,
    check=_check,
    template="rounds.md.j2",
    tables=effects_tables,
)
#: Made by hand alone.
SHAPING = Instrument(id="shaping", home=__package__, findings=(Shaping,), template="")
