"""Every estimator by its id: the subclasses of `Estimator` in the modules of this folder."""

from dataclasses import fields, replace
from importlib import import_module
from inspect import isabstract
from pkgutil import iter_modules
from typing import Any

import pandas as pd

from credit_ml.core import InputError, known_names, need_known
from credit_ml.proxies.decomposition.estimators.estimator import Estimator

#: What `estimators_frame` says of each.
_SAID = ("id", "title", "kind", "estimand", "assumes", "fails", "needs", "cost", "citations")


def _in_this_folder() -> tuple[Estimator, ...]:
    package = import_module(__name__.rpartition(".")[0])
    names = [f"{package.__name__}.{each.name}" for each in iter_modules(package.__path__)]
    found: dict[str, Estimator] = {}
    for name in names:
        for made in vars(import_module(name)).values() if name != __name__ else ():
            own = isinstance(made, type) and made.__module__ == name
            if own and issubclass(made, Estimator) and not isabstract(made):
                found[made.id] = made()
    return tuple(sorted(found.values(), key=lambda each: (each.kind, each.id)))


#: With their default options; `estimator` gives others.
ESTIMATORS: tuple[Estimator, ...] = _in_this_folder()


def estimator(id: str, **options: Any) -> Estimator:  # noqa: A002
    """Return an estimator by its id, with options of its own.

    Parameters
    ----------
    id : str
        One of `estimators_frame`.
    **options
        Such as ``stratum="income"`` of "within_stratum", or ``threshold=650`` of
        "selection_rate_shapley".

    Raises
    ------
    InputError
        When the id or an option is unknown.

    Examples
    --------
    >>> estimator("within_stratum", stratum="income", bins=4).bins
    4
    """
    known = {each.id: each for each in ESTIMATORS}
    need_known(InputError, "method", id, known)
    names, place = [each.name for each in fields(known[id])], f"method '{id}'"
    for option in options:
        problem, remedy = f"has no option '{option}'", known_names(option, names)
        InputError.unless(option in names, place, problem, remedy)
    return replace(known[id], **options)


def estimators_frame() -> pd.DataFrame:
    """List every estimator: id, title, kind, estimand, assumptions, failures, needs, cost.

    Examples
    --------
    >>> estimators_frame().set_index("id")["kind"].value_counts().index.tolist()
    ['attribution', 'intervention']
    """
    frame = pd.DataFrame([{name: getattr(each, name) for name in _SAID} for each in ESTIMATORS])
    return frame.assign(
        needs=frame["needs"].str.join(", "), citations=frame["citations"].str.join(" ")
    )
