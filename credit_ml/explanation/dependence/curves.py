"""Partial dependence: how a model's number moves with one column, for everybody and by group."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

import numpy as np
import pandas as pd

from credit_ml.core import (
    Array,
    Dataset,
    InputError,
    Streams,
    TableError,
    beside,
    known_names,
    refuse_weights,
)
from credit_ml.core.schema import conform
from credit_ml.core.tables.frames import with_columns
from credit_ml.explanation.dependence.finding import MEAN, PERSON, PartialDependence
from credit_ml.explanation.sample import ExplainedPeople, sample_of, unseen_by
from credit_ml.inference import Over
from credit_ml.scoring import Output, ScoreFunction, score_function

#: Quantiles between which the grid of a number lies: beyond them a few people stretch the axis.
ENDS = (0.01, 0.99)


class CurveOptions(TypedDict, total=False):
    """How many people, points and curves `partial_dependence` takes."""

    people: int
    grid: int
    curves: int
    seed: int


def partial_dependence(
    model: Any,
    dataset: Dataset,
    *,
    column: str,
    sensitive: str | Sequence[str] | None = None,
    output: Output = "score",
    intervals: float = 0.95,
    over: Over = "auto",
    **options: Unpack[CurveOptions],
) -> PartialDependence:
    """Mean score if everybody had the same value of one column, all else as it is.

    ``PD_g(v) = mean over the people of group g of f(v, their other columns)``; its curve is level
    where the model does not read the column, and ``f``'s own term plus a constant where the model
    only adds. The curves of single people (individual conditional expectation) are parallel then;
    where they cross, the model lets the column work together with others.

    A number takes the values of its quantiles between 1 % and 99 %, every one when there are few,
    a category each value that somebody has; missing is a point of its own where it occurs.

    Cost: one scoring of `people` for each point.

    Parameters
    ----------
    model : rater, classifier, regressor, CrossFitted or function
        Of a CrossFitted, the first fold's model on the people that it did not see.
    dataset : Dataset
    column : str
        Column of X.
    sensitive : str or sequence of str, optional
        Also the mean curve of each group, over its own members.
    output : {"score", "log_odds", "probability"}
    intervals : float
        Level of the pointwise intervals of the means.
    over : {"auto", "people", "clusters"}
        What intervals count.
    people : int
        Sample that the curves are averaged over, 1000; all when there are fewer.
    grid : int
        Points of a number at most, 20.
    curves : int
        People whose own curves are kept, 30.
    seed : int
        Of the sample, 0.

    Raises
    ------
    TableError
        When there is no such column or sensitive feature, or the column is missing in every row.
    InputError
        When `people`, `grid`, `curves` or `intervals` is out of range.
    ModelError
        When the model cannot give the output.

    References
    ----------
    Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of
    Statistics 29(5). Goldstein, A. et al. (2015). Peeking inside the black box. Journal of
    Computational and Graphical Statistics 24(1).

    Examples
    --------
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3], "sex": list("fmfm"), "paid": [1, 1, 0, 0]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = partial_dependence(lambda X: 5 - 2 * X["late"], data, column="late")
    >>> found.table.query("measure == 'partial_dependence'")["estimate"].tolist()
    [5.0, 3.0, 1.0, -1.0]
    """
    refuse_weights(dataset, "partial_dependence")
    chosen: CurveOptions = {"people": 1000, "grid": 20, "curves": 30, "seed": 0, **options}
    people, grid, curves, seed = (chosen[name] for name in ("people", "grid", "curves", "seed"))
    InputError.unless(grid >= 2, "grid", f"is {grid}", "give at least 2")
    InputError.unless(curves >= 0, "curves", f"is {curves}", "give at least 0")
    values, numeric = _points(unseen_by(model, dataset).dataset, column, grid)
    sample = sample_of(
        model, dataset, sensitive, people=people, intervals=intervals, over=over, seed=seed
    )
    score = score_function(sample.model, output, dataset=sample.dataset)
    each = _conditional(score, sample.dataset.X, column, values)
    table = [
        row
        for point, value in enumerate(values)
        for row in sample.means(each[:, point], measure=MEAN, person=-1, value=value)
    ]
    generator, size = Streams(seed).generator("explanation.curves"), len(each)
    shown = np.sort(generator.choice(size, min(curves, size), replace=False))
    table += [row for person in shown for row in _own_rows(sample, person, values, each[person])]
    own = {"column": column, "sensitive": sensitive, "unit": score.unit, "numeric": numeric}
    return PartialDependence(
        table=conform(table, unit=score.unit),
        title=f"What {sample.name} makes of {column}",
        parameters=sample.parameters(curves=len(shown), **own),
        seed=seed,
        notes=(
            *beside(__file__)["notes"],
            _extrapolation(sample.dataset.X, column),
            sample.people.note,
        ),
    )


def _points(dataset: Dataset, column: str, grid: int) -> tuple[list[Any], bool]:
    if column not in dataset.features:
        known = known_names(column, dataset.features)
        raise TableError(dataset.name, f"has no column '{column}'", known)
    given = dataset.X[column]
    known_values = given.dropna()
    if not len(known_values):
        raise TableError(dataset.name, f"column '{column}' is missing in every row", "name another")
    missing = [None] if given.isna().any() else []
    if isinstance(given.dtype, pd.CategoricalDtype):
        return [*known_values.cat.remove_unused_categories().cat.categories, *missing], False
    distinct = np.unique(known_values.to_numpy())
    if len(distinct) > grid:
        # Values that somebody has, so that whole numbers stay whole.
        at = np.quantile(known_values, np.linspace(*ENDS, grid), method="inverted_cdf")
        distinct = np.unique(at)
    return [*distinct.tolist(), *missing], True


def _conditional(score: ScoreFunction, X: pd.DataFrame, column: str, values: list[Any]) -> Array:
    """Score of each person at each value of the column, shape (people, values)."""
    each = np.empty((len(X), len(values)))
    for place, value in enumerate(values):
        told = pd.Series([value] * len(X), index=X.index, dtype=X[column].dtype)
        each[:, place] = score(with_columns(X, {column: told}))
    return each


def _own_rows(
    sample: ExplainedPeople, person: int, values: list[Any], curve: Array
) -> list[dict[str, Any]]:
    """One person's curve, in the last of the person's groups."""
    feature, group = [(one, two) for one, two, who in sample.groups if who[person]][-1]
    labels = {"measure": PERSON, "sensitive": feature, "group": group, "people": 1}
    return [
        labels | {"person": int(sample.rows[person]), "value": value, "estimate": float(points)}
        for value, points in zip(values, curve, strict=True)
    ]


def _extrapolation(X: pd.DataFrame, column: str) -> str:
    """Say how far the column depends on others, which makes some of the people asked about odd."""
    warned = (
        "Where columns depend on each other, some of these people are like nobody, and the model "
        "is asked beyond what it learned"
    )
    ranks = X.select_dtypes("number").corr(method="spearman").get(column, pd.Series(dtype=float))
    ranks = ranks.drop(column, errors="ignore").dropna()
    if not len(ranks):
        return f"{warned}."
    nearest = str(ranks.abs().idxmax())
    return f"{warned}: {column} goes most with {nearest} (rank correlation {ranks[nearest]:.2f})."
