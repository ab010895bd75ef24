"""A rater fitted anew, whatever kind of rater it is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from credit_ml.agencies.rater import Rater
from credit_ml.agencies.shifted import Shifted
from credit_ml.agencies.view import learns_from
from credit_ml.core import Dataset, ModelError, Streams, TableError, refuse_weights
from credit_ml.scoring import RuleScorer, display_name

Outcomes = NDArray[np.int8]


def is_fixed(rater: Any) -> bool:
    """Whether a rater goes by published rules, which no data change.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> is_fixed(LogisticRegression())
    False
    """
    return isinstance(getattr(rater, "scorer", rater), RuleScorer)


def refit(rater: Any, dataset: Dataset, X: pd.DataFrame, y: ArrayLike, *, seed: int) -> Any:
    """A rater of the same kind, fitted to other records and outcomes of some people.

    A `Rater` keeps its agency, scale and factors, learns only from people whom it knows, and,
    if it publishes ranks, publishes those of X. A scikit-learn classifier is cloned. Rules are
    never refitted: such a rater is returned as it is (`is_fixed` says so beforehand). A raised
    threshold (`shifted_threshold`) stays raised.

    Cost: that of one fit.

    Parameters
    ----------
    rater : Rater or scikit-learn classifier
        Fitted; it is not changed.
    dataset : Dataset
        The people; ``context["known"]`` says whom an agency knows, and
        ``context["granted_before"]`` of whom it saw how they did.
    X : DataFrame
        Their records now, with at least the columns that the rater reads.
    y : array-like of 0 and 1
        Their outcomes.
    seed : int
        Of the scorer's own draws; an agency's scorer draws as in ``agency.fit(seed=seed)``.

    Raises
    ------
    ModelError
        When it is no rater and no classifier, or no outcome varies.
    TableError
        When X or y do not fit the people.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> frame = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0], "paid": [1, 1, 0, 0]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> again = refit(model, people, people.X, 1 - people.y, seed=0)
    >>> bool(model.coef_[0, 0] < 0 < again.coef_[0, 0])
    True
    """
    refuse_weights(dataset, "refit")
    kept = _checked(X, y, len(dataset))
    if is_fixed(rater):
        return rater
    columns = reads(rater, dataset.X)
    for column in columns:
        if column not in X.columns:
            raise TableError("X", f"lacks the column '{column}'", "give what the rater reads")
    if isinstance(rater, Rater):
        return _rater_on(columns, rater, dataset, X, kept, seed)
    return _model_on(X[columns], rater, kept, Streams(seed).seed_for("answers.refit"))


def reads(rater: Any, X: pd.DataFrame) -> list[str]:
    """Columns of a table that a rater reads, in its own order."""
    if isinstance(rater, Rater):
        return list(rater.columns)
    names = getattr(rater, "feature_names_in_", X.columns)
    return [str(name) for name in names]


def without(rater: Any, dataset: Dataset, columns: Sequence[str], *, seed: int) -> Any:
    """A rater of the same kind that reads none of some columns, fitted to the same people.

    A classifier comes back as a scikit-learn pipeline that picks its columns out of the table,
    so that it still takes the whole of it.

    Raises
    ------
    ModelError
        When nothing would be left to read, or as `refit`.
    """
    kept = _checked(dataset.X, dataset.outcome(needed_for="a rater refitted"), len(dataset))
    left = [name for name in reads(rater, dataset.X) if name not in columns]
    ModelError.unless(left, display_name(rater), "would read no column", "drop fewer")
    if isinstance(rater, Rater):
        factors = {
            factor: tuple(name for name in names if name in left)
            for factor, names in rater.factors.items()
        }
        narrow = replace(rater, factors={name: own for name, own in factors.items() if own})
        return _rater_on(left, narrow, dataset, dataset.X, kept, seed)
    picked = ColumnTransformer([("picked", "passthrough", left)], verbose_feature_names_out=False)
    picked.set_output(transform="pandas")
    narrow_model = Pipeline([("columns", picked), ("model", clone(_classifier(rater)))])
    return _fitted(narrow_model, rater, dataset.X, kept, Streams(seed).seed_for("answers.refit"))


def _rater_on(
    columns: list[str], rater: Rater, dataset: Dataset, X: pd.DataFrame, kept: Outcomes, seed: int
) -> Rater:
    learns = learns_from(dataset)
    number = Streams(seed).seed_for(f"agency {rater.agency.id}")
    scorer = _model_on(X.loc[learns, columns], rater.scorer, kept[learns], number)
    return replace(rater, scorer=scorer).with_ranks_of(X)


def _model_on(X: pd.DataFrame, model: Any, kept: Outcomes, number: int) -> Any:
    if isinstance(model, Shifted):
        return Shifted(_model_on(X, model.scorer, kept, number), shift=model.shift)
    return _fitted(clone(_classifier(model)), model, X, kept, number)


def _fitted(fresh: Any, model: Any, X: pd.DataFrame, kept: Outcomes, number: int) -> Any:
    if kept.min() == kept.max():
        problem = "would be fitted to outcomes that are all alike"
        raise ModelError(display_name(model), problem, "give people with both outcomes")
    seeds = [name for name in fresh.get_params() if name.split("__")[-1] == "random_state"]
    fresh.set_params(**dict.fromkeys(seeds, number))
    classes = np.asarray(getattr(model, "classes_", (0, 1)))
    return fresh.fit(X, classes[kept])


def _classifier(model: Any) -> Any:
    if not (isinstance(model, BaseEstimator) and is_classifier(model)):
        remedy = "give a rater or a scikit-learn classifier"
        raise ModelError(display_name(model), "cannot be fitted again", remedy)
    return model


def _checked(X: pd.DataFrame, y: ArrayLike, people: int) -> Outcomes:
    values = np.asarray(y)
    if len(X) != people:
        raise TableError("X", f"has {len(X)} rows for {people} people", "give one each")
    if values.shape != (people,) or not np.isin(values, (0, 1)).all():
        raise TableError("y", "is not 0 or 1 for each person", f"give {people} outcomes")
    return values.astype(np.int8)
