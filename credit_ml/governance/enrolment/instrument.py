"""What studies ask of sign-up: what it is worth, and over how many societies."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument
from credit_ml.governance.enrolment.compute import EnrolmentOptions, enrolment
from credit_ml.governance.enrolment.facts import enrolment_tables
from credit_ml.governance.enrolment.finding import Enrolment


class EnrolmentOption(BaseModel, frozen=True, extra="forbid"):
    """What places, treats and privacy are worth, in shares of yearly income."""

    worth: float = Field(default=0.05, gt=0, le=1)
    treat: float = Field(default=0.002, ge=0, le=1)
    privacy: float = Field(default=0.01, ge=0, le=1)
    taste: float = Field(default=0.5, ge=0, le=1)
    withheld: float = Field(default=0.3, ge=0, le=1)
    years: int = Field(default=10, ge=0)
    societies: int = Field(default=20, ge=8)


def _run(context: Context) -> Iterator[Enrolment]:
    yield enrolment(
        context.rater,
        context.society,
        options=EnrolmentOptions(**dict(context.option)),
        sensitive=list(context.sensitive),
        intervals=context.intervals,
        seed=context.seed,
    )


ENROLMENT = Instrument(
    id="enrolment",
    home=__package__,
    findings=(Enrolment,),
    section="enrolment",
    section_title="Who signs up, and what silence says",
    stage="across",
    by_default=False,
    run=_run,
    option=EnrolmentOption,
    tables=enrolment_tables,
)
