"""What a rater may do about people who respond, one module each: ``train`` is found by its folder.

To add a strategy, put a module here with a function ``train(rater, dataset, respond, *,
retraining)`` that returns the rater that goes into force; it sees only `dataset`, the people
trained on, and is measured on others (`choose_disclosure`).
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

from credit_ml.core import Dataset
from credit_ml.response.aftermath import Respond
from credit_ml.strategic.performative.retraining import Retraining


class Strategy(Protocol):
    """How a rater meets people who respond: from the rater as it is to the one in force.

    Examples
    --------
    >>> def stay(rater, dataset, respond, *, retraining):
    ...     return rater
    >>> strategy: Strategy = stay
    """

    def __call__(
        self, rater: Any, dataset: Dataset, respond: Respond, *, retraining: Retraining
    ) -> Any:
        """Return the rater that goes into force."""
        ...


def rater_strategies() -> dict[str, Strategy]:
    """Every strategy by the name of its module.

    Examples
    --------
    >>> list(rater_strategies())
    ['naive', 'refitted', 'robust']
    """
    names = sorted(each.name for each in iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").train for name in names}
