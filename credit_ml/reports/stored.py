"""From the kind that a stored finding names to the class that can draw it."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from credit_ml.core import Finding, StudyError
from credit_ml.core.errors import refuse_unknown

#: Where each kind of finding lives. A new instrument adds one line here, and a section.
FINDING_CLASSES: dict[str, tuple[str, str]] = {
    "portrait": ("credit_ml.society", "Portrait"),
    "audit": ("credit_ml.fairness", "Audit"),
    "quality": ("credit_ml.fairness", "Quality"),
    "decomposition": ("credit_ml.proxies", "Decomposition"),
    "comparison": ("credit_ml.proxies", "Comparison"),
    "explanation": ("credit_ml.explanation", "Explanation"),
    "disclosure": ("credit_ml.disclosure", "Disclosure"),
    "contagion": ("credit_ml.disclosure", "Contagion"),
    "disclosure_sweep": ("credit_ml.disclosure", "DisclosureSweep"),
    "disclosure_comparison": ("credit_ml.disclosure", "DisclosureComparison"),
    "consequences": ("credit_ml.consequences", "Consequences"),
    "agreement": ("credit_ml.fairness", "Agreement"),
    "multiplicity": ("credit_ml.fairness", "Multiplicity"),
    "self_consistency": ("credit_ml.fairness", "SelfConsistency"),
    "recourse": ("credit_ml.disclosure", "Recourse"),
    "flow": ("credit_ml.proxies", "Flow"),
    "network": ("credit_ml.society", "Network"),
    "opposite_case": ("credit_ml.consequences", "OppositeCase"),
    "leaderboard": ("credit_ml.proxies", "Leaderboard"),
    "partial_dependence": ("credit_ml.explanation", "PartialDependence"),
    "surrogate_fidelity": ("credit_ml.explanation", "SurrogateFidelity"),
    "explanation_stability": ("credit_ml.explanation", "Stability"),
    "calibration": ("credit_ml.fairness", "Calibration"),
    "separation": ("credit_ml.fairness", "Separation"),
    "conditional_disparity": ("credit_ml.fairness", "ConditionalDisparity"),
    "impact": ("credit_ml.fairness", "Impact"),
    "error_costs": ("credit_ml.fairness", "ErrorCosts"),
    "parity": ("credit_ml.fairness", "Parity"),
    "proxies": ("credit_ml.proxies", "Proxies"),
    "proxy_clusters": ("credit_ml.proxies", "ProxyClusters"),
    "linear_proxy": ("credit_ml.proxies", "LinearProxy"),
    "proxy_discrimination": ("credit_ml.proxies", "ProxyDiscrimination"),
    "interventions": ("credit_ml.proxies", "Interventions"),
    "alternatives": ("credit_ml.proxies", "Alternatives"),
    "friend_influence": ("credit_ml.proxies", "FriendInfluence"),
    "causal_effects": ("credit_ml.proxies", "CausalEffects"),
    "sample_selection": ("credit_ml.consequences", "SampleSelection"),
    "interpretability": ("credit_ml.consequences", "PriceOfInterpretability"),
}


def finding_class(kind: str) -> type[Finding]:
    """Return the class of a kind of finding, importing its layer only now.

    Raises
    ------
    StudyError
        When no instrument makes that kind.
    """
    if kind == Finding.kind:
        return Finding
    if kind not in FINDING_CLASSES:
        refuse_unknown(StudyError, "stored findings, kind", kind, sorted(FINDING_CLASSES))
    module, name = FINDING_CLASSES[kind]
    found: type[Finding] = getattr(import_module(module), name)
    return found


def finding_from_dict(stored: Mapping[str, Any]) -> Finding:
    """Rebuild a finding from what `Finding.to_dict` wrote."""
    return finding_class(stored["kind"]).from_dict(stored)
