"""People who know the whole model and choose from a menu, as a response to any rater."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from credit_ml.core import Dataset, MenuError
from credit_ml.disclosure.actions import Bundle, Change, Menu, check_columns
from credit_ml.disclosure.answers.aftermath import Aftermath
from credit_ml.disclosure.answers.line import known_chances
from credit_ml.disclosure.regimes import Full, Regime, Told
from credit_ml.disclosure.response import Aim, best_response, bundles_of, options
from credit_ml.scoring import score_function

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class MenuResponse:
    """Best responses from a menu of actions, under one regime of disclosure."""

    menu: Menu
    privileges: tuple[Aim, ...] | None = None
    """What the score is worth; a rater's agency gives its own when None."""
    regime: Regime | None = None
    """What people are told; the whole model when None."""
    bundle: int = 2
    margin: float = 0.0

    def __call__(self, rater: Any, dataset: Dataset) -> Aftermath:
        """Let everybody choose the bundle that they believe to pay most."""
        score = score_function(rater)
        aims = self._aims(rater)
        check_columns(self.menu, dataset.X)
        bundles = bundles_of(self.menu.visible(list(dataset.X.columns)), most=self.bundle)
        yearly = np.full(len(dataset), 36.0)
        if "income" in dataset.context.columns:
            yearly = 12 * dataset.context["income"].to_numpy(dtype=np.float64)
        open_to = options(score, dataset.X, bundles, yearly)
        told = Told(X=dataset.X, scores=open_to.scores[0], factors=dataset.factors)
        chosen = best_response(self.regime or Full(), told, open_to, aims, margin=self.margin)
        cosmetic = np.array([any(each.kind != "improving" for each in bundle.actions)
                             for bundle in bundles])  # fmt: skip
        return Aftermath(
            X=_moved(dataset.X, bundles, chosen),
            probability=_improved(known_chances(dataset), bundles, chosen),
            acted=chosen > 0,
            cosmetic=cosmetic[chosen],
            spending=open_to.costs[chosen, np.arange(len(dataset))],
        )

    def _aims(self, rater: Any) -> tuple[Aim, ...]:
        if self.privileges is not None:
            return self.privileges
        given = getattr(getattr(rater, "agency", None), "privileges", ())
        if not given:
            raise MenuError("privileges", "are missing", "give what is granted from which score on")
        return tuple(
            Aim(id=each.id, name=each.name, threshold=each.threshold, value=each.value)
            for each in given
        )


def respond_fully(
    menu: Menu,
    *,
    privileges: Sequence[Aim] | None = None,
    bundle: int = 2,
    margin: float = 0.0,
) -> MenuResponse:
    """People told the whole model, who take the bundle of actions that truly pays most.

    Cost of one response: one model call on all people a bundle.

    Parameters
    ----------
    menu : Menu
        What people can do.
    privileges : sequence of Aim, optional
        What is granted from which score on, and its worth; an agency's own by default.
    bundle : int
        Actions done together at most.
    margin : float
        Points that people want above a threshold before they count on it.
    """
    aims = None if privileges is None else tuple(privileges)
    return MenuResponse(menu=menu, privileges=aims, bundle=bundle, margin=margin)


def _moved(X: pd.DataFrame, bundles: Sequence[Bundle], chosen: NDArray[np.intp]) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for number in np.unique(chosen[chosen > 0]):
        who = np.flatnonzero(chosen == number)
        after = bundles[number].apply(X.iloc[who])
        for name in {each.column for each in _changes(bundles[number])}:
            if name in X.columns:
                moved = columns.setdefault(name, X[name].copy())
                moved.iloc[who] = after[name].to_numpy()
    return X.assign(**columns) if columns else X


def _changes(bundle: Bundle) -> list[Change]:
    return [change for action in bundle.actions for change in action.changes]


def _improved(
    probability: Array | None, bundles: Sequence[Bundle], chosen: NDArray[np.intp]
) -> Array | None:
    if probability is None:
        return None
    effect = np.array([bundle.outcome_effect for bundle in bundles])[chosen]
    after: Array = np.where(effect == 0, probability, expit(logit(probability) + effect))
    return after
