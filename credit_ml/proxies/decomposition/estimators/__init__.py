"""Estimators of what carries a gap, each with its estimand, assumptions and failures."""

from credit_ml.proxies.decomposition.estimators.catalogue import (
    ESTIMATORS,
    estimator,
    estimators_frame,
)
from credit_ml.proxies.decomposition.estimators.estimator import Estimator, GapComponents, GapTask

__all__ = ["ESTIMATORS", "Estimator", "GapComponents", "GapTask", "estimator", "estimators_frame"]
