"""fairlearn's reductions and group thresholds, on the case's people and at the case's threshold."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression, LogisticRegression
from threadpoolctl import threadpool_limits

from credit_ml.core import Array, Rows, Streams, TableError, cited
from credit_ml.core.renamed import renamed_keywords
from credit_ml.proxies.interventions.held_out import HeldOutCase, Judged
from credit_ml.proxies.interventions.kinds import Intervention
from credit_ml.scoring import LogisticScorer, cross_fit
from credit_ml.scoring.mitigated import pandas_4_quiet

Constraint = Literal["demographic_parity", "equalized_odds"]

SHOWN = {"demographic_parity": "equal rates", "equalized_odds": "equal odds"}


@dataclass(frozen=True, kw_only=True)
class _MadeEqual(Intervention):
    """Something of the groups' decisions is made equal."""

    constraint: Constraint = "demographic_parity"

    @property
    def title(self) -> str:
        """Name in figures."""
        return self.shown.format(SHOWN[self.constraint])


@renamed_keywords(rounds="max_iter")
@dataclass(frozen=True, kw_only=True)
class Reduce(_MadeEqual):
    """Learn a lottery over weighted sums that keeps a constraint, by exponentiated gradient.

    Wrong decisions cost what they cost at the case's threshold, so that it favours about as many.
    The base is a logistic regression, whatever scorer the case has.

    Examples
    --------
    >>> Reduce(constraint="equalized_odds").title
    'equal odds by reduction'
    """

    source: ClassVar[str] = cited("agarwal_2018")[0]
    named: ClassVar[str] = "reduce_{constraint}"
    shown: ClassVar[str] = "{} by reduction"
    slack: float = 0.01
    """Largest violation that is sought among those who train."""
    max_iter: int = 15
    """Rounds of the gradient."""
    people: int = 10_000
    """Of those who train, a random sample at most."""

    def judge(self, case: HeldOutCase) -> Judged:
        """Learn the lottery and its chances."""
        from fairlearn import reductions

        parity = self.constraint == "demographic_parity"
        kind = reductions.DemographicParity if parity else reductions.EqualizedOdds
        threshold = case.probability_at_threshold
        rows, X = self._sample(case), case.dataset.X
        # Only its encoding is used: numbers standardised, a column a category and a gap.
        plain = LogisticScorer().fit(X.iloc[rows], case.learned[rows])

        def matrix(people: Rows) -> Array:
            return plain.design_.matrix(plain.encoder_.transform(X.iloc[people]))

        learner = reductions.ExponentiatedGradient(
            LogisticRegression(max_iter=200),
            kind(difference_bound=self.slack),
            objective=reductions.ErrorRate(costs={"fp": threshold, "fn": 1 - threshold}),
            max_iter=self.max_iter,
            eps=self.slack,
        )
        with pandas_4_quiet(), threadpool_limits(limits=1, user_api="blas"):
            groups = case.dataset.groups(case.sensitive).iloc[rows].astype(str)
            learner.fit(matrix(rows), case.learned[rows], sensitive_features=groups)
            held_out, chances = matrix(case.test), np.zeros(len(case.test))
            for number, weight in learner.weights_.items():
                if weight > 0:
                    chances += weight * np.asarray(learner.predictors_[number].predict(held_out))
        return Judged(score=np.clip(chances, 0.0, 1.0))

    def _sample(self, case: HeldOutCase) -> Rows:
        if len(case.train) <= self.people:
            return case.train
        generator = Streams(case.seed).generator("proxies.reduce")
        return np.sort(generator.choice(case.train, self.people, replace=False))


@dataclass(frozen=True, kw_only=True)
class GroupThresholds(_MadeEqual):
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

    source: ClassVar[str] = cited("hardt_2016")[0]
    named: ClassVar[str] = "thresholds_{constraint}"
    shown: ClassVar[str] = "{} by group thresholds"
    folds: int = 3

    def judge(self, case: HeldOutCase) -> Judged:
        """Find the thresholds and the chances that they give."""
        from fairlearn.postprocessing import ThresholdOptimizer

        kept, X = case.learned[case.train], case.dataset.X
        groups = case.dataset.groups(case.sensitive).astype(str).to_numpy()
        outcomes = pd.Series(kept).groupby(groups[case.train]).nunique()
        for group in pd.unique(groups):
            place = f"{self.id}, '{case.sensitive}'"
            problem = f"group '{group}' has not both outcomes among those who train"
            remedy = "merge it with another group, or name interventions that do without"
            TableError.unless(outcomes.get(group, 0) == 2, place, problem, remedy)
        learners = case.dataset.take(case.train)
        learners = replace(learners, y=pd.Series(kept, index=learners.X.index))
        unseen = cross_fit(case.scorer, learners, folds=self.folds, seed=case.seed).probability
        middle = case.probability_at_threshold
        even, mean = abs(middle - 0.5), abs(middle - kept.mean())
        itself = LinearRegression()
        itself.coef_, itself.intercept_ = np.ones(1), 0.0
        optimiser = ThresholdOptimizer(
            estimator=itself,
            constraints=self.constraint,
            objective="accuracy_score" if even < mean else "balanced_accuracy_score",
            prefit=True,
            predict_method="predict",
        )
        with pandas_4_quiet():
            optimiser.fit(unseen[:, None], kept, sensitive_features=groups[case.train])
        scores = case.asked(case.fitted(X), X)[case.test]
        return Judged(score=lottery(optimiser, scores, groups[case.test]))


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
