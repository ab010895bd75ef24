"""What follows for people: privileges granted, black lists, joint punishment."""

from credit_ml.consequences.blacklist import RESTRICTIONS, Restriction, blacklist
from credit_ml.consequences.finding import Consequences
from credit_ml.consequences.interpretability import (
    PriceOfInterpretability,
    fidelity,
    price_of_interpretability,
)
from credit_ml.consequences.opposite import OppositeCase, opposite_case
from credit_ml.consequences.privileges import privileges
from credit_ml.consequences.selection import SampleSelection, sample_selection

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
