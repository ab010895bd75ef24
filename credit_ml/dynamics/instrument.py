"""What studies ask of rounds: what policies change over the years."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, Field

from credit_ml.agencies import load_agency
from credit_ml.core import Context, Instrument, need_known
from credit_ml.dynamics import (
    Generations,
    Lives,
    PolicyError,
    Shaping,
    family_effects,
    load_policy,
    policy_effects,
)
from credit_ml.dynamics.assumed.vary import variations
from credit_ml.dynamics.facts import effects_tables, elsewhere, matrix
from credit_ml.dynamics.family.facts import generations_tables
from credit_ml.dynamics.pictures import pictures


class RoundsOption(BaseModel, frozen=True, extra="forbid"):
    """Which policies are compared, over how many years and other societies."""

    policies: tuple[str, ...] = Field(min_length=1)
    against: str = "no_list"
    compare: dict[str, str] = Field(default_factory=dict)
    """Policies, each with another that it is held against besides."""
    vary: dict[str, dict[str, tuple[float, ...]]] = Field(default_factory=dict)
    """By policy, assumptions with the values at which its headlines are measured again."""
    years: int = Field(default=10, ge=1)
    societies: int = Field(default=20, ge=8)


def _check(context: Context) -> None:
    option = context.option
    for name in (*option.policies, option.against, *option.compare, *option.compare.values()):
        load_policy(name)
    for name in variations(option.vary):
        need_known(PolicyError, "rounds, vary", name, option.policies)


def _rounds(context: Context) -> Iterator[Lives]:
    option = context.option
    pairs: list[tuple[list[str], str, Any]] = [
        (list(option.policies), option.against, option.vary),
        *(([policy], other, None) for policy, other in option.compare.items()),
    ]
    for policies, against, vary in pairs:
        yield policy_effects(
            context.society,
            policies,
            against=against,
            vary=vary,
            years=option.years,
            societies=option.societies,
            seed=context.seed,
            sensitive=list(context.sensitive),
            reference_groups=context.reference_groups,
            intervals=context.intervals,
        )


class GenerationsOption(BaseModel, frozen=True, extra="forbid"):
    """Which policies are followed to children and grandchildren, and whose points are ranked."""

    policies: tuple[str, ...] = Field(min_length=1)
    against: str = "no_list"
    compare: dict[str, str] = Field(default_factory=dict)
    """Policies, each with another that it is held against besides."""
    generations: int = Field(default=3, ge=1)
    years: int = Field(default=10, ge=1)
    agency: str = "national"
    societies: int = Field(default=20, ge=8)


def _check_generations(context: Context) -> None:
    option = context.option
    for name in (*option.policies, option.against, *option.compare, *option.compare.values()):
        load_policy(name)
    load_agency(option.agency)


def _generations(context: Context) -> Iterator[Generations]:
    option = context.option
    pairs = [
        (option.policies, option.against),
        *(((name,), other) for name, other in option.compare.items()),
    ]
    for policies, against in pairs:
        yield family_effects(
            context.society,
            policies,
            against=against,
            generations=option.generations,
            years=option.years,
            agency=option.agency,
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
    overviews=pictures,
    matrix=matrix,
    elsewhere=elsewhere,
)
GENERATIONS = Instrument(
    id="generations",
    home=f"{__package__}.family",
    findings=(Generations,),
    section="rounds",
    order=1,
    stage="across",
    by_default=False,
    run=_generations,
    option=GenerationsOption,
    check=_check_generations,
    template="generations.md.j2",
    tables=generations_tables,
)
#: Made by hand alone.
SHAPING = Instrument(id="shaping", home=__package__, findings=(Shaping,), template="")
