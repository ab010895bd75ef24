"""Reasons for one person's score, as a notice that the person could read."""

from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, Streams, TableError, refuse_weights
from credit_ml.explanation.reasons.sentence import as_score, readable, reason_sentence
from credit_ml.explanation.sample import check_fitted_on
from credit_ml.explanation.shapley.block_shapley import pair_attributions
from credit_ml.scoring import CrossFitted, score_function

#: People that one person is compared with.
REFERENCE = 200
#: A record is named as the reason of a factor's points when it alone moves at least this share.
ENOUGH = 0.25
#: Points below this share of the score are rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why one person's score is what it is: points by factor against a stated reference.

    Examples
    --------
    >>> people = pd.DataFrame({"late": [0, 0, 0, 2], "years": [1, 2, 3, 2]})
    >>> data = Dataset.from_frame(people, target=None, sensitive=[])
    >>> found = reasons_for(lambda X: 10 - 3 * X["late"] + X["years"], data, 3)
    >>> found.table[["column", "points", "effect"]].to_dict("records")
    [{'column': 'late', 'points': -4.5, 'effect': 6.0}]
    """

    factors: pd.DataFrame
    """One row a factor, the costliest first: factor, points, column, value, typical, effect, unit.

    Points add up to the score less the reference. `effect` is what the score would change by with
    the typical value of the column named, all else as it is: against the points, and at least a
    quarter of them. Where no single column does that, `column` is "" and `effect` that of the
    whole factor, or NaN where that contradicts the points too: nothing is then said of it.
    """
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
    inquiries: str = ""
    """Column that counts inquiries into the file: where it is why its factor cost something, that
    factor is named even beyond `most`, as the last."""

    @property
    def table(self) -> pd.DataFrame:
        """Reasons that name a record: rows of `factors` with a column."""
        return self.factors[self.factors["column"] != ""].reset_index(drop=True)

    def sentences(self, *, costs: bool = False) -> list[str]:
        """Say the reasons, costliest first; with `costs` those alone that lowered the score."""
        return [reason_sentence(row, self.unit) for row in self.named(costs=costs)]

    def named(self, *, costs: bool = False) -> list[dict[str, Any]]:
        """Return the rows of `factors` that `sentences` says."""
        able = self.factors[self.factors["effect"].notna()]
        able = able[able["points"] < 0] if costs else able
        last = able.iloc[self.most :]
        last = last[(last["column"] == self.inquiries) & (last["points"] < 0)]
        said = pd.concat([able.head(self.most), last]) if len(last) else able.head(self.most)
        rows: list[dict[str, Any]] = said.to_dict("records")  # type: ignore[assignment]
        return rows

    def text(self) -> str:
        """Say the score and the reasons, costliest first."""
        opening = (
            f"Your score is {as_score(self.score, self.unit)}; the average of the "
            f"people compared with is {readable(self.reference, digits=4)}."
        )
        rest = self.factors[self.factors["effect"].isna() & (self.factors["points"] != 0)]
        named = ", ".join(
            f"{row['factor']} ({'-' if row['points'] < 0 else '+'}{readable(abs(row['points']))})"
            for row in rest.to_dict("records")
        )
        closing = [f"No record can be named for: {named}."] if named else []
        return "\n".join([opening, *self.sentences(), *closing])

    def __repr__(self) -> str:
        said = f"citizen {self.citizen}: {as_score(self.score, self.unit)}"
        return f"Reasons({said}; {len(self.factors)} factors; words in .text())"

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.text().splitlines())


def reasons_for(
    model: Any, dataset: Dataset, citizen: int, *, most: int = 4, inquiries: str = "", seed: int = 0
) -> Reasons:
    """Attribute one person's score to factors, against up to 200 other people.

    Block Shapley values averaged over the reference people: they add up exactly to the
    person's score minus the reference's mean. Within a factor, the column named is the one
    whose replacement by its typical value moves the score most in the direction that the points
    say; that is asked of the model, and a factor without such a column names none.

    A cross-fitted model's answer is that of the person's own fold, whose model saw neither
    the person nor the people compared with.

    Cost: 2**K x 200 rows scored, and one a column and factor.

    Parameters
    ----------
    model : rater, classifier, regressor, CrossFitted or function
    dataset : Dataset
    citizen : int
        Row of the person.
    most : int
        Factors that the text names at most.
    inquiries : str
        Column that counts inquiries, whose factor is named even as one more.
    seed : int
        Of the people compared with.

    Raises
    ------
    TableError
        When the dataset has no such row, or a CrossFitted belongs to another table.

    Examples
    --------
    >>> people = pd.DataFrame({"late": [0, 0, 0, 2], "years": [1, 2, 3, 2]})
    >>> data = Dataset.from_frame(people, target=None, sensitive=[])
    >>> reasons_for(lambda X: 10 - 3 * X["late"] + X["years"], data, 3).sentences()
    ['Late cost you 4.5: yours 2, typical 0 (which alone would add 6).']
    """
    refuse_weights(dataset, "reasons_for")
    there, remedy = 0 <= citizen < len(dataset), f"give 0 to {len(dataset) - 1}"
    TableError.unless(there, f"citizen {citizen}", "is not in the table", remedy)
    if isinstance(model, CrossFitted):
        check_fitted_on(model, dataset)
        fold = next(fold for fold in model.folds if citizen in fold.rows)
        place = int(np.searchsorted(fold.rows, citizen))
        by_fold = score_function(fold.model, direction="higher_is_better")
        found = reasons_for(by_fold, dataset.take(fold.rows), place, most=most, seed=seed)
        return replace(found, citizen=citizen, inquiries=inquiries)
    dataset = dataset.reading(model)
    score = score_function(model, dataset=dataset)
    generator = Streams(seed).generator("explanation.reasons")
    size = min(REFERENCE, len(dataset))
    rows = np.sort(generator.choice(len(dataset), size, replace=False))
    reference = dataset.X.iloc[rows]
    own = dataset.X.iloc[np.full(size, citizen)].set_axis(reference.index)
    parts, whole, base = pair_attributions(score, own, reference, dataset.factors, seed=seed)
    points = parts.mean(axis=0)
    table = _held_against(score, dataset, citizen, points)
    return Reasons(
        factors=table.sort_values("points", kind="stable", ignore_index=True),
        citizen=citizen,
        score=float(whole.mean()),
        reference=float(base.mean()),
        unit=score.unit,
        most=most,
        inquiries=inquiries,
    )


def _held_against(score: Any, dataset: Dataset, citizen: int, points: Any) -> pd.DataFrame:
    """Name each factor's record by what the model says when it is replaced by the typical one."""
    person = dataset.X.iloc[[citizen]]
    typical = {column: commonest_or_middle(dataset.X[column]) for column in dataset.features}
    blocks = list(dataset.factors.values())
    trials = [(), *((column,) for block in blocks for column in block), *blocks]
    asked = person.iloc[np.zeros(len(trials), dtype=int)].reset_index(drop=True)
    for column in dataset.features:
        at = [place for place, replaced in enumerate(trials) if column in replaced]
        told = pd.Series([typical[column]] * len(at), index=at).astype(asked[column].dtype)
        asked[column] = asked[column].where(~asked.index.isin(at), told.reindex(asked.index))
    moved = np.asarray(score(asked), dtype="float64")
    effect = dict(zip(trials, moved - moved[0], strict=True))
    least = ROUNDING * max(1.0, abs(float(moved[0])))
    rows = []
    for (factor, block), points_of in zip(dataset.factors.items(), points.tolist(), strict=True):
        against = -np.sign(points_of)
        enough = max(ENOUGH * abs(points_of), least)
        first = max(block, key=lambda column: against * effect[column,])
        named = against * effect[first,] >= enough
        whole = against * effect[block] >= enough
        rows.append(
            {
                "factor": factor,
                "points": points_of,
                "column": first if named else "",
                "value": person[first].iloc[0] if named else np.nan,
                "typical": typical[first] if named else np.nan,
                "effect": effect[first,] if named else effect[block] if whole else np.nan,
            }
        )
    return pd.DataFrame(rows).assign(unit=score.unit)


def commonest_or_middle(values: pd.Series) -> Any:
    """Return what is typical of a column: the middle of numbers, else the commonest value.

    Examples
    --------
    >>> int(commonest_or_middle(pd.Series([1, 5, 9]))), commonest_or_middle(pd.Series(list("aab")))
    (5, 'a')
    """
    known = values.dropna()
    if not len(known):
        return np.nan
    if not pd.api.types.is_numeric_dtype(known) or pd.api.types.is_bool_dtype(known):
        return known.mode().iloc[0]
    # A value that somebody has: two children, not two and a half.
    return known.quantile(0.5, interpolation="lower")
