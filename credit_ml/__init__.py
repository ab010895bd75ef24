"""A wind tunnel for citizen scoring.

Make a society whose causes are known, let raters score it, and measure who is harmed, through
which proxy, and what telling people the rules would change; then turn the same instruments on
real data. Names load on first use, so that importing the package costs next to nothing.
"""

from pathlib import Path as _Path

import lazy_loader

from credit_ml.core.discovery import readable_help
from credit_ml.core.files import keep_compiled as _keep_compiled
from credit_ml.core.renamed import old_names

__version__ = "0.1.0"

#: What a first hour does without stands in its room alone: names by package.
_MOVED = {
    "agencies": "Agency Rater",
    "consequences": "blacklist opposite_case price_of_interpretability privileges sample_selection",
    "core": "InputError",
    "explanation": "explanation_stability partial_dependence surrogate_fidelity",
    "fairness": "agreement audit_privileges conditional_disparity distribution_distances"
    " error_costs multiplicity opposite_cases ranking self_consistency tally_parts",
    "inference": "over_societies resample_societies",
    "proxies": "CausalGraph causal_effects compare estimators_frame leaderboard",
    "response": "action_effects load_menu",
    "scoring": "OpaqueScorer Scorecard cross_fit",
    "society": "Society network portrait read_society write_society",
    "studies": "load_study",
}
_OLD = {name: f"credit_ml.{home}.{name}" for home in _MOVED for name in _MOVED[home].split()}
_OLD["met_anew"] = "credit_ml.inference.resample_societies"

_keep_compiled(_Path(__file__).parent)
_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = readable_help(old_names(__name__, _OLD, otherwise=_load))
"""Names that moved warn and say where they are now; others load on first use."""
