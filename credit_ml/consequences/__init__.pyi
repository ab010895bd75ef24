from .delayed_impact import (
    DelayedImpact,
    LoanTerms,
    ScoredGroup,
    delayed_impact,
    groups_by_score,
    lending_rules,
    scored_groups,
)
from .finding import Consequences
from .kinds.blacklist import RESTRICTIONS, Restriction, blacklist
from .kinds.privileges import privileges
from .opposite_case import OppositeCase, opposite_case
from .place_contest import PlaceContest, place_contest
from .price_of_interpretability import PriceOfInterpretability, fidelity, price_of_interpretability
from .sample_selection import SampleSelection, sample_selection
from .strangers import StrangersGame, strangers_game

__all__ = [
    "RESTRICTIONS",
    "Consequences",
    "DelayedImpact",
    "LoanTerms",
    "OppositeCase",
    "PlaceContest",
    "PriceOfInterpretability",
    "Restriction",
    "SampleSelection",
    "ScoredGroup",
    "StrangersGame",
    "blacklist",
    "delayed_impact",
    "fidelity",
    "groups_by_score",
    "lending_rules",
    "opposite_case",
    "place_contest",
    "price_of_interpretability",
    "privileges",
    "sample_selection",
    "scored_groups",
    "strangers_game",
]
