"""fairlearn's mitigated models as classifiers that read the sensitive feature from the table."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from credit_ml.core import ModelError
from credit_ml.scoring.crossfit import unfitted
from credit_ml.scoring.direction import display_name


class Mitigated(ClassifierMixin, BaseEstimator):
    """A model that fairlearn mitigated, fitted or not, as one classifier of a table.

    fairlearn's models are given sensitive features beside the table, draw decisions by lot and
    name no classes. This one reads the features from columns of the table, and its probability is
    that of the lot, or of the model that a grid search of fairlearn chose. Every instrument takes
    it: of a Dataset it reads the sensitive columns of the user's own table (`Dataset.reading`).

    Parameters
    ----------
    model : ThresholdOptimizer, ExponentiatedGradient or GridSearch of fairlearn
    sensitive : str or list of str
        Columns of the sensitive features that it was, or is to be, fitted with.

    Raises
    ------
    ModelError
        When the model was fitted on an array, which names no columns.

    References
    ----------
    Agarwal, A. et al. (2018). A reductions approach to fair classification. ICML. Hardt, M.,
    Price, E. and Srebro, N. (2016). Equality of opportunity in supervised learning. NIPS.

    Examples
    --------
    >>> from fairlearn.postprocessing import ThresholdOptimizer
    >>> from sklearn.linear_model import LogisticRegression
    >>> people = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0] * 4, "sex": list("fffm" * 4)})
    >>> paid = [1, 0, 0, 1, 1, 1, 0, 0] * 2
    >>> plain = LogisticRegression().fit(people[["late"]], paid)
    >>> fair = ThresholdOptimizer(estimator=plain, prefit=True, predict_method="predict_proba")
    >>> fair = fair.fit(people[["late"]], paid, sensitive_features=people["sex"])
    >>> model = Mitigated(fair, sensitive="sex")
    >>> model.feature_names_in_.tolist(), model.predict_proba(people).shape
    (['late', 'sex'], (16, 2))
    """

    def __init__(self, model: Any, sensitive: str | list[str]) -> None:
        self.model, self.sensitive = model, sensitive

    @property
    def name(self) -> str:
        """What reports call it."""
        return display_name(self.model)

    @property
    def classes_(self) -> NDArray[np.int_]:
        """0 and 1, which are the only outcomes that fairlearn takes; none before it is fitted."""
        self._columns()
        return np.array([0, 1])

    @property
    def feature_names_in_(self) -> NDArray[Any]:
        """Columns of the model inside, and the sensitive ones."""
        own = self._columns()
        return np.array([*own, *(each for each in self._sensitive if each not in own)], object)

    @property
    def _sensitive(self) -> list[str]:
        return [self.sensitive] if isinstance(self.sensitive, str) else list(self.sensitive)

    def fit(self, X: pd.DataFrame, y: Any) -> Self:
        """Train the model on the other columns, with the sensitive ones beside them.

        Raises
        ------
        ModelError
            When there is one group alone, beside which nothing can be made equal.
        """
        problem = f"is given one group of {', '.join(self._sensitive)}, and makes several equal"
        several = len(X[self._sensitive].drop_duplicates()) > 1
        remedy = "leave the column in, or give the model that fairlearn mitigates by itself"
        ModelError.unless(several, self.name, problem, remedy)
        self.model_ = unfitted(self.model)
        if hasattr(self.model_, "prefit"):
            self.model_.prefit = False
        with pandas_4_quiet():
            others = X.drop(columns=self._sensitive)
            self.model_.fit(others, y, sensitive_features=X[self._sensitive])
        return self

    def predict_proba(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """Chance of each outcome that the model's lots give, shape (people, 2)."""
        own, model = X[self._columns()], self._fitted
        if hasattr(model, "interpolated_thresholder_"):
            self._refuse_strangers(X)
            found = model._pmf_predict(own, sensitive_features=X[self._sensitive])
        elif hasattr(model, "weights_"):
            found = model._pmf_predict(own)
        else:
            found = model.predict_proba(own)
        return np.asarray(found, dtype=np.float64)

    def predict(self, X: pd.DataFrame) -> NDArray[np.int_]:
        """Outcome with the larger chance: fairlearn's own `predict` draws by it."""
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(int)

    def _refuse_strangers(self, X: pd.DataFrame) -> None:
        """Stop where fairlearn would give a group that it has no threshold for the chance of 0."""
        known = self._fitted.interpolated_thresholder_.interpolation_dict
        if len(self._sensitive) > 1:  # fairlearn names groups of several features itself
            return
        for group in X[self._sensitive[0]].drop_duplicates():
            problem = f"has no threshold for the group {group!r} of '{self._sensitive[0]}'"
            ModelError.unless(group in known, self.name, problem, "fit it on people of each group")

    @property
    def _fitted(self) -> Any:
        return getattr(self, "model_", self.model)

    def _columns(self) -> list[str]:
        """Columns of the model inside; AttributeError before it is fitted, as is the custom."""
        model = self._fitted
        several = [getattr(model, "estimator_", None), *getattr(model, "predictors_", [])]
        inside = [each for each in several if each is not None]
        if not inside:
            raise AttributeError(f"{self.name} is not fitted")
        for each in inside:
            if hasattr(each, "feature_names_in_"):
                return [str(name) for name in each.feature_names_in_]
        remedy = "fit what fairlearn mitigates on a DataFrame"
        raise ModelError(self.name, "knows no names of its columns", remedy)


@contextmanager
def pandas_4_quiet() -> Iterator[None]:
    """Let pass the one warning that fairlearn 0.15 raises on pandas 3."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=pd.errors.Pandas4Warning)
        yield
