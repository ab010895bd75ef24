"""One self-contained page that says in words, figures and tables what a study found."""

import lazy_loader

from credit_ml.core.renamed import old_names

_RESULTS = {name: f"credit_ml.core.{name}" for name in ("RaterResults", "StudyResults")}
_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = old_names(__name__, _RESULTS, _load)
