"""A question as a file, run, tracked and reported.

Names load on first use: the command line reads `TableAudit` before anything heavy is needed.
"""

import lazy_loader

from credit_ml.core.renamed import old_names

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
_OLD = {"leaderboard": "study", "sweep": "study"}
__getattr__ = old_names(
    __name__,
    {f"{verb}_{old}": f"{verb}_{new}" for verb in ("load", "run") for old, new in _OLD.items()},
    _load,
)
