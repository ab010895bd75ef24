"""fairlearn's reductions and group thresholds, on the case's people and at the case's threshold."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from credit_ml.core import Streams
from credit_ml.core.renamed import renamed_keywords
from credit_ml.proxies.interventions.held_out import HeldOutCase, Judged
from credit_ml.proxies.interventions.kinds import Intervention
from credit_ml.scoring import LogisticScorer, cross_fit, score_function

Array = NDArray[np.float64]
Constraint = Literal["demographic_parity", "equalized_odds"]

SHOWN = {"demographic_parity": "equal rates", "equalized_odds": "equal odds"}


@renamed_keywords(rounds="max_iter")
@dataclass(frozen=True, kw_only=True)
class Reduce(Intervention):
    """Learn a lottery over weighted sums that keeps a constraint, by exponentiated gradient.

    Wrong decisions cost what they cost at the case's threshold, so that it favours about as many.
    The base is a logistic regression, whatever scorer the case has.

    Examples
    --------
    >>> Reduce(constraint="equalized_odds").title
    'equal odds by reduction'
    """

    source: ClassVar[str] = (
        "Agarwal, A., Beygelzimer, A., Dudik, M., Langford, J. and Wallach, H. (2018). A "
        "reductions approach to fair classification. ICML."
    )
    constraint: Constraint = "demographic_parity"
    slack: float = 0.01
    """Largest violation that is sought among those who train."""
    max_iter: int = 15
    """Rounds of the gradient."""
    people: int = 10_000
    """Of those who train, a random sample at most."""

    @property
    def id(self) -> str:
        """Name in tables."""
        return f"reduce_{self.constraint}"

    @property
    def title(self) -> str:
        """Name in figures."""
        return f"{SHOWN[self.constraint]} by reduction"

    def judge(self, case: HeldOutCase) -> Judged:
        """Learn the lottery and its chances."""
        from fairlearn.reductions import (
            DemographicParity,
            EqualizedOdds,
            ErrorRate,
            ExponentiatedGradient,
        )

        kind = DemographicParity if self.constraint == "demographic_parity" else EqualizedOdds
        threshold = case.probability_at_threshold
        rows = self._sample(case)
        X = case.dataset.X
        # Only its encoding is used: numbers standardised, a column a category and a gap.
        plain = LogisticScorer().fit(X.iloc[rows], case.learned[rows])

        def matrix(table: pd.DataFrame) -> Array:
            return plain.design_.matrix(plain.encoder_.transform(table))

        learner = ExponentiatedGradient(
            LogisticRegression(max_iter=200),
            kind(difference_bound=self.slack),
            objective=ErrorRate(costs={"fp": threshold, "fn": 1 - threshold}),
            max_iter=self.max_iter,
            eps=self.slack,
        )
        with pandas_4_quiet(), threadpool_limits(limits=1, user_api="blas"):
            groups = case.dataset.groups(case.sensitive).iloc[rows].astype(str)
            learner.fit(matrix(X.iloc[rows]), case.learned[rows], sensitive_features=groups)
            held_out = matrix(X.iloc[case.test])
            chances = np.zeros(len(held_out))
            for number, weight in learner.weights_.items():
                if weight > 0:
                    chances += weight * np.asarray(learner.predictors_[number].predict(held_out))
        return Judged(chances=np.clip(chances, 0.0, 1.0))

    def _sample(self, case: HeldOutCase) -> NDArray[np.intp]:
        if len(case.train) <= self.people:
            return case.train
        generator = Streams(case.seed).generator("proxies.reduce")
        return np.sort(generator.choice(case.train, self.people, replace=False))


@dataclass(frozen=True, kw_only=True)
class GroupThresholds(Intervention):
    """Leave the score alone and give every group its own threshold, drawn by lot between two.

    It treats equal scores of two groups unequally, which many laws forbid. The thresholds are found
    on scores of people whom the scorer did not see (folds). fairlearn chooses how many are
    favoured, by accuracy or balanced accuracy, whichever has its best threshold nearer to the
    case's.

    Examples
    --------
    >>> GroupThresholds().id
    'thresholds_demographic_parity'
    """

    source: ClassVar[str] = (
        "Hardt, M., Price, E. and Srebro, N. (2016). Equality of opportunity in supervised "
        "learning. NeurIPS."
    )
    constraint: Constraint = "demographic_parity"
    folds: int = 3

    @property
    def id(self) -> str:
        """Name in tables."""
        return f"thresholds_{self.constraint}"

    @property
    def title(self) -> str:
        """Name in figures."""
        return f"{SHOWN[self.constraint]} by group thresholds"

    def judge(self, case: HeldOutCase) -> Judged:
        """Find the thresholds and the chances that they give."""
        from dataclasses import replace

        from fairlearn.postprocessing import ThresholdOptimizer

        kept = case.learned[case.train]
        learners = case.dataset.take(case.train)
        learners = replace(learners, y=pd.Series(kept, index=learners.X.index))
        unseen = cross_fit(case.scorer, learners, folds=self.folds, seed=case.seed).probability
        middle = case.probability_at_threshold
        even, mean = abs(middle - 0.5), abs(middle - kept.mean())
        optimiser = ThresholdOptimizer(
            estimator=_OwnProbability().fit(unseen[:, None], kept),
            constraints=self.constraint,
            objective="accuracy_score" if even < mean else "balanced_accuracy_score",
            prefit=True,
            predict_method="predict_proba",
        )
        groups = case.dataset.groups(case.sensitive).astype(str)
        with pandas_4_quiet():
            optimiser.fit(
                unseen[:, None], kept, sensitive_features=groups.iloc[case.train].to_numpy()
            )
        model = case.fitted(case.dataset.X)
        chance = score_function(model, "probability", direction="higher_is_better")
        scores = chance(case.dataset.X.iloc[case.test])
        who = groups.iloc[case.test].to_numpy()
        return Judged(chances=lottery(optimiser, scores, who))


def lottery(optimiser: Any, scores: Array, groups: NDArray[Any]) -> Array:
    """Chance of a favourable prediction that a fitted ThresholdOptimizer gives each person.

    Its `predict` draws once from these chances. A group that it did not see gets 0.
    """
    chances = np.zeros(len(scores))
    rules = optimiser.interpolated_thresholder_.interpolation_dict
    for group, rule in rules.items():
        mine = groups == group
        found = rule.p0 * rule.operation0(scores[mine]) + rule.p1 * rule.operation1(scores[mine])
        if "p_ignore" in rule:
            found = rule.p_ignore * rule.prediction_constant + (1 - rule.p_ignore) * found
        chances[mine] = found
    return np.clip(chances, 0.0, 1.0)


class _OwnProbability(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Returns the probabilities that stand in its only column."""

    def fit(self, X: Array, y: NDArray[Any]) -> "_OwnProbability":
        self.classes_ = np.unique(y)
        self.n_features_in_ = X.shape[1]
        return self

    def predict_proba(self, X: Array) -> Array:
        probability = np.asarray(X, dtype=np.float64)[:, 0]
        return np.column_stack([1 - probability, probability])

    def predict(self, X: Array) -> NDArray[Any]:
        likely: NDArray[Any] = self.classes_[(self.predict_proba(X)[:, 1] >= 0.5).astype(int)]
        return likely


@contextmanager
def pandas_4_quiet() -> Iterator[None]:
    """Let pass the one warning that fairlearn 0.15 raises on pandas 3."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=pd.errors.Pandas4Warning)
        yield
