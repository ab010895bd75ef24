from .causal.effects import causal_effects
from .causal.finding import CausalEffects
from .causal.fit import CausalFit
from .causal.graph import CausalGraph
from .causal.rosenbaum import rosenbaum_gamma, rosenbaum_p_value
from .causal.sensitivity import e_value, robustness_value
from .decomposition.admissible import ProxyDiscrimination, proxy_discrimination
from .decomposition.attribute import Attributions, attribute
from .decomposition.decompose import decompose
from .decomposition.estimators import ESTIMATORS, Estimator, estimator, estimators_frame
from .decomposition.finding import Decomposition, DecompositionComparison, compare
from .decomposition.flow import Flow, flow_decomposition
from .decomposition.leaderboard.compute import Leaderboard, leaderboard
from .decomposition.truth import Twins, true_decomposition
from .detection.detect import Proxies, detect_proxies
from .detection.linear_proxy import LinearProxy, linear_proxy
from .detection.predictability import Guesses
from .detection.proxy_clusters import ClusterSearch, ProxyClusters, proxy_clusters
from .friends.finding import FriendInfluence
from .friends.influence import FriendOptions, friend_influence
from .friends.rewiring import rewired
from .friends.scores import without_likeness
from .interventions.alternatives import AlternativeSearch, alternatives
from .interventions.fairlearn_methods import GroupThresholds, Reduce
from .interventions.finding import Alternatives, Interventions
from .interventions.held_out import Trial
from .interventions.intervene import intervene
from .interventions.kinds import (
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
    "e_value",
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
    "robustness_value",
    "rosenbaum_gamma",
    "rosenbaum_p_value",
    "true_decomposition",
    "without_likeness",
]
