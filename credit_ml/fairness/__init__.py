"""How groups are treated: metrics of decisions and scores by group, with intervals."""

import lazy_loader

from credit_ml.core.renamed import old_names

_MOVED = ("FEWEST_SOCIETIES", "Over", "adjusted", "over_societies", "shrunken_rates")

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = old_names(__name__, {name: f"credit_ml.inference.{name}" for name in _MOVED}, _load)
