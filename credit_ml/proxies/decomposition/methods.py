"""Names, titles and kinds of the estimators that `decompose` knows."""

from collections.abc import Iterable, Mapping
from typing import Any

from credit_ml.proxies.decomposition.estimators import estimator


def check_methods(
    names: Iterable[str], options: Mapping[str, Mapping[str, Any]] | None = None
) -> None:
    """Raise InputError unless every name is a method of `decompose` that takes its options."""
    for name in names:
        estimator(name, **(options or {}).get(name, {}))


def method_titles(names: Iterable[str]) -> dict[str, str]:
    """What figures call each estimator."""
    return {name: estimator(name).title for name in names}


def method_kinds(names: Iterable[str]) -> dict[str, str]:
    """Whether each estimator is an attribution or an intervention."""
    return {name: estimator(name).kind for name in names}
