"""Interventions that train the scorer again, without a factor or with what it tells removed."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, Dataset, ModelError
from credit_ml.core.tables.origin import names_read
from credit_ml.proxies.decomposition.estimators.design import indicators
from credit_ml.proxies.decomposition.estimators.estimator import Estimator, GapComponents, GapTask
from credit_ml.proxies.decomposition.estimators.obscure import falls
from credit_ml.proxies.decomposition.estimators.repair import moved
from credit_ml.scoring import Output, RuleScorer, display_name, is_rater, score_function
from credit_ml.scoring.target import fitted

#: Ends the names of columns that are made.
_RESIDUAL = " (residual)"


class Refitted(Estimator):
    """How much the gap falls when the scorer is trained again on changed columns.

    Every score is of a scorer of the same kind and settings, trained on this table; the gap in
    the row ``(gap)`` is of the one trained on all columns. Intervals take the trained scorers as
    they are.
    """

    kind = "intervention"
    needs: ClassVar[tuple[str, ...]] = ("outcome", "refit")

    def decomposed(self, task: GapTask) -> GapComponents:
        """Train once for each factor, and once for all."""
        model = task.one_model(self)
        refit = _Refit(model, task, task.dataset.outcome(needed_for=self.id))
        scores = task.once("refitted on all columns", lambda: refit.scores(refit.X))
        left = np.tile(scores[:, None], len(task.dataset.factors))
        moves = left.copy()
        for k, columns in enumerate(task.dataset.factors.values()):
            seen = [column for column in columns if column in refit.X.columns]
            if seen:
                left[:, k], moves[:, k] = self.without(refit, seen, task)
        return falls(scores, left, moves, task, rater=display_name(model), unit=refit.unit)

    @abstractmethod
    def changed(self, X: pd.DataFrame, columns: Sequence[str], task: GapTask) -> pd.DataFrame:
        """The columns that remain when those of one factor are changed."""

    @abstractmethod
    def without(
        self, refit: "_Refit", columns: Sequence[str], task: GapTask
    ) -> tuple[Array, Array]:
        """Scores without a factor, and how each person moves their group's mean of them."""


class LeftOut(Refitted):
    """Fall of the gap when the scorer is trained without a factor."""

    id: ClassVar[str] = "leave_out"
    weighted: ClassVar[bool] = True

    def without(
        self, refit: "_Refit", columns: Sequence[str], task: GapTask
    ) -> tuple[Array, Array]:
        """Train on all other columns, whoever is compared."""
        key = (self.id, *columns)
        scores = task.once(key, lambda: refit.scores(self.changed(refit.X, columns, task)))
        return scores, scores

    def changed(self, X: pd.DataFrame, columns: Sequence[str], task: GapTask) -> pd.DataFrame:
        """All other columns; one constant column when there are none."""
        del task
        rest = X.drop(columns=list(columns))
        if rest.shape[1]:
            return rest
        return pd.DataFrame({"nothing": np.zeros(len(X), dtype="float32")}, index=X.index)


class Residualised(Refitted):
    """Fall of the gap when a factor's columns lose their group means and the scorer is refitted."""

    id: ClassVar[str] = "residualise"

    def without(
        self, refit: "_Refit", columns: Sequence[str], task: GapTask
    ) -> tuple[Array, Array]:
        """Train on what groups leave; its mean is the same in every group, whoever is in it."""
        changed = self.changed(refit.X, columns, task)
        scores = refit.scores(changed)
        made = [name for name in changed.columns if str(name).endswith(_RESIDUAL)]
        return scores, moved(scores, changed[made].to_numpy(dtype=np.float64), task.codes)

    def changed(self, X: pd.DataFrame, columns: Sequence[str], task: GapTask) -> pd.DataFrame:
        """Numbers less their group mean; categories as indicators less theirs."""
        new = {}
        for column in columns:
            for number, values in enumerate(indicators(X[column], drop_first=False).T):
                new[f"{column}.{number}{_RESIDUAL}"] = less_group_means(values, task.codes)
        made = pd.DataFrame(new, index=X.index, dtype="float32")
        return pd.concat([X.drop(columns=list(columns)), made], axis=1)


def less_group_means(values: Array, groups: NDArray[np.integer]) -> Array:
    """Values with the mean of everybody in every group."""
    number = np.maximum(np.bincount(groups), 1)
    mean = np.bincount(groups, weights=values) / number
    return np.asarray(values - mean[groups] + values.mean())


class _Refit:
    """Trains clones of a model's scorer, and shows them on the model's own scale."""

    def __init__(self, model: Any, task: GapTask, kept: pd.Series) -> None:
        scorer = model.scorer if is_rater(model) and hasattr(model, "scorer") else model
        trains = hasattr(scorer, "fit") and not isinstance(scorer, RuleScorer)
        problem, remedy = "cannot be trained again", "give a fitted classifier or rater"
        ModelError.unless(trains, display_name(model), problem, remedy)
        # Of a rater, points are the scale's of the log-odds.
        self._points = model.scale.points if is_rater(model) and task.output == "score" else None
        self._output: Output = "log_odds" if self._points else task.output
        self._scorer, self._kept = scorer, kept
        self._weights = task.dataset.relative_weights()
        self.unit, self.X = task.score(model).unit, _seen(scorer, task.dataset)

    def scores(self, X: pd.DataFrame) -> Array:
        from credit_ml.scoring.crossfit import unfitted

        again = fitted(unfitted(self._scorer), X, self._kept, self._weights)
        scores = score_function(again, self._output, direction="higher_is_better")(X)
        return np.asarray(self._points(scores)) if self._points else scores


def _seen(scorer: Any, dataset: Dataset) -> pd.DataFrame:
    names = names_read(scorer, dataset.X.columns)
    return dataset.X if names is None else dataset.X[names]
