"""People who respond to whatever rater is in force: what repeated refitting asks of a regime."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from credit_ml.core import Dataset
from credit_ml.disclosure.case import DisclosureCase, case_of
from credit_ml.disclosure.disclose import act
from credit_ml.disclosure.regime import Regime
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.response.aftermath import Aftermath
from credit_ml.response.menu import Menu
from credit_ml.response.options import ResponseOptions, takes_response
from credit_ml.society import Society


@takes_response
@dataclass(kw_only=True)
class Responding:
    """A regime of disclosure as a response to raters (`repeated_refitting` takes one).

    Called with a rater and a table, it lets everybody in the table act once, from their records
    as they are there.

    Parameters
    ----------
    regime : str or Regime
        What is told of the rater in force.
    delay : int
        Rounds by which what is disclosed lags behind: with 1, people are told of the rater of the
        call before, and of the present one at the first call. A delay needs one object a run.
    response, society, seed
        As in `disclose`.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=500, seed=3).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> after = Responding(regime="full")(rater, rater.agency.view(society))
    >>> bool(after.acted.any())
    True
    """

    regime: str | Regime
    delay: int = 0
    response: ResponseOptions = field(default_factory=ResponseOptions)
    society: Society | None = None
    seed: int = 0
    _earlier: list[Any] = field(default_factory=list, repr=False)

    def __call__(self, rater: Any, dataset: Dataset) -> Aftermath:
        """Return everybody of the table after responding to the rater."""
        (regime,) = checked_regimes([self.regime])
        now = self._case(rater, dataset)
        self._earlier.append(rater)
        lagging = self._earlier[max(0, len(self._earlier) - 1 - self.delay)]
        believed = now if lagging is rater else self._case(lagging, dataset)
        found = act(now, regime.belief(believed.problem), disclosed=believed)
        return Aftermath(
            X=found.X,
            probability=None if now.chances is None else found.kept,
            acted=found.acted,
            cosmetic=found.actions > found.improving,
            spending=np.asarray(found.spending, dtype=np.float64),
        )

    def _case(self, rater: Any, dataset: Dataset) -> DisclosureCase:
        return case_of(rater, dataset, self.response, society=self.society, seed=self.seed)


def respond_fully(menu: Menu, **options: Any) -> Responding:
    """Return people who are told the whole model; see `Responding`.

    Parameters
    ----------
    menu : Menu
    **options
        Of `ResponseOptions`, such as ``bundle=1``.

    Examples
    --------
    >>> from credit_ml.response import default_menu
    >>> respond_fully(default_menu(), bundle=1).regime
    'full'
    """
    return Responding(regime="full", response=ResponseOptions(menu=menu, **options))
