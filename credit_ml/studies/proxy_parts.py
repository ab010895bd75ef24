"""What a study asks of proxies at its first rater: interventions, alternatives, friends."""

from pydantic import Field

from credit_ml.agencies import Agency
from credit_ml.core import StudyError, refuse_unknown
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.response import load_menu
from credit_ml.studies.part import Part

#: What `intervene` tries of a society, with the stream that it needs.
INTERVENTIONS: dict[str, str] = {
    "drop_friends": "contacts",
    "rewire_friends": "contacts",
    "drop_address": "address",
    "coarsen_address": "address",
    "residualise": "",
    "discrimination_free": "",
    "reduce_demographic_parity": "",
    "reduce_equalized_odds": "",
    "thresholds_demographic_parity": "",
    "thresholds_equalized_odds": "",
}


class InterventionsPart(Part):
    """What is done about the proxies of the first rater, each held against leaving it as it is."""

    which: tuple[str, ...] = ()
    """Names in tables (`INTERVENTIONS`); all that fit what the rater reads, by default."""

    def check(self, agency: Agency, *, place: str) -> None:
        """Raise StudyError when a name is unknown, comes twice, or needs what is not read."""
        for name in self.which:
            if name not in INTERVENTIONS:
                refuse_unknown(StudyError, place, name, INTERVENTIONS)
            if self.which.count(name) > 1:
                raise StudyError(place, f"names {name} twice", "give each once")
            stream = INTERVENTIONS[name]
            if stream and stream not in agency.streams:
                raise StudyError(place, f"names {name}, but {agency.id} sees no {stream}",
                                 "leave it out, or name another rater first")  # fmt: skip


class AlternativesPart(Part):
    """How far below the best a less discriminatory scorer may rank."""

    tolerance: float = Field(default=0.005, ge=0, lt=0.5)
    """AUC that may be lost."""


class FriendsPart(Part):
    """What friends do to the first rater's scores."""

    draws: int = Field(default=3, ge=1)
    """Times that everybody gets other friends."""
    feedback: float = Field(default=0.0, ge=0, lt=1)
    """Strength with which scores lean on friends' scores."""


class ContagionPart(Part):
    """What everybody's response to being told does to bystanders, at the first rater."""

    regime: str = "full"
    menu: str = "default"

    def check(self, agency: Agency, *, place: str) -> None:
        """Raise when the regime or menu is unknown, or no action moves ties that it sees."""
        checked_regimes([self.regime])
        if "contacts" not in agency.streams:
            raise StudyError(place, f"asks of friends, but {agency.id} sees no contacts",
                             "leave it out, or name another rater first")  # fmt: skip
        load_menu(self.menu)
