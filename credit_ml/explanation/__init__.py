"""Why a score is what it is: attributions by factor and column, reasons for one person."""

from credit_ml.explanation.dependence.curves import partial_dependence
from credit_ml.explanation.dependence.finding import PartialDependence
from credit_ml.explanation.explain import explain
from credit_ml.explanation.finding import Explanation
from credit_ml.explanation.reasons import Reasons, readable, reasons_for
from credit_ml.explanation.sample import check_fitted_on
from credit_ml.explanation.shapley.background import background_rows
from credit_ml.explanation.shapley.block_shapley import factor_attributions, shapley
from credit_ml.explanation.shapley.coalitions import check_factors, coalition_scores
from credit_ml.explanation.shapley.shap_values import (
    can_attribute,
    feature_attributions,
    why_not_attributable,
)
from credit_ml.explanation.stability.finding import Stability
from credit_ml.explanation.stability.refits import explanation_stability
from credit_ml.explanation.surrogate import SurrogateFidelity, surrogate_fidelity

__all__ = [
    "Explanation",
    "PartialDependence",
    "Reasons",
    "Stability",
    "SurrogateFidelity",
    "background_rows",
    "can_attribute",
    "check_factors",
    "check_fitted_on",
    "coalition_scores",
    "explain",
    "explanation_stability",
    "factor_attributions",
    "feature_attributions",
    "partial_dependence",
    "readable",
    "reasons_for",
    "shapley",
    "surrogate_fidelity",
    "why_not_attributable",
]
