"""What carries a gap: estimates without the truth, and the truth of a simulation."""

from credit_ml.proxies.attribute import Attributed, attribute
from credit_ml.proxies.causal import causal_effects
from credit_ml.proxies.causal_finding import CausalEffects
from credit_ml.proxies.causal_graph import CausalGraph
from credit_ml.proxies.decompose import decompose
from credit_ml.proxies.finding import Comparison, Decomposition, compare
from credit_ml.proxies.flow import Flow, flow_decomposition
from credit_ml.proxies.leaderboard import Leaderboard, leaderboard
from credit_ml.proxies.truth import true_decomposition

__all__ = [
    "Attributed",
    "CausalEffects",
    "CausalGraph",
    "Comparison",
    "Decomposition",
    "Flow",
    "Leaderboard",
    "attribute",
    "causal_effects",
    "compare",
    "decompose",
    "flow_decomposition",
    "leaderboard",
    "true_decomposition",
]
