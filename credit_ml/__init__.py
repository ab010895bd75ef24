"""A wind tunnel for citizen scoring.

Make a society whose causes are known, let raters score it, and measure who is harmed, through
which proxy, and what telling people the rules would change; then turn the same instruments on
real data. Names load on first use, so that importing the package costs next to nothing.
"""

import lazy_loader

from credit_ml.core.renamed import old_names

__version__ = "0.1.0"

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = old_names(
    __name__, {"met_anew": "credit_ml.inference.resample_societies"}, otherwise=_load
)
"""Old names, dotted where the new one is not at the top level, warn; others load on first use."""
