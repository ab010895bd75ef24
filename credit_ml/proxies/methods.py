"""Names, titles and kinds of the estimators that `decompose` knows."""

from collections.abc import Iterable
from typing import get_args

from credit_ml.core import InputError, refuse_unknown
from credit_ml.proxies.decompose import Method
from credit_ml.proxies.finding import METHODS


def check_methods(names: Iterable[str]) -> None:
    """Raise InputError unless every name is a method of `decompose`."""
    for name in names:
        if name not in get_args(Method):
            refuse_unknown(InputError, "estimators", name, get_args(Method))


def method_titles(names: Iterable[str]) -> dict[str, str]:
    """What figures call each estimator."""
    return {name: METHODS.get(name, name.replace("_", " ")) for name in names}


def method_kinds(names: Iterable[str]) -> dict[str, str]:
    """Whether each estimator is an attribution or an intervention."""
    return dict.fromkeys(names, "attribution")
