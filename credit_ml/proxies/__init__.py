"""What carries a gap: estimates without the truth, and the truth of a simulation."""

import lazy_loader

from credit_ml.core.renamed import old_names

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = old_names(
    __name__,
    {
        "Attributed": "Attributions",
        "Comparison": "DecompositionComparison",
        "in_others": "credit_ml.inference.other_societies",
        "met_anew": "credit_ml.inference.resample_societies",
    },
    _load,
)
