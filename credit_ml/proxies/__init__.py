"""What carries a gap: estimates without the truth, and the truth of a simulation."""

from credit_ml.proxies.attribute import Attributed, attribute
from credit_ml.proxies.decompose import decompose
from credit_ml.proxies.finding import Comparison, Decomposition, compare
from credit_ml.proxies.flow import Flow, flow_decomposition
from credit_ml.proxies.truth import true_decomposition

__all__ = [
    "Attributed",
    "Comparison",
    "Decomposition",
    "Flow",
    "attribute",
    "compare",
    "decompose",
    "flow_decomposition",
    "true_decomposition",
]
