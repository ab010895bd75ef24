"""Estimators of what carries a gap, each with its estimand, assumptions and failures."""

from credit_ml.proxies.decomposition.estimators.catalogue import (
    ESTIMATORS,
    estimator,
    estimators_frame,
)
from credit_ml.proxies.decomposition.estimators.estimator import (
    DecompositionTask,
    Estimator,
    GapComponents,
)

__all__ = [
    "ESTIMATORS",
    "DecompositionTask",
    "Estimator",
    "GapComponents",
    "estimator",
    "estimators_frame",
]
