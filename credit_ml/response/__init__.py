"""What people do about a score: a menu of actions, what they cost, and exact best responses."""

import lazy_loader

from credit_ml.core.renamed import old_names

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = old_names(__name__, {"Bounds": "ResponseOptions", "Change": "ColumnChange"}, _load)
