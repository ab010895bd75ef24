from .errors import (
    AgencyError,
    ArchiveError,
    CreditMLError,
    InputError,
    MenuError,
    ModelError,
    StudyError,
    TableError,
    WorldError,
    known_names,
    refuse_unknown,
)
from .finding import Finding
from .instrument import Context, Followed, Instrument, instruments
from .results import RaterResults, StudyResults
from .schema import SCHEMA, conform
from .seeds import BLOCK, Streams, checked_seed
from .tables.columns import bands
from .tables.dataset import Dataset
from .tables.origin import Origin
from .tables.weights import refuse_weights

__all__ = [
    "BLOCK",
    "SCHEMA",
    "AgencyError",
    "ArchiveError",
    "Context",
    "CreditMLError",
    "Dataset",
    "Finding",
    "Followed",
    "InputError",
    "Instrument",
    "MenuError",
    "ModelError",
    "Origin",
    "RaterResults",
    "Streams",
    "StudyError",
    "StudyResults",
    "TableError",
    "WorldError",
    "bands",
    "checked_seed",
    "conform",
    "instruments",
    "known_names",
    "refuse_unknown",
    "refuse_weights",
]
