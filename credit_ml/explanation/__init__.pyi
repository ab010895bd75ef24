from .by_person.bands import AttributionBands, attribution_bands
from .by_person.compute import person_attributions
from .by_person.finding import PersonAttributions
from .dependence.curves import partial_dependence
from .dependence.finding import PartialDependence
from .explain import explain
from .finding import Explanation
from .reasons import Reasons, readable, reasons_for
from .sample import check_fitted_on
from .shapley.background import background_rows
from .shapley.block_shapley import factor_attributions, shapley
from .shapley.coalitions import check_factors, coalition_scores
from .shapley.shap_values import can_attribute, feature_attributions, why_not_attributable
from .stability.finding import Stability
from .stability.refits import explanation_stability
from .surrogate import SurrogateFidelity, surrogate_fidelity

__all__ = [
    "AttributionBands",
    "Explanation",
    "PartialDependence",
    "PersonAttributions",
    "Reasons",
    "Stability",
    "SurrogateFidelity",
    "attribution_bands",
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
    "person_attributions",
    "readable",
    "reasons_for",
    "shapley",
    "surrogate_fidelity",
    "why_not_attributable",
]
