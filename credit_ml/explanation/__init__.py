"""Why a score is what it is: attributions by factor and column, reasons for one person."""

from credit_ml.explanation.coalitions import (
    check_factors,
    coalition_scores,
    factor_attributions,
    references,
    shapley,
)
from credit_ml.explanation.explain import explain
from credit_ml.explanation.features import can_attribute, feature_attributions, load_shap
from credit_ml.explanation.finding import Explanation
from credit_ml.explanation.reasons import Reasons, check_fitted_on, reasons_for

__all__ = [
    "Explanation",
    "Reasons",
    "can_attribute",
    "check_factors",
    "check_fitted_on",
    "coalition_scores",
    "explain",
    "factor_attributions",
    "feature_attributions",
    "load_shap",
    "reasons_for",
    "references",
    "shapley",
]
