"""What every layer shares: tables of people, findings, errors, seeds."""

from credit_ml.core.clusters import (
    FEWEST_CLUSTERS,
    cluster_freedom,
    clustered_difference,
    clustered_variance,
    enough_clusters,
)
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
from credit_ml.core.schema import SCHEMA, conform
from credit_ml.core.seeds import BLOCK, Streams, checked_seed
from credit_ml.core.weights import refuse_weights

__all__ = [
    "BLOCK",
    "FEWEST_CLUSTERS",
    "SCHEMA",
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
    "cluster_freedom",
    "clustered_difference",
    "clustered_variance",
    "conform",
    "enough_clusters",
    "known_names",
    "refuse_unknown",
    "refuse_weights",
]
