"""What every layer shares: tables of people, findings, errors, seeds."""

from credit_ml.core.errors import (
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
from credit_ml.core.finding import Finding
from credit_ml.core.instrument import Context, Followed, Instrument, instruments
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.core.schema import SCHEMA, conform
from credit_ml.core.seeds import BLOCK, Streams, checked_seed
from credit_ml.core.tables.columns import bands
from credit_ml.core.tables.dataset import Dataset
from credit_ml.core.tables.origin import Origin
from credit_ml.core.tables.weights import refuse_weights

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
