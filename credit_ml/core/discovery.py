"""What the modules of a folder declare, and what help says of a function."""

import inspect
import re
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

#: Where packages say which instruments they bring: an `Instrument`, or a module that holds some.
ENTRY_POINTS = "credit_ml.instruments"


class _Written(str):
    """An annotation as it is read, which `inspect` shows by its repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


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


def readable_help(find: Callable[[str], Any]) -> Callable[[str], Any]:
    """Let what a package's ``__getattr__`` finds open its help with a signature that people read.

    Types stand by their own names, ``str | Regime | None``, and not by the modules that they are
    defined in; the annotations themselves stay as they are.

    Examples
    --------
    >>> from credit_ml.core import Dataset
    >>> def audit(dataset: Dataset, *, seed: int = 0) -> Dataset: ...
    >>> inspect.signature(readable_help({"audit": audit}.get)("audit"))
    <Signature (dataset: Dataset, *, seed: int = 0) -> Dataset>
    """

    def found(name: str) -> Any:
        thing = find(name)
        if inspect.isfunction(thing) and "__signature__" not in vars(thing):
            signature = inspect.signature(thing)
            given = [
                each.replace(annotation=_written(each.annotation))
                for each in signature.parameters.values()
            ]
            returned = _written(signature.return_annotation)
            thing.__signature__ = signature.replace(  # type: ignore[attr-defined]
                parameters=given, return_annotation=returned
            )
        return thing

    return found


def _written(annotation: Any) -> Any:
    if annotation is inspect.Parameter.empty:
        return annotation
    text = inspect.formatannotation(annotation).strip("'")
    return _Written(re.sub(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])", "", text))
