"""Who sees what, how it becomes a number, and what the number grants."""

from credit_ml.agencies.agency import Agency
from credit_ml.agencies.catalogue import agencies, agency_ids, load_agency
from credit_ml.agencies.parts import Penalty, Privilege
from credit_ml.agencies.rater import Rater
from credit_ml.agencies.refit import is_fixed, refit
from credit_ml.agencies.scorer_parts import ScorerKind
from credit_ml.agencies.shifted import Shifted, raised
from credit_ml.agencies.specification import Disclosed

__all__ = [
    "Agency",
    "Disclosed",
    "Penalty",
    "Privilege",
    "Rater",
    "ScorerKind",
    "Shifted",
    "agencies",
    "agency_ids",
    "is_fixed",
    "load_agency",
    "raised",
    "refit",
]
