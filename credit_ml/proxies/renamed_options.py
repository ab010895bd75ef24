"""Options that have other names now, and are still taken for one version."""

from functools import partial
from typing import Any

from credit_ml.core.renamed import translated, warn_renamed

_OVER = {None: "auto", True: "clusters", False: "people"}


def _over(name: str, arguments: Any, options: Any) -> Any:
    if "clustered" in options:
        warn_renamed(f"{name}(clustered=)", "over=")
        options["over"] = _OVER[options.pop("clustered")]
    return arguments, options


#: Lets a function be called with ``clustered=True`` for ``over="clusters"``.
clustered_as_over = partial(translated, translate=_over)
