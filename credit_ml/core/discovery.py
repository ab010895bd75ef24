"""What the modules of a folder declare, so that adding one needs no list of them."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def declared_in(package: str, name: str) -> list[Any]:
    """Return what every module of a package calls `name`, in the order of the modules' names.

    Modules that declare nothing of that name are passed over.

    Examples
    --------
    >>> [kind.id for kind in declared_in("credit_ml.response.kinds", "KIND")][:2]
    ['bought', 'cosmetic']
    """
    folder = import_module(package).__path__
    modules = [import_module(f"{package}.{each.name}") for each in iter_modules(folder)]
    return [getattr(module, name) for module in modules if hasattr(module, name)]
