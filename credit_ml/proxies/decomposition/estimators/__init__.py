"""Estimators of what carries a gap, each with its estimand, assumptions and failures."""

from credit_ml.proxies.decomposition.estimators.catalogue import (
    ESTIMATORS,
    estimator,
    estimators_frame,
)
from credit_ml.proxies.decomposition.estimators.estimator import Answer, Estimator, Question

__all__ = ["ESTIMATORS", "Answer", "Estimator", "Question", "estimator", "estimators_frame"]
