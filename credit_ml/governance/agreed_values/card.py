"""A card with given weights over the factors, on an agency's scale."""

from copy import copy
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from credit_ml.agencies import Rater
from credit_ml.core import Array, Dataset, InputError
from credit_ml.governance.agreed_values.citizens import checked_weights
from credit_ml.scoring import Scorecard, additive_terms


@dataclass(frozen=True, kw_only=True, eq=False)
class FactorCard:
    """Everybody's points on each factor, from which a card with any weights is made.

    ``log-odds = centre + spread * standardised(Z @ weights)``: Z are a fitted card's sums of terms
    by factor, each with mean 0 and SD 1 over these people; centre and spread are those of the
    fitted card, so that every card has its scale, and as many points lie between people.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=500, seed=1).simulate()
    >>> rater = load_agency("sesame").with_scorer("scorecard").fit(society)
    >>> dataset = rater.agency.view(society)
    >>> card = FactorCard.of(rater, dataset)
    >>> bool(np.allclose(card.points(card.own_weights), rater.score(dataset.X)))
    True
    """

    rater: Rater
    """Whose scale it is."""
    factors: tuple[str, ...]
    standing: Array
    """SD that each person stands above everybody on each factor; shape (people, factors)."""
    deviations: Array
    """SD of the fitted card's terms by factor, log-odds."""
    log_odds: Array
    """What the fitted card gives everybody."""

    @classmethod
    def of(cls, rater: Rater, dataset: Dataset) -> Self:
        """Read a fitted card factor by factor.

        Raises
        ------
        InputError
            When it has one factor, or nobody differs on one.
        ModelError
            When the rater's log-odds are no sum of columns.
        """
        place = f"card of {rater.name}"
        factors = tuple(rater.factors)
        remedy = "give a card of an agency that sees several"
        InputError.unless(len(factors) > 1, place, f"has {len(factors)} factor", remedy)
        terms = additive_terms(rater, dataset.X, "log_odds")
        sums = [terms[list(rater.factors[name])].to_numpy().sum(axis=1) for name in factors]
        together = np.column_stack(sums)
        deviations = together.std(axis=0)
        for name, deviation in zip(factors, deviations, strict=True):
            problem = f"tells nobody apart by '{name}'"
            InputError.unless(deviation > 1e-9, place, problem, "give another card, or more people")
        return cls(
            rater=rater,
            factors=factors,
            standing=(together - together.mean(axis=0)) / deviations,
            deviations=deviations,
            log_odds=rater.log_odds(dataset.X),
        )

    @property
    def own_weights(self) -> Array:
        """Weights of the fitted card itself; shape (factors,)."""
        return np.asarray(self.deviations / self.deviations.sum())

    @property
    def equal_weights(self) -> Array:
        """The same weight of every factor."""
        return np.full(len(self.factors), 1.0 / len(self.factors))

    def raw(self, weights: Array) -> Array:
        """Weighted sums of standings; shape (people,) or, of several weights, (people, several)."""
        return np.asarray(self.standing @ np.asarray(weights).T)

    def points(self, weights: Array) -> Array:
        """Points of everybody on the rater's scale, by a card with these weights."""
        raw = self.raw(weights)
        spread = self.log_odds.std() / raw.std()
        shown = self.log_odds.mean() + spread * (raw - raw.mean())
        return np.asarray(self.rater.scale.points(shown))

    def reweighed(self, weights: Array, dataset: Dataset) -> Rater:
        """Return the rater with these weights in its card: `points`, for anybody.

        Every term of a factor's columns is multiplied by one number, so that it stays a card.

        Parameters
        ----------
        weights : ndarray of shape (factors,)
        dataset : Dataset
            The people of whom the card was read.

        Raises
        ------
        InputError
            When the rater is no fitted scorecard, weights are not one a factor, below 0 or do not
            sum to 1, these are other people, or nobody differs by these weights.
        """
        card = self.rater.scorer
        remedy = "give a rater of the scorer 'scorecard'"
        if not isinstance(card, Scorecard):
            raise InputError(f"card of {self.rater.name}", "is no scorecard", remedy)
        weights, factors = np.asarray(weights, dtype=np.float64), len(self.factors)
        problem = f"have shape {weights.shape}"
        remedy = f"give one a factor, in the order of {', '.join(self.factors)}"
        InputError.unless(weights.shape == (factors,), "weights", problem, remedy)
        checked_weights(weights[None, :])
        problem = f"has {len(dataset)} people, the card {len(self.standing)}"
        remedy = "give the people of whom the card was read"
        InputError.unless(len(dataset) == len(self.standing), "dataset", problem, remedy)
        raw = self.raw(weights)
        InputError.unless(raw.std() > 0, "weights", "put nobody above anybody", "give others")
        spread = self.log_odds.std() / raw.std()
        times = spread * weights / self.deviations
        terms = additive_terms(self.rater, dataset.X, "log_odds")
        by_column: dict[str, float] = {}
        start = float(self.log_odds.mean())
        for name, factor in zip(self.factors, times, strict=True):
            columns = list(self.rater.factors[name])
            by_column |= dict.fromkeys(columns, float(factor))
            start -= float(factor) * float(terms[columns].to_numpy().sum(axis=1).mean())
        made, each = copy(card), [by_column[str(name)] for name in card.feature_names_in_]
        made.terms_ = tuple(by * own for by, own in zip(each, card.terms_, strict=True))
        made.coef_, made.intercept_ = card.coef_ * each, start
        return replace(self.rater, scorer=made).with_ranks_of(dataset.X)

    def weights_of(self, scores: pd.Series | Array) -> tuple[Array, float]:
        """Weights that explain any score best, and the share of its variance that they explain.

        Least squares with weights of at least 0 on the standings.

        Raises
        ------
        InputError
            When the score goes with no factor.
        """
        given = np.asarray(scores, dtype=np.float64)
        deviation = given.std()
        problem, remedy = "gives everybody the same points", "give another rater"
        InputError.unless(deviation > 0, "state", problem, remedy)
        standard = (given - given.mean()) / deviation
        slopes, rest = nnls(self.standing, standard)
        InputError.unless(slopes.sum() > 0, "state", "goes with no factor of the card", remedy)
        return slopes / slopes.sum(), float(1.0 - rest**2 / len(given))
