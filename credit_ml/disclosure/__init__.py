"""What people are told of a score, what they do then, and what it costs them."""

import lazy_loader

from credit_ml.core.renamed import old_names

_RESPONSE = (
    "Action Aftermath Aim Bundle Condition Menu Respond TieMove TiesMoved action_effects "
    "default_menu load_menu move_ties"
)
_STRATEGIC = (
    "LinearResponse LinearShift PerformativeOptimum StrategicLogistic Trajectory choose_disclosure "
    "drop_manipulable linear_response performative_optimum repeated_refitting shifted_threshold"
)
_MOVED = {name: f"credit_ml.response.{name}" for name in _RESPONSE.split()}
_MOVED |= {name: f"credit_ml.strategic.{name}" for name in _STRATEGIC.split()}

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = old_names(__name__, _MOVED | {"Setting": "DecisionProblem"}, _load)
