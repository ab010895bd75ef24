"""Reasons for one person's score, as a notice that the person could read."""

from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, Streams, TableError
from credit_ml.explanation.shapley.block_shapley import shapley
from credit_ml.explanation.shapley.coalitions import coalition_scores
from credit_ml.scoring import CrossFitted, score_function

#: People that one person is compared with.
REFERENCE = 200


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why one person's score is what it is: points by factor against a stated reference."""

    table: pd.DataFrame
    """One row a factor, the costliest first: factor, points, column, value, typical."""
    citizen: int
    """Row of the person in the dataset."""
    score: float
    """The person's score."""
    reference: float
    """Mean score of the people compared with."""
    unit: str
    """Unit of the score."""
    most: int
    """How many factors the text names."""

    def text(self) -> str:
        """Say the reasons in sentences, costliest first."""
        lines = [
            f"Your score is {self.score:.4g} {self.unit}; the average of the people compared "
            f"with is {self.reference:.4g}."
        ]
        for row in self.table.head(self.most).to_dict("records"):
            verb = "cost you" if row["points"] < 0 else "brought you"
            lines.append(
                f"{str(row['factor']).capitalize()} {verb} {abs(row['points']):.3g} {self.unit}: "
                f"{str(row['column']).replace('_', ' ')}: yours {_shown(row['value'])}, "
                f"typical {_shown(row['typical'])}."
            )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.text().splitlines())


def reasons_for(
    model: Any, dataset: Dataset, citizen: int, *, most: int = 4, seed: int = 0
) -> Reasons:
    """Attribute one person's score to factors, against up to 200 other people.

    Block Shapley values averaged over the reference people: they add up exactly to the
    person's score minus the reference's mean. Within a factor, the column named is the one
    whose replacement by its typical value moves the score most.

    A cross-fitted model's answer is that of the person's own fold, whose model saw neither
    the person nor the people compared with.

    Cost: 2**K x 200 rows scored, and one a column.

    Raises
    ------
    TableError
        When the dataset has no such row, or a CrossFitted belongs to another table.
    """
    if not 0 <= citizen < len(dataset):
        raise TableError(
            f"citizen {citizen}", "is not in the table", f"give 0 to {len(dataset) - 1}"
        )
    if isinstance(model, CrossFitted):
        check_fitted_on(model, dataset)
        fold = next(fold for fold in model.folds if citizen in fold.rows)
        place = int(np.searchsorted(fold.rows, citizen))
        found = reasons_for(fold.model, dataset.take(fold.rows), place, most=most, seed=seed)
        return replace(found, citizen=citizen)
    score = score_function(model)
    generator = Streams(seed).generator("explanation.reasons")
    size = min(REFERENCE, len(dataset))
    rows = np.sort(generator.choice(len(dataset), size, replace=False))
    reference = dataset.X.iloc[rows]
    own = dataset.X.iloc[np.full(size, citizen)].set_axis(reference.index)
    values = coalition_scores(score, own, reference, dataset.factors).mean(axis=1)
    points = shapley(values)
    typical = _typical(dataset.X)
    table = pd.DataFrame(
        [
            {"factor": factor, "points": float(points[number])}
            | _leading(score, dataset.X.iloc[[citizen]], typical, columns)
            for number, (factor, columns) in enumerate(dataset.factors.items())
        ]
    )
    return Reasons(
        table=table.sort_values("points", kind="stable").reset_index(drop=True),
        citizen=citizen,
        score=float(values[-1]),
        reference=float(values[0]),
        unit=score.unit,
        most=most,
    )


def check_fitted_on(model: CrossFitted, dataset: Dataset) -> None:
    """Raise TableError when a cross-fitted model is of another number of people."""
    if len(model) != len(dataset):
        raise TableError(
            dataset.name,
            f"has {len(dataset)} rows, the cross-fitted model {len(model)}",
            "give the table that it was fitted on",
        )


def _typical(X: pd.DataFrame) -> dict[str, Any]:
    return {column: _commonest_or_middle(X[column]) for column in X.columns}


def _commonest_or_middle(values: pd.Series) -> Any:
    known = values.dropna()
    if not len(known):
        return np.nan
    if isinstance(known.dtype, pd.CategoricalDtype):
        return known.mode().iloc[0]
    # A value that somebody has: two children, not two and a half.
    return known.quantile(0.5, interpolation="lower")


def _leading(
    score: Any, person: pd.DataFrame, typical: dict[str, Any], columns: tuple[str, ...]
) -> dict[str, Any]:
    now = float(score(person)[0])
    moves = {}
    for column in columns:
        changed = pd.Series([typical[column]], index=person.index).astype(person[column].dtype)
        moves[column] = abs(float(score(person.assign(**{column: changed}))[0]) - now)
    first = max(moves, key=lambda column: moves[column])
    return {"column": first, "value": person[first].iloc[0], "typical": typical[first]}


def _shown(value: Any) -> str:
    if pd.isna(value):
        return "missing"
    return f"{value:.3g}" if isinstance(value, int | float | np.number) else str(value)
