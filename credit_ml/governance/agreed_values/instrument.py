"""What studies ask of agreed values: which card, how values go with groups, who is nominated."""

from collections.abc import Iterator, Mapping

import numpy as np
from pydantic import BaseModel, Field

from credit_ml.agencies import Agency
from credit_ml.consequences.finding import asked
from credit_ml.core import Context, Instrument, StudyError
from credit_ml.governance.agreed_values.agreed import agreed_values, checked_values
from credit_ml.governance.agreed_values.citizens import CitizenValues
from credit_ml.governance.agreed_values.election import VoteOptions
from credit_ml.governance.agreed_values.facts import agreed_tables
from credit_ml.governance.agreed_values.finding import AgreedValues
from credit_ml.inference import resample_societies
from credit_ml.society import COLUMNS, Society


class AgreedValuesOption(BaseModel, frozen=True, extra="forbid"):
    """What citizens weigh and how they vote (S19)."""

    card: str | None = None
    """Agency whose records the agreed card reads, as a scorecard; the rater's own by default."""
    dependence: tuple[float, ...] = Field(default=(0.0, 3.0), min_length=1)
    concentration: float = Field(default=1.0, gt=0)
    importance: Mapping[str, float] | None = None
    divided_by: str | None = None
    """Sensitive feature whose groups may differ; the one followed by default."""
    nominated: int = Field(default=12, ge=0)
    draws: int = Field(default=50, ge=2)
    places: float | None = Field(default=None, gt=0, lt=1)
    societies: int = Field(default=20, ge=8)

    def values(self) -> list[CitizenValues]:
        """What citizens hold, at each strength of dependence."""
        return [
            CitizenValues(
                concentration=self.concentration, dependence=each, importance=self.importance
            )
            for each in self.dependence
        ]

    def vote(self, context: Context) -> VoteOptions:
        """Who votes on what."""
        return VoteOptions(
            divided_by=self.divided_by or context.followed.sensitive,
            nominated=self.nominated,
            draws=self.draws,
            places=self.places,
        )


def _card(context: Context, agency: Agency) -> Agency:
    option = context.option
    chosen = agency if option.card is None else context.load_agency(option.card)
    return chosen.with_scorer("scorecard")


def _check(context: Context) -> None:
    context.option.vote(context)
    checked_values(context.option.values())
    for agency in context.agencies:
        card = _card(context, agency)
        factors = list(dict.fromkeys(COLUMNS[name].factor for name in card.columns))
        problem = f"of {card.id} has {len(factors)} factor"
        remedy = "name an agency that sees several"
        StudyError.unless(len(factors) > 1, "agreed_values, card", problem, remedy)
        for values in context.option.values():
            values.pseudo_votes(np.zeros(len(factors)), factors)


def _agreed(context: Context) -> Iterator[AgreedValues]:
    option, rater = context.option, context.rater
    card = _card(context, rater.agency).fit(context.society, seed=context.seed)
    of = {"card": card, "values": option.values(), "vote": option.vote(context)}

    def measured(society: Society) -> AgreedValues:
        return agreed_values(rater, society, **of, seed=context.seed, **asked(context))

    over = {"societies": option.societies, "intervals": context.intervals, "seed": context.seed}
    yield resample_societies(context.society, measured, **over)


AGREED_VALUES = Instrument(
    id="agreed_values",
    home=__package__,
    findings=(AgreedValues,),
    section="agreed_values",
    section_title="What people agree should count",
    by_default=False,
    run=_agreed,
    option=AgreedValuesOption,
    check=_check,
    tables=agreed_tables,
)
