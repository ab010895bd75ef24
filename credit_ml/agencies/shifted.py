"""A rater with every threshold raised by the same log-odds."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from credit_ml.agencies.rater import Rater
from credit_ml.core import Array, ModelError
from credit_ml.scoring import LogOddsClassifier, RuleScorer, display_name, score_function


class Shifted(LogOddsClassifier):
    """A fitted classifier whose log-odds are lowered: ``log-odds(x) - shift``.

    To lower every score is to raise every threshold by as much, and leaves all else about the
    rater as it is: a shift of 0 changes nothing.

    Parameters
    ----------
    scorer : classifier
        Fitted.
    shift : float
        Log-odds by which thresholds are raised; below 0, lowered.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> people = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0]})
    >>> model = LogisticRegression().fit(people, [1, 1, 0, 0])
    >>> (model.decision_function(people) - Shifted(model, shift=0.5).decision_function(people))
    array([0.5, 0.5, 0.5, 0.5])
    """

    def __init__(self, scorer: Any, *, shift: float = 0.0) -> None:
        self.scorer = scorer
        self.shift = shift

    def fit(self, X: pd.DataFrame | ArrayLike, y: ArrayLike) -> "Shifted":
        """Fit the classifier inside, in place; the shift stays."""
        self.scorer.fit(X, y)
        return self

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> Array:
        """Log-odds of the favourable outcome, lowered; shape (people,)."""
        if isinstance(self.scorer, LogOddsClassifier):
            return self.scorer.decision_function(X) - self.shift
        return score_function(self.scorer, "log_odds")(X) - self.shift  # type: ignore[arg-type]

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self.scorer, "classes_")

    def __getattr__(self, name: str) -> Any:
        # What fit left behind (classes_, coef_, names of columns) is the inner classifier's.
        if name.startswith("_") or not name.endswith("_") or "scorer" not in self.__dict__:
            raise AttributeError(name)
        found = getattr(self.__dict__["scorer"], name)
        return np.float64(found) - self.shift if name == "intercept_" else found


def raised(rater: Any, shift: float) -> Any:
    """The rater with every threshold raised by `shift` log-odds.

    Raises
    ------
    ModelError
        When the rater goes by published rules, which have no log-odds.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> people = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0]})
    >>> model = LogisticRegression().fit(people, [1, 1, 0, 0])
    >>> raised(model, 9.0).predict(people).tolist()
    [0, 0, 0, 0]
    """
    scorer = rater.scorer if isinstance(rater, Rater) else rater
    if isinstance(scorer, RuleScorer):
        remedy = "raise the thresholds in its file"
        raise ModelError(display_name(rater), "goes by published rules", remedy)
    if isinstance(scorer, Shifted):
        scorer, shift = scorer.scorer, scorer.shift + shift
    lowered = Shifted(scorer, shift=float(shift))
    if not isinstance(rater, Rater):
        return lowered
    by = lowered.shift - getattr(rater.scorer, "shift", 0.0)
    ranks = rater.population
    if len(ranks):
        # Everybody loses as much, so that published ranks stay.
        ranks = rater.scale.points(rater.scale.log_odds(ranks) - by)
    return replace(rater, scorer=lowered, population=ranks)
