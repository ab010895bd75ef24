from . import (
    agencies,
    consequences,
    datasets,
    disclosure,
    dynamics,
    explanation,
    fairness,
    governance,
    inference,
    proxies,
    reports,
    response,
    scoring,
    society,
    strategic,
    studies,
)
from .agencies import agency_ids, load_agency
from .core import CreditMLError, Dataset, Finding, bands
from .disclosure import contagion, disclose, notice, recourse
from .explanation import explain
from .fairness import adverse_impact, audit, calibration, parity, quality
from .governance import exhibits
from .proxies import (
    alternatives,
    decompose,
    detect_proxies,
    flow_decomposition,
    friend_influence,
    intervene,
    true_decomposition,
)
from .reports import write_report
from .scoring import score_function
from .society import World, load_world, world_ids
from .studies import audit_table, report, run_study

__version__: str

__all__ = [
    "CreditMLError",
    "Dataset",
    "Finding",
    "World",
    "adverse_impact",
    "agencies",
    "agency_ids",
    "alternatives",
    "audit",
    "audit_table",
    "bands",
    "calibration",
    "consequences",
    "contagion",
    "datasets",
    "decompose",
    "detect_proxies",
    "disclose",
    "disclosure",
    "dynamics",
    "exhibits",
    "explain",
    "explanation",
    "fairness",
    "flow_decomposition",
    "friend_influence",
    "governance",
    "inference",
    "intervene",
    "load_agency",
    "load_world",
    "notice",
    "parity",
    "proxies",
    "quality",
    "recourse",
    "report",
    "reports",
    "response",
    "run_study",
    "score_function",
    "scoring",
    "society",
    "strategic",
    "studies",
    "true_decomposition",
    "world_ids",
    "write_report",
]
