"""Partial dependence: how a model's number moves with one column, for everybody and by group."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, InputError, Streams, TableError, known_names
from credit_ml.explanation.dependence.finding import MEAN, PERSON, PartialDependence
from credit_ml.explanation.intervals import checked_level, of_means
from credit_ml.explanation.sample import Group, groups_of, sampled, unseen_by
from credit_ml.scoring import Output, display_name, score_function

Array = NDArray[np.float64]

#: Quantiles between which the grid of a number lies: beyond them a few people stretch the axis.
ENDS = (0.01, 0.99)


def partial_dependence(
    model: Any, dataset: Dataset, *, column: str, sensitive: str | None = None,
    output: Output = "score", people: int = 1000, grid: int = 20, curves: int = 30,
    intervals: float = 0.95, seed: int = 0,
) -> PartialDependence:  # fmt: skip
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
    sensitive : str, optional
        Also the mean curve of each group, over its own members.
    output : {"score", "log_odds", "probability"}
    people : int
        Sample that the curves are averaged over; all when there are fewer.
    grid : int
        Points of a number at most.
    curves : int
        People whose own curves are kept.
    intervals : float
        Level of the pointwise intervals of the means, over people, or over the dataset's clusters.
    seed : int
        Of the sample.

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
    >>> found.table.query("level == 'mean'")["estimate"].tolist()
    [5.0, 3.0, 1.0, -1.0]
    """
    level = checked_level(intervals)
    _check_sizes(grid, curves)
    asked, known, place = unseen_by(model, dataset)
    values, numeric = _points(known, column, grid)
    rows = sampled(known, people, seed=seed, stream="explanation.sample")
    sample = known.take(rows)
    groups = groups_of(sample, sensitive)
    score = score_function(asked, output)
    each = _conditional(score, sample.X, column, values)
    generator = Streams(seed).generator("explanation.curves")
    shown = np.sort(generator.choice(len(sample), min(curves, len(sample)), replace=False))
    table = [row for group in groups for row in _mean_rows(each, group, sample, values, level)]
    for person in shown.tolist():
        table += _person_rows(each[person], person, place[rows], groups, values)
    return PartialDependence(
        table=pd.DataFrame(table),
        title=f"What {display_name(model)} makes of {column}",
        parameters={
            "rater": display_name(model), "column": column, "sensitive": sensitive,
            "unit": score.unit, "numeric": numeric, "people": len(sample), "curves": len(shown),
            "intervals": intervals,
        },
        seed=seed,
        notes=(
            "What the model says of people who are given each value with their other columns as "
            "they are, not what would happen to them if it were changed.",
            _extrapolation(sample.X, column),
        ),
    )  # fmt: skip


def _check_sizes(grid: int, curves: int) -> None:
    if grid < 2:
        raise InputError("grid", f"is {grid}", "give at least 2")
    if curves < 0:
        raise InputError("curves", f"is {curves}", "give at least 0")


def _points(dataset: Dataset, column: str, grid: int) -> tuple[list[Any], bool]:
    if column not in dataset.X.columns:
        known = known_names(column, [str(name) for name in dataset.X.columns])
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


def _conditional(
    score: Callable[[pd.DataFrame], Array], X: pd.DataFrame, column: str, values: list[Any]
) -> Array:
    """Score of each person at each value of the column, shape (people, values)."""
    each = np.empty((len(X), len(values)))
    for place, value in enumerate(values):
        told = pd.Series([value] * len(X), index=X.index, dtype=X[column].dtype)
        each[:, place] = score(X.assign(**{column: told}))
    return each


def _mean_rows(
    each: Array, group: Group, sample: Dataset, values: list[Any], level: float
) -> list[dict[str, Any]]:
    clusters = sample.clusters()
    own = None if clusters is None else clusters[group.member]
    limits = of_means(each[group.member], own, level=level)
    return [
        {"level": MEAN, "sensitive": group.sensitive, "group": group.name, "person": -1,
         "value": value, "estimate": float(mean), "low": float(low), "high": float(high)}
        for value, mean, low, high in zip(values, *limits, strict=True)
    ]  # fmt: skip


def _person_rows(
    curve: Array, place: int, rows: NDArray[np.intp], groups: list[Group], values: list[Any]
) -> list[dict[str, Any]]:
    group = next(group for group in reversed(groups) if group.member[place])
    return [
        {"level": PERSON, "sensitive": group.sensitive, "group": group.name,
         "person": int(rows[place]), "value": value, "estimate": float(score), "low": np.nan,
         "high": np.nan}
        for value, score in zip(values, curve, strict=True)
    ]  # fmt: skip


def _extrapolation(X: pd.DataFrame, column: str) -> str:
    """Say how far the column depends on others, which makes some of the people asked about odd."""
    warned = "Where columns depend on each other, some of these people are like nobody"
    numbers = X.select_dtypes("number")
    if column not in numbers or numbers.shape[1] < 2:
        return f"{warned}, and the model is asked beyond what it learned."
    ranks = numbers.corr(method="spearman")[column].drop(column).dropna()
    if not len(ranks):
        return f"{warned}, and the model is asked beyond what it learned."
    nearest = str(ranks.abs().idxmax())
    return (
        f"{warned}, and the model is asked beyond what it learned: {column} goes most with "
        f"{nearest} (rank correlation {ranks[nearest]:.2f})."
    )
