from .bibliography import cited
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
    need_known,
    refuse_unknown,
)
from .files import beside, read_toml, whole
from .finding import Finding
from .instrument import Context, Followed, Instrument, instruments
from .provenance import digest
from .results import Diagnostic, RaterResults, StudyResults
from .schema import SCHEMA, conform
from .seeds import BLOCK, Streams, checked_seed
from .tables.arrays import Array, Mask, Rows
from .tables.columns import bands
from .tables.dataset import Dataset
from .tables.origin import Origin
from .tables.weights import refuse_weights, worth

__all__ = [
    "BLOCK",
    "SCHEMA",
    "AgencyError",
    "ArchiveError",
    "Array",
    "Context",
    "CreditMLError",
    "Dataset",
    "Diagnostic",
    "Finding",
    "Followed",
    "InputError",
    "Instrument",
    "Mask",
    "MenuError",
    "ModelError",
    "Origin",
    "RaterResults",
    "Rows",
    "Streams",
    "StudyError",
    "StudyResults",
    "TableError",
    "WorldError",
    "bands",
    "beside",
    "checked_seed",
    "cited",
    "conform",
    "digest",
    "instruments",
    "known_names",
    "need_known",
    "read_toml",
    "refuse_unknown",
    "refuse_weights",
    "whole",
    "worth",
]
