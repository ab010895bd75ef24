from .finding import Consequences
from .kinds.blacklist import RESTRICTIONS, Restriction, blacklist
from .kinds.privileges import privileges
from .opposite_case import OppositeCase, opposite_case
from .price_of_interpretability import PriceOfInterpretability, fidelity, price_of_interpretability
from .sample_selection import SampleSelection, sample_selection

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
