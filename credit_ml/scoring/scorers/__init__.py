"""Scorers: one module of this folder a way to learn a score, and nothing else to tell."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from credit_ml.scoring.classifier import LogOddsClassifier


@cache
def scorers() -> dict[str, type[LogOddsClassifier]]:
    """Every kind of scorer and its class, in the order of the folder's modules.

    A class belongs to it by stating its `kind`; a new scorer is a new module there.

    Examples
    --------
    >>> scorers()["tree"].__name__
    'SmallTree'
    """
    found = {}
    for entry in iter_modules(__path__):
        module = import_module(f"{__name__}.{entry.name}")
        for each in vars(module).values():
            own = isinstance(each, type) and each.__module__ == module.__name__
            if own and issubclass(each, LogOddsClassifier) and each.kind:
                found[each.kind] = each
    return found
