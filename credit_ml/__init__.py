"""A wind tunnel for citizen scoring.

Make a society whose causes are known, let raters score it, and measure who is harmed, through
which proxy, and what telling people the rules would change; then turn the same instruments on
real data. Names load on first use, so that importing the package costs next to nothing.
"""

from typing import Any

import lazy_loader

__version__ = "0.1.0"

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

_OLD_NAMES: dict[str, str] = {"met_anew": "credit_ml.inference.resample_societies"}
"""Old name to new, dotted where the new one is not at the top level."""


def __getattr__(name: str) -> Any:
    if name in _OLD_NAMES:
        from credit_ml.core.renamed import old_names

        return old_names(__name__, _OLD_NAMES, stacklevel=3)(name)
    return _load(name)
