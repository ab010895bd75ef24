"""A fitted agency: records in, points and decisions out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from credit_ml.agencies.scorer_parts import ScorerKind
from credit_ml.agencies.specification import AgencySpecification
from credit_ml.agencies.view import learns_from, view
from credit_ml.core import AgencyError, Array, ModelError, Streams, TableError, known_names
from credit_ml.scoring import LogOddsClassifier, PointsToDoubleOdds, RuleScorer, Scale
from credit_ml.society import Society

if TYPE_CHECKING:
    from credit_ml.agencies.agency import Agency


@dataclass(frozen=True, kw_only=True, eq=False)
class Rater:
    """An agency with a fitted scorer inside; `agency.fit(society)` makes one.

    ``points = scale(log-odds(records))``; a decision is in favour when the points reach a
    privilege's threshold. It takes any table that holds the columns it was trained on, and
    reads no other.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=300, seed=1).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> rater.name, len(rater.score(society.records))
    ('council (rules)', 300)
    >>> rater
    Rater(council (rules); 9 columns in 2 factors)
    """

    agency: "Agency"
    """Its description."""
    scorer: LogOddsClassifier
    """Fitted scikit-learn classifier."""
    factors: Mapping[str, tuple[str, ...]]
    """Columns that it reads, by factor."""
    population: Array = field(repr=False)
    """Rising points of everybody it was fitted on, when it publishes ranks; else empty."""

    def __repr__(self) -> str:
        return f"Rater({self.name}; {len(self.columns)} columns in {len(self.factors)} factors)"

    @property
    def kind(self) -> ScorerKind:
        """Kind of scorer inside."""
        return self.agency.scorer.kind

    @property
    def name(self) -> str:
        """Display name, such as ``sesame (opaque)``."""
        return f"{self.agency.id} ({self.kind})"

    @cached_property
    def scale(self) -> Scale:
        """Scale on which it shows log-odds."""
        return self.agency.scale.make()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it reads, in the order of the scorer."""
        return tuple(str(name) for name in self.scorer.feature_names_in_)

    @property
    def classes_(self) -> NDArray[Any]:
        """Outcomes: 0, and 1 for an obligation kept."""
        return self.scorer.classes_

    def score(self, X: pd.DataFrame) -> pd.Series:
        """Points of each person on the agency's scale, as float64 with the rows of X.

        Raises
        ------
        TableError
            When X lacks a column that the rater reads.
        """
        seen = self._seen(X)
        if isinstance(self.scorer, RuleScorer):
            points = self.scorer.points(seen)
        else:
            points = self.scale.points(self.scorer.decision_function(seen))
        return pd.Series(points, index=X.index, name="points")

    def points_and_chances(self, X: pd.DataFrame) -> tuple[pd.Series, Array]:
        """`score`, and the second column of `predict_proba`, for the price of one of them."""
        if isinstance(self.scorer, RuleScorer):
            return self.score(X), self.predict_proba(X)[:, 1]
        odds = self.log_odds(X)
        return pd.Series(self.scale.points(odds), index=X.index, name="points"), expit(odds)

    def log_odds(self, X: pd.DataFrame) -> Array:
        """Log-odds of keeping an obligation, as the rater believes; shape (people,)."""
        return self.scorer.decision_function(self._seen(X))

    def predict_proba(self, X: pd.DataFrame) -> Array:
        """Probabilities of breaking and of keeping an obligation; shape (people, 2)."""
        return self.scorer.predict_proba(self._seen(X))

    def predict(self, X: pd.DataFrame) -> NDArray[Any]:
        """The likelier outcome of each person, 1 when an obligation is kept."""
        return self.scorer.predict(self._seen(X))

    def decide(self, X: pd.DataFrame, privilege: str) -> pd.Series:
        """Whether each person is granted a privilege: points at or above its threshold.

        Raises
        ------
        AgencyError
            When the agency grants no privilege of that id.
        """
        granted = self.agency.privilege(privilege)
        return (self.score(X) >= granted.threshold).rename(granted.id)

    def punish(self, X: pd.DataFrame, penalty: str) -> pd.Series:
        """Whether a penalty falls on each person: points below its line.

        Raises
        ------
        AgencyError
            When the agency imposes no penalty of that id.
        """
        imposed = self.agency.penalty(penalty)
        return (self.score(X) < imposed.below).rename(imposed.id)

    def rank(self, X: pd.DataFrame) -> pd.Series:
        """Share of the population whom it was fitted on with no more points; 1 is the top.

        Raises
        ------
        AgencyError
            When the agency publishes no ranks.
        """
        if not self.agency.ranked:
            raise AgencyError(self.name, "publishes no ranks", "set ranked = true in its file")
        places = np.searchsorted(self.population, self.score(X).to_numpy(), side="right")
        return pd.Series(places / len(self.population), index=X.index, name="rank")

    def with_ranks_of(self, X: pd.DataFrame) -> Self:
        """Return the same, publishing the ranks of some people if its agency publishes any."""
        points = np.sort(self.score(X).to_numpy()) if self.agency.ranked else np.empty(0)
        return replace(self, population=points)

    def _seen(self, X: pd.DataFrame) -> pd.DataFrame:
        if not isinstance(X, pd.DataFrame):
            raise ModelError(self.name, f"cannot score a {type(X).__name__}", "give a DataFrame")
        known = [str(column) for column in X.columns]
        for column in self.columns:
            if column not in known:
                problem = f"column '{column}' is absent"
                raise TableError(f"table for {self.name}", problem, known_names(column, known))
        return X[list(self.columns)]


def fit_rater(agency: "Agency", society: Society, *, seed: int) -> Rater:
    """Train an agency's scorer on its view and on the outcomes of the period before."""
    dataset = view(agency, society)
    learns = learns_from(dataset)
    kept = society.outcome["kept_before"]
    scorer = _unfitted(agency, seed).fit(dataset.X[learns], kept[learns])
    rater = Rater(agency=agency, scorer=scorer, factors=dataset.factors, population=np.empty(0))
    return rater.with_ranks_of(dataset.X)


def _unfitted(agency: AgencySpecification, seed: int) -> Any:
    if agency.scorer.kind == "rules":
        scale = agency.scale.make()
        return RuleScorer(
            [rule.make() for rule in agency.rules],
            start=agency.scorer.model_dump()["start"],
            odds=scale if isinstance(scale, PointsToDoubleOdds) else None,
        )
    return agency.scorer.make(seed=Streams(seed).seed_for(f"agency {agency.id}"))
