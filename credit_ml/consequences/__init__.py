"""What follows for people: privileges granted, black lists, joint punishment."""

from credit_ml.consequences.finding import Consequences
from credit_ml.consequences.kinds.blacklist import RESTRICTIONS, Restriction, blacklist
from credit_ml.consequences.kinds.privileges import privileges
from credit_ml.consequences.opposite_case import OppositeCase, opposite_case
from credit_ml.consequences.price_of_interpretability import (
    PriceOfInterpretability,
    fidelity,
    price_of_interpretability,
)
from credit_ml.consequences.sample_selection import SampleSelection, sample_selection

__all__ = [
    "RESTRICTIONS",
    "Consequences",
    "OppositeCase",
    "PriceOfInterpretability",
    "Restriction",
    "SampleSelection",
    "blacklist",
    "fidelity",
    "opposite_case",
    "price_of_interpretability",
    "privileges",
    "sample_selection",
]
