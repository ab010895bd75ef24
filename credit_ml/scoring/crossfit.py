"""Scores of people by models that never saw them."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from credit_ml.core import Dataset, ModelError, Streams, TableError
from credit_ml.scoring.direction import display_name
from credit_ml.scoring.output import score_function
from credit_ml.scoring.target import fitted


class Fold(NamedTuple):
    """Some people, and a model that was trained on all others.

    Examples
    --------
    >>> Fold(np.array([0, 2]), model=None).rows.tolist()
    [0, 2]
    """

    rows: NDArray[np.intp]
    """Positions of the people in the dataset, rising."""
    model: Any
    """Fitted classifier."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossFitted:
    """A model for each fold of a dataset, and scores of people by models that never saw them.

    So measures of quality and fairness are not flattered by a model's memory.

    Examples
    --------
    >>> CrossFitted(folds=(), log_odds=np.zeros(2), name="nobody").probability.tolist()
    [0.5, 0.5]
    """

    folds: tuple[Fold, ...]
    """Each person is in exactly one."""
    log_odds: NDArray[np.float64]
    """Log-odds of the favourable outcome, out of fold, shape (people,)."""
    name: str
    """Display name."""

    def __repr__(self) -> str:
        return f"CrossFitted({self.name}; {len(self.folds)} folds; {len(self):,} people)"

    @property
    def probability(self) -> NDArray[np.float64]:
        """Probability of the favourable outcome, out of fold, shape (people,)."""
        return np.asarray(expit(self.log_odds))

    def __len__(self) -> int:
        return len(self.log_odds)


def cross_fit(
    scorer: Any, dataset: Dataset, *, folds: int = 5, seed: int = 0, workers: int = 1
) -> CrossFitted:
    """Train a scorer once a fold on everybody else, and score the fold.

    Folds hold equal shares of both outcomes. The result does not depend on `workers`.

    Cost: `folds` fits.

    Parameters
    ----------
    scorer : classifier
        Unfitted; cloned for each fold.
    dataset : Dataset
        People with an outcome; their weights, by the mean, go to every fit.
    folds : int, default 5
        At least 2.
    seed : int
        Seed of who is in which fold.
    workers : int, default 1
        Threads; with more than one, each fit uses one OpenMP thread.

    Raises
    ------
    TableError
        When the dataset has no outcome, or fewer people with one of the outcomes than folds.
    ModelError
        When there are fewer than two folds, or people have weights and the scorer takes none.

    References
    ----------
    Stone, M. (1974). Cross-validatory choice and assessment of statistical predictions.
    Journal of the Royal Statistical Society B 36(2).

    Examples
    --------
    >>> import pandas as pd
    >>> from credit_ml.scoring import LogisticScorer
    >>> frame = pd.DataFrame({"late": np.arange(60) % 6, "paid": np.arange(60) % 6 < 3})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> len(cross_fit(LogisticScorer(), data, folds=3, seed=0).folds)
    3
    """
    kept = dataset.outcome(needed_for="cross-fitting")
    check_folds(dataset, folds)
    random_state = Streams(seed).seed_for("cross-fitting")
    splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=random_state)
    weights = dataset.relative_weights()
    parts = list(splitter.split(np.zeros(len(kept)), kept))

    def fold_of(train: NDArray[np.intp], rows: NDArray[np.intp]) -> Fold:
        # The limit holds for this thread alone, and None leaves it as it is.
        with threadpool_limits(limits=1 if workers > 1 else None, user_api="openmp"):
            own = None if weights is None else weights[train]
            learned = fitted(unfitted(scorer), dataset.X.iloc[train], kept.iloc[train], own)
            return Fold(rows, learned)

    from joblib import Parallel, delayed

    found = Parallel(n_jobs=workers, prefer="threads")(delayed(fold_of)(*part) for part in parts)
    log_odds = np.empty(len(kept))
    for fold in found:
        score = score_function(fold.model, "log_odds", direction="higher_is_better")
        log_odds[fold.rows] = score(dataset.X.iloc[fold.rows])
    return CrossFitted(
        folds=tuple(found), log_odds=log_odds, name=f"{display_name(scorer)}, cross-fitted"
    )


def unfitted(model: Any) -> Any:
    """Return a copy of a model that may be trained anew, whatever the given one has learned.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> unfitted(LogisticRegression(C=0.5).fit([[0], [1]], [0, 1]))
    LogisticRegression(C=0.5)
    """
    try:
        return clone(model)
    except RuntimeError:
        # scikit-learn refuses what changes its own parameters, as CatBoost does, of which a copy
        # that is fitted again may answer for ever (catboost/catboost#2905).
        return _made_again(model)


def _made_again(value: Any) -> Any:
    """Make whatever learns from its parameters, in all that holds it; copy everything else."""
    if isinstance(value, list | tuple):
        return type(value)(map(_made_again, value))
    if isinstance(value, type) or not hasattr(value, "get_params"):
        return deepcopy(value)
    inside = value.get_params(deep=False)
    return type(value)(**{name: _made_again(each) for name, each in inside.items()})


def check_folds(dataset: Dataset, folds: int) -> None:
    """Raise the errors of `cross_fit` without any fit, so that work need not start in vain.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3], "paid": [1, 1, 0, 0]})
    >>> check_folds(Dataset.from_frame(frame, target="paid", sensitive=[]), 2)
    """
    kept = dataset.outcome(needed_for="cross-fitting")
    ModelError.unless(folds >= 2, "folds", f"is {folds}", "give at least 2")
    fewest = min(int((kept == 1).sum()), int((kept == 0).sum()))
    if fewest < folds:
        problem = f"has {fewest} people with one of the outcomes, fewer than {folds} folds"
        raise TableError(dataset.name, problem, "give more people or fewer folds")
