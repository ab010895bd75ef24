"""What every layer shares: tables of people, findings, errors, seeds."""

from credit_ml.core.dataset import Dataset, bands
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
from credit_ml.core.seeds import BLOCK, Streams, checked_seed

__all__ = [
    "BLOCK",
    "AgencyError",
    "ArchiveError",
    "CreditMLError",
    "Dataset",
    "Finding",
    "InputError",
    "MenuError",
    "ModelError",
    "Streams",
    "StudyError",
    "TableError",
    "WorldError",
    "bands",
    "checked_seed",
    "known_names",
    "refuse_unknown",
]
