"""Checks of an outcome that fitted scorers share, and what they say of people they did not see."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import assert_all_finite, column_or_1d

from credit_ml.core import ModelError


def checked_target(y: Any, *, people: int) -> tuple[NDArray[Any], NDArray[np.int8]]:
    """Return the two classes in order, and each person's as 0 or 1.

    Raises
    ------
    ModelError
        When `y` is absent, has another length than `people`, or has not two classes.
    """
    if y is None:
        problem = "requires y to be passed, but the target y is None"
        raise ModelError("y", problem, "give each person's outcome")
    values = column_or_1d(y, warn=True)
    assert_all_finite(values, input_name="y")
    check_classification_targets(values)
    if len(values) != people:
        raise ModelError("y", f"has {len(values)} values for {people} people", "give one each")
    classes, codes = np.unique(values, return_inverse=True)
    if len(classes) > 2:
        said = "Only binary classification is supported. The type of the target is"
        problem = f"{said} {type_of_target(values)}."
        raise ModelError("y", problem, "give an outcome with two values")
    ModelError.unless(len(classes) >= 2, "y", "has one class", "give people with both outcomes")
    return classes, codes.astype("int8")


def unseen_log_odds(
    scorers: Sequence[Any], X: Any, kept: NDArray[np.int8], *, folds: int, random_state: int
) -> NDArray[np.float64]:
    """Log-odds by each scorer, fitted on the folds that a person is not in; (people, scorers).

    Raises
    ------
    ModelError
        When fewer than two people have one of the outcomes.
    """
    least = int(np.bincount(kept).min())
    ModelError.unless(least >= 2, "y", f"has {least} people with one outcome", "give at least two")
    splitter = StratifiedKFold(min(folds, least), shuffle=True, random_state=random_state)
    options: Any = {"cv": splitter, "method": "decision_function"}
    return np.column_stack([cross_val_predict(each, X, kept, **options) for each in scorers])
