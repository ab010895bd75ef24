"""What people are told of a score, what they do then, and what it costs them."""

import lazy_loader

from credit_ml.core.renamed import old_names

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = old_names(__name__, {"Setting": "DecisionProblem"}, _load)
