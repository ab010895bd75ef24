"""What carries a gap: estimates without the truth, and the truth of a simulation."""

from credit_ml.core.renamed import old_names
from credit_ml.proxies.causal.effects import causal_effects
from credit_ml.proxies.causal.finding import CausalEffects
from credit_ml.proxies.causal.fit import CausalFit
from credit_ml.proxies.causal.graph import CausalGraph
from credit_ml.proxies.decomposition.admissible import ProxyDiscrimination, proxy_discrimination
from credit_ml.proxies.decomposition.attribute import Attributions, attribute
from credit_ml.proxies.decomposition.decompose import decompose
from credit_ml.proxies.decomposition.estimators import (
    ESTIMATORS,
    Estimator,
    estimator,
    estimators_frame,
)
from credit_ml.proxies.decomposition.finding import Decomposition, DecompositionComparison, compare
from credit_ml.proxies.decomposition.flow import Flow, flow_decomposition
from credit_ml.proxies.decomposition.leaderboard.compute import Leaderboard, leaderboard
from credit_ml.proxies.decomposition.truth import true_decomposition
from credit_ml.proxies.decomposition.twins import Twins
from credit_ml.proxies.detection.detect import Proxies, detect_proxies
from credit_ml.proxies.detection.linear_proxy import LinearProxy, linear_proxy
from credit_ml.proxies.detection.predictability import Guesses
from credit_ml.proxies.detection.proxy_clusters import ClusterSearch, ProxyClusters, proxy_clusters
from credit_ml.proxies.friends.finding import FriendInfluence
from credit_ml.proxies.friends.influence import FriendOptions, friend_influence
from credit_ml.proxies.friends.rewiring import rewired
from credit_ml.proxies.friends.scores import without_likeness
from credit_ml.proxies.interventions.alternatives import AlternativeSearch, alternatives
from credit_ml.proxies.interventions.alternatives_finding import Alternatives
from credit_ml.proxies.interventions.fairlearn_methods import GroupThresholds, Reduce
from credit_ml.proxies.interventions.finding import Interventions
from credit_ml.proxies.interventions.held_out import Trial
from credit_ml.proxies.interventions.intervene import intervene
from credit_ml.proxies.interventions.kinds import (
    Coarsen,
    DiscriminationFree,
    Drop,
    Intervention,
    Residualise,
    RewireFriends,
)

__all__ = [
    "ESTIMATORS",
    "AlternativeSearch",
    "Alternatives",
    "Attributions",
    "CausalEffects",
    "CausalFit",
    "CausalGraph",
    "ClusterSearch",
    "Coarsen",
    "Decomposition",
    "DecompositionComparison",
    "DiscriminationFree",
    "Drop",
    "Estimator",
    "Flow",
    "FriendInfluence",
    "FriendOptions",
    "GroupThresholds",
    "Guesses",
    "Intervention",
    "Interventions",
    "Leaderboard",
    "LinearProxy",
    "Proxies",
    "ProxyClusters",
    "ProxyDiscrimination",
    "Reduce",
    "Residualise",
    "RewireFriends",
    "Trial",
    "Twins",
    "alternatives",
    "attribute",
    "causal_effects",
    "compare",
    "decompose",
    "detect_proxies",
    "estimator",
    "estimators_frame",
    "flow_decomposition",
    "friend_influence",
    "intervene",
    "leaderboard",
    "linear_proxy",
    "proxy_clusters",
    "proxy_discrimination",
    "rewired",
    "true_decomposition",
    "without_likeness",
]

__getattr__ = old_names(
    __name__,
    {
        "Attributed": "Attributions",
        "Comparison": "DecompositionComparison",
        "in_others": "credit_ml.inference.other_societies",
        "met_anew": "credit_ml.inference.resample_societies",
    },
)
