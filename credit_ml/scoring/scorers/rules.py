"""Published rules: points for what one does, added up in the open."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from credit_ml.core import ModelError, TableError, known_names
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.encoder import FeatureEncoder
from credit_ml.scoring.parameters import Number, Settings
from credit_ml.scoring.scales import PointsToDoubleOdds
from credit_ml.scoring.target import checked_sample_weight, checked_target


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One published rule; 0 points when the record is missing.

    ``clip(points_per_unit * value, -most, most)`` for a number, ``by_value[value]`` for a
    category (0 for a value that the rule does not name).

    Raises
    ------
    ModelError
        When the rule gives both kinds of points, or neither, or `most` is not above 0.

    Examples
    --------
    >>> Rule(column="late", points_per_unit=-2, most=5).points(pd.Series([1, 4, None])).tolist()
    [-2.0, -5.0, 0.0]
    """

    column: str
    """Record that the rule reads."""
    points_per_unit: float | None = None
    """Points for each unit of a number."""
    most: float = np.inf
    """Most points that the rule can give or take."""
    by_value: Mapping[str, float] | None = None
    """Points for each value of a category."""

    def __post_init__(self) -> None:
        place = f"rule on '{self.column}'"
        one_kind = (self.points_per_unit is None) != (self.by_value is None)
        remedy = "give points_per_unit or by_value"
        ModelError.unless(one_kind, place, "has not one kind of points", remedy)
        ModelError.unless(self.most > 0, place, f"has most = {self.most}", "give a number above 0")

    def points(self, values: pd.Series) -> NDArray[np.float64]:
        """Points of each person, shape (people,)."""
        if self.by_value is not None:
            given = values.map(dict(self.by_value)).to_numpy(dtype="float64", na_value=np.nan)
        else:
            try:
                numbers = values.to_numpy(dtype="float64", na_value=np.nan)
            except (TypeError, ValueError) as error:
                remedy = "give a rule by_value"
                raise TableError(f"X, column '{self.column}'", "is not a number", remedy) from error
            given = np.clip(float(self.points_per_unit or 0.0) * numbers, -self.most, self.most)
        return np.asarray(np.nan_to_num(given, nan=0.0), dtype="float64")


@dataclass(eq=False, repr=False)
class RuleScorer(LogOddsClassifier):
    """Published rules that add to and take from the same start; nothing is learned.

    ``points = start + sum of rules``. Points are read as log-odds through `odds`, an affine
    scale, so that the scorer is a classifier like any other; those probabilities are the
    council's convention and not an estimate.

    Parameters
    ----------
    rules : sequence of Rule
        At least one.
    start : float, default 100.0
        Points of a person to whom no rule applies.
    odds : PointsToDoubleOdds, optional
        How points read as odds; by default `start` shows odds of 1 and 20 points double them.

    Examples
    --------
    >>> scorer = RuleScorer([Rule(column="late", points_per_unit=-2)])
    >>> people = pd.DataFrame({"late": [0, 3]})
    >>> scorer.fit(people).points(people).tolist()
    [100.0, 94.0]
    """

    kind = "rules"
    settings: ClassVar[Settings] = {"start": (Number, "points")}

    rules: Sequence[Rule]
    _: KW_ONLY
    start: float = 100.0
    odds: PointsToDoubleOdds | None = None

    def fit(
        self,
        X: pd.DataFrame | ArrayLike,
        y: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Check that every rule finds its record; of `y` only the names of the outcomes are kept.

        Nothing is learned of people, whatever their weights.

        Raises
        ------
        ModelError
            When there is no rule, or `y` is given and has not two outcomes.
        TableError
            When a rule reads a column that is absent.
        """
        ModelError.unless(self.rules, "RuleScorer", "has no rules", "give at least one")
        X = _unnamed_as_array(X)
        encoder = FeatureEncoder().fit(X)
        self._check_columns([str(name) for name in encoder.columns_])
        self.classes_ = np.array([0, 1])
        if y is not None:
            people = len(encoder.transform(X))
            self.classes_ = checked_target(y, people=people)[0]
            checked_sample_weight(sample_weight, people=people)
        self.odds_ = self.odds or PointsToDoubleOdds(
            base_points=self.start, base_odds=1.0, points_to_double=20.0
        )
        return self._remember(encoder)

    def points(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Points of each person: the start and what every rule gives, shape (people,)."""
        records = self._records(X)
        total = np.full(len(records), float(self.start))
        for rule in self.rules:
            total += rule.points(records[rule.column])
        return total

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds as which the points read, shape (people,)."""
        check_is_fitted(self)
        return self.odds_.log_odds(self.points(X))

    def point_terms(self, X: pd.DataFrame | ArrayLike) -> pd.DataFrame:
        """Points that each column of X adds for each person; 0 where no rule reads it."""
        records = self._records(X)
        terms = {str(column): np.zeros(len(records)) for column in records.columns}
        for rule in self.rules:
            terms[rule.column] += rule.points(records[rule.column])
        return pd.DataFrame(terms, index=records.index)

    def additive_terms(self, X: pd.DataFrame | ArrayLike) -> pd.DataFrame:
        """Log-odds that each column of X adds for each person."""
        return self.point_terms(X) / self.odds_.slope

    @property
    def intercept_(self) -> float:
        """Log-odds of a person to whom no rule applies."""
        return float(self.odds_.log_odds(self.start))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        # Nothing is learned, so nothing is promised about how well it predicts.
        tags.classifier_tags.poor_score = True
        tags.target_tags.required = False
        return tags

    def _records(self, X: pd.DataFrame | ArrayLike) -> pd.DataFrame:
        check_is_fitted(self)
        X = _unnamed_as_array(X)
        if isinstance(X, pd.DataFrame):
            self._check_columns([str(name) for name in X.columns])
            self.encoder_.arrays(X)  # refuses what cannot be read
            return X
        return self.encoder_.transform(X)

    def _check_columns(self, known: list[str]) -> None:
        for rule in self.rules:
            if rule.column not in known:
                problem = f"column '{rule.column}', which a rule reads, is absent"
                raise TableError("X", problem, known_names(rule.column, known))


def _unnamed_as_array(X: pd.DataFrame | ArrayLike) -> pd.DataFrame | ArrayLike:
    """Take a frame whose columns have numbers for names as an array, as scikit-learn does."""
    if isinstance(X, pd.DataFrame) and not any(isinstance(name, str) for name in X.columns):
        return np.asarray(X)
    return X
