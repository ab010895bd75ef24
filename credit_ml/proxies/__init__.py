"""What carries a gap: estimates without the truth, and the truth of a simulation."""

from credit_ml.proxies.admissible import ProxyDiscrimination, proxy_discrimination
from credit_ml.proxies.alternatives import alternatives
from credit_ml.proxies.alternatives_finding import Alternatives
from credit_ml.proxies.anew import in_others, met_anew
from credit_ml.proxies.association import friend_influence
from credit_ml.proxies.association_finding import FriendInfluence
from credit_ml.proxies.association_scores import without_likeness
from credit_ml.proxies.attribute import Attributed, attribute
from credit_ml.proxies.causal import causal_effects
from credit_ml.proxies.causal_finding import CausalEffects
from credit_ml.proxies.causal_graph import CausalGraph
from credit_ml.proxies.decompose import decompose
from credit_ml.proxies.detect import Proxies, detect_proxies
from credit_ml.proxies.estimators import ESTIMATORS, Estimator, estimator, estimators_frame
from credit_ml.proxies.finding import Comparison, Decomposition, compare
from credit_ml.proxies.flow import Flow, flow_decomposition
from credit_ml.proxies.intervene import intervene
from credit_ml.proxies.intervene_fairlearn import GroupThresholds, Reduce
from credit_ml.proxies.intervene_finding import Interventions
from credit_ml.proxies.intervene_ties import rewired
from credit_ml.proxies.interventions import (
    Coarsen,
    DiscriminationFree,
    Drop,
    Intervention,
    Residualise,
    RewireFriends,
)
from credit_ml.proxies.leaderboard import Leaderboard, leaderboard
from credit_ml.proxies.linear import LinearProxy, linear_proxy
from credit_ml.proxies.together import ProxyClusters, proxy_clusters
from credit_ml.proxies.truth import true_decomposition

__all__ = [
    "ESTIMATORS",
    "Alternatives",
    "Attributed",
    "CausalEffects",
    "CausalGraph",
    "Coarsen",
    "Comparison",
    "Decomposition",
    "DiscriminationFree",
    "Drop",
    "Estimator",
    "Flow",
    "FriendInfluence",
    "GroupThresholds",
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
    "in_others",
    "intervene",
    "leaderboard",
    "linear_proxy",
    "met_anew",
    "proxy_clusters",
    "proxy_discrimination",
    "rewired",
    "true_decomposition",
    "without_likeness",
]
