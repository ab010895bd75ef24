from .agencies import Agency, Rater, agency_ids, load_agency
from .consequences import (
    blacklist,
    opposite_case,
    price_of_interpretability,
    privileges,
    sample_selection,
)
from .core import CreditMLError, Dataset, Finding, InputError, bands
from .disclosure import action_effects, disclose, load_menu, notice, recourse
from .explanation import explain
from .fairness import agreement, audit, multiplicity, opposite_cases, quality, self_consistency
from .proxies import (
    CausalGraph,
    alternatives,
    causal_effects,
    compare,
    decompose,
    detect_proxies,
    estimators_frame,
    flow_decomposition,
    friend_influence,
    intervene,
    leaderboard,
    true_decomposition,
)
from .reports import write_report
from .scoring import OpaqueScorer, Scorecard, cross_fit, score_function
from .society import (
    Society,
    World,
    load_world,
    network,
    portrait,
    read_society,
    world_ids,
    write_society,
)
from .studies import audit_table, load_study, run_study

__version__: str

__all__ = [
    "Agency",
    "CausalGraph",
    "CreditMLError",
    "Dataset",
    "Finding",
    "InputError",
    "OpaqueScorer",
    "Rater",
    "Scorecard",
    "Society",
    "World",
    "action_effects",
    "agency_ids",
    "agreement",
    "alternatives",
    "audit",
    "audit_table",
    "bands",
    "blacklist",
    "causal_effects",
    "compare",
    "cross_fit",
    "decompose",
    "detect_proxies",
    "disclose",
    "estimators_frame",
    "explain",
    "flow_decomposition",
    "friend_influence",
    "intervene",
    "leaderboard",
    "load_agency",
    "load_menu",
    "load_study",
    "load_world",
    "multiplicity",
    "network",
    "notice",
    "opposite_case",
    "opposite_cases",
    "portrait",
    "price_of_interpretability",
    "privileges",
    "quality",
    "read_society",
    "recourse",
    "run_study",
    "sample_selection",
    "score_function",
    "self_consistency",
    "true_decomposition",
    "world_ids",
    "write_report",
    "write_society",
]
