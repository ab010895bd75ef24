"""What everybody's response to disclosure does to bystanders, at the first rater of a study."""

from collections.abc import Iterator

from pydantic import BaseModel

from credit_ml.core import Context, Instrument, StudyError
from credit_ml.disclosure.contagion.compute import Contagion, contagion
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.response import ResponseOptions, load_menu


class ContagionOption(BaseModel, frozen=True, extra="forbid"):
    """What everybody is told, and what they can do about it."""

    regime: str = "full"
    menu: str = "default"


def check(context: Context) -> None:
    """Raise when the regime or menu is unknown, or no action moves ties that the rater sees."""
    checked_regimes(context.option.regime)
    agency = context.agencies[0]
    problem = f"asks of friends, but {agency.id} sees no contacts"
    remedy = "leave it out, or name another rater first"
    StudyError.unless("contacts" in agency.streams, "contagion", problem, remedy)
    load_menu(context.option.menu)


def run(context: Context) -> Iterator[Contagion]:
    """Let everybody respond, for the feature that the study follows."""
    yield contagion(
        context.rater,
        context.society,
        regime=context.option.regime,
        response=ResponseOptions(menu=load_menu(context.option.menu)),
        sensitive=context.followed.sensitive,
        intervals=context.intervals,
        seed=context.seed,
    )


INSTRUMENT = Instrument(
    id="contagion",
    home=__package__,
    findings=(Contagion,),
    section="friends",
    order=2,
    stage="across",
    run=run,
    option=ContagionOption,
    by_default=False,
    check=check,
)
