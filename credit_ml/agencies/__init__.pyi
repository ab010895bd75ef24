from .agency import Agency
from .catalogue import agencies, agency_ids, load_agency
from .parts import Penalty, Privilege
from .rater import Rater
from .refit import is_fixed, refit
from .scorer_parts import ScorerKind
from .shifted import Shifted, raised
from .specification import Disclosed

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
