"""What follows for people: privileges granted, black lists, joint punishment."""

from credit_ml.consequences.blacklist import RESTRICTIONS, Restriction, blacklist
from credit_ml.consequences.finding import Consequences
from credit_ml.consequences.interpretability import (
    PriceOfInterpretability,
    fidelity,
    price_of_interpretability,
)
from credit_ml.consequences.privileges import privileges

__all__ = [
    "RESTRICTIONS",
    "Consequences",
    "PriceOfInterpretability",
    "Restriction",
    "blacklist",
    "fidelity",
    "price_of_interpretability",
    "privileges",
]
