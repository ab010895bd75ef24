"""Options that have other names now, and are still taken for one version."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from credit_ml.core.renamed import warn_renamed

_Function = TypeVar("_Function", bound=Callable[..., Any])
_OVER = {None: "auto", True: "clusters", False: "people"}


def clustered_as_over(function: _Function) -> _Function:
    """Let a function be called with ``clustered=True`` for ``over="clusters"``.

    Examples
    --------
    >>> import warnings
    >>> @clustered_as_over
    ... def gap(*, over="auto"):
    ...     return over
    >>> with warnings.catch_warnings(action="ignore"):
    ...     gap(clustered=False)
    'people'
    """

    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        if "clustered" in options:
            warn_renamed(f"{function.__name__}(clustered=)", "over=")
            options["over"] = _OVER[options.pop("clustered")]
        return function(*arguments, **options)

    return cast(_Function, call)
