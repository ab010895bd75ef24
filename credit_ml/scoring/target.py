"""Checks of an outcome that fitted scorers share, and what they say of people they did not see."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import assert_all_finite, column_or_1d, has_fit_parameter

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


def checked_sample_weight(sample_weight: Any, *, people: int) -> NDArray[np.float64] | None:
    """Return weights as float64; None where there are none, or all are 1.

    Raises
    ------
    ModelError
        When they are not one number a person that is finite and not negative, or all are 0.
    """
    if sample_weight is None:
        return None
    weights = np.asarray(sample_weight, dtype=np.float64)
    place, remedy = "sample_weight", "give each person a number that is not negative"
    problem = f"has shape {weights.shape} for {people} people"
    ModelError.unless(weights.shape == (people,), place, problem, remedy)
    good = bool(np.isfinite(weights).all() and (weights >= 0).all())
    ModelError.unless(good, place, "is negative, missing or endless", remedy)
    ModelError.unless(weights.any(), "sample_weight", "is zero for everybody", "weigh some")
    return None if (weights == 1).all() else weights


def fitted(scorer: Any, X: Any, y: Any, weights: NDArray[np.float64] | None) -> Any:
    """Fit a scorer, with weights of people where there are some; of a pipeline its last step.

    Raises
    ------
    ModelError
        When there are weights, and its fit takes none.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> try:
    ...     fitted(KNeighborsClassifier(), [[0.0], [1.0]], [0, 1], np.array([1.0, 2.0]))
    ... except ModelError as refused:
    ...     print(refused.problem)
    takes no sample_weight, and people have weights
    """
    return scorer.fit(X, y, **_weighed(scorer, weights))


def _weighed(scorer: Any, weights: NDArray[np.float64] | None) -> dict[str, Any]:
    """What a fit is given beside people and outcomes."""
    if weights is None:
        return {}
    steps = getattr(scorer, "steps", None)
    last, before = (steps[-1][1], f"{steps[-1][0]}__") if steps else (scorer, "")
    if not has_fit_parameter(last, "sample_weight"):
        problem = "takes no sample_weight, and people have weights"
        remedy = "give a model whose fit takes it, or leave the weights out"
        raise ModelError(type(last).__name__, problem, remedy)
    return {f"{before}sample_weight": weights}


def unseen_log_odds(
    scorers: Sequence[Any],
    X: Any,
    kept: NDArray[np.int8],
    weights: NDArray[np.float64] | None,
    *,
    folds: int,
    random_state: int,
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
    found = [
        cross_val_predict(each, X, kept, params=_weighed(each, weights), **options)
        for each in scorers
    ]
    return np.column_stack(found)
