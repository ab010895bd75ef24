"""Reasons for one person's score, as a notice that the person could read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, Streams, TableError, refuse_weights
from credit_ml.explanation.reasons.sentence import as_score, readable, reason_sentence
from credit_ml.explanation.sample import check_fitted_on
from credit_ml.explanation.shapley.block_shapley import mean_attributions
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

    rows: tuple[dict[str, Any], ...]
    """Rows of `factors`."""
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

    @cached_property
    def factors(self) -> pd.DataFrame:
        """One row a factor, the costliest first: points, column, value, typical, effect, unit.

        Points add up to the score less the reference. `effect` is what the score would change by
        with the typical value of the column named, all else as it is: against the points, and at
        least a quarter of them. Where no single column does that, `column` is "" and `effect` that
        of the whole factor, or NaN where that contradicts the points too: nothing is then said of
        it.
        """
        return pd.DataFrame(list(self.rows)).assign(unit=self.unit)

    @property
    def table(self) -> pd.DataFrame:
        """Reasons that name a record: rows of `factors` with a column."""
        return self.factors[self.factors["column"] != ""].reset_index(drop=True)

    def sentences(self, *, costs: bool = False) -> list[str]:
        """Say the reasons, costliest first; with `costs` those alone that lowered the score."""
        return [reason_sentence(row, self.unit) for row in self.named(costs=costs)]

    def named(self, *, costs: bool = False) -> list[dict[str, Any]]:
        """Return the rows of `factors` that `sentences` says."""
        able = [row for row in self.rows if row["effect"] == row["effect"]]
        able = [row for row in able if row["points"] < 0] if costs else able
        rest = able[self.most :]
        return able[: self.most] + [
            row for row in rest if row["column"] == self.inquiries != "" and row["points"] < 0
        ]

    def text(self) -> str:
        """Say the score and the reasons, costliest first."""
        opening = (
            f"Your score is {as_score(self.score, self.unit)}; the average of the "
            f"people compared with is {readable(self.reference, digits=4)}."
        )
        rest = (row for row in self.rows if row["effect"] != row["effect"] and row["points"])
        named = ", ".join(
            f"{row['factor']} ({'-' if row['points'] < 0 else '+'}{readable(abs(row['points']))})"
            for row in rest
        )
        closing = [f"No record can be named for: {named}."] if named else []
        return "\n".join([opening, *self.sentences(), *closing])

    def __repr__(self) -> str:
        said = f"citizen {self.citizen}: {as_score(self.score, self.unit)}"
        return f"Reasons({said}; {len(self.rows)} factors; words in .text())"

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
    return reasons_of(model, dataset, [citizen], most=most, inquiries=inquiries, seed=seed)[0]


def reasons_of(
    model: Any,
    dataset: Dataset,
    citizens: Sequence[int],
    *,
    most: int = 4,
    inquiries: str = "",
    seed: int = 0,
) -> list[Reasons]:
    """Give the reasons of several people at once, each as `reasons_for` gives them.

    Cost: that of `reasons_for` a person, in few calls of the model; of scores that add columns up
    on their own scale, one pass over people and reference.

    Examples
    --------
    >>> people = pd.DataFrame({"late": [0, 0, 0, 2], "years": [1, 2, 3, 2]})
    >>> data = Dataset.from_frame(people, target=None, sensitive=[])
    >>> [each.score for each in reasons_of(lambda X: 10 - 3 * X["late"], data, [0, 3])]
    [10.0, 4.0]
    """
    refuse_weights(dataset, "reasons_for")
    for citizen in citizens:
        there, remedy = 0 <= citizen < len(dataset), f"give 0 to {len(dataset) - 1}"
        TableError.unless(there, f"citizen {citizen}", "is not in the table", remedy)
    told: dict[str, Any] = {"most": most, "inquiries": inquiries, "seed": seed}
    if isinstance(model, CrossFitted):
        check_fitted_on(model, dataset)
        by_citizen: dict[int, Reasons] = {}
        for fold in model.folds:
            own = np.intersect1d(fold.rows, citizens)
            places = np.searchsorted(fold.rows, own)
            score = score_function(fold.model, direction="higher_is_better")
            found = reasons_of(score, dataset.take(fold.rows), places.tolist(), **told)
            named = zip(own.tolist(), found, strict=True)
            by_citizen |= {citizen: replace(each, citizen=citizen) for citizen, each in named}
        return [by_citizen[citizen] for citizen in citizens]
    dataset = dataset.reading(model)
    score = score_function(model, dataset=dataset)
    generator = Streams(seed).generator("explanation.reasons")
    size = min(REFERENCE, len(dataset))
    rows = np.sort(generator.choice(len(dataset), size, replace=False))
    people, reference = dataset.X.iloc[list(citizens)], dataset.X.iloc[rows]
    factors = dataset.factors
    points, scores, base = mean_attributions(score, people, reference, factors, seed=seed)
    rows_of = _held_against(score, dataset, people, points)
    shown: dict[str, Any] = {"unit": score.unit, "most": most, "inquiries": inquiries}
    return [
        Reasons(rows=own, citizen=citizen, score=now, reference=other, **shown)
        for own, citizen, now, other in zip(
            rows_of, citizens, scores.tolist(), base.tolist(), strict=True
        )
    ]


def _held_against(
    score: Any, dataset: Dataset, people: pd.DataFrame, points: Array
) -> list[tuple[dict[str, Any], ...]]:
    """Name each factor's record by what the model says when it is replaced by the typical one.

    Returns each person's rows, the costliest factor first.
    """
    typical = {column: commonest_or_middle(dataset.X[column]) for column in dataset.features}
    blocks = list(dataset.factors.values())
    trials = [(), *((column,) for block in blocks for column in block), *blocks]
    many = len(people)
    rows = np.tile(np.arange(many), len(trials))
    asked = people.iloc[rows].reset_index(drop=True)
    for column in dataset.features:
        # The last of these is the typical value, in a type that the model knows.
        either = pd.concat([people[column], like(people[column].iloc[:1], typical[column])])
        replaced = np.repeat([column in trial for trial in trials], many)
        asked[column] = either.iloc[np.where(replaced, many, rows)].reset_index(drop=True)
    moved = np.asarray(score(asked), dtype="float64").reshape(len(trials), many)
    effect = dict(zip(trials, moved - moved[0], strict=True))
    least = ROUNDING * np.maximum(1.0, np.abs(moved[0]))
    by_factor = []
    for place, (factor, block) in enumerate(dataset.factors.items()):
        own = points[:, place]
        against, enough = -np.sign(own), np.maximum(ENOUGH * np.abs(own), least)
        alone = np.array([effect[column,] for column in block])
        first = (against * alone).argmax(axis=0)
        best = alone[first, np.arange(many)]
        named, whole = against * best >= enough, against * effect[block] >= enough
        said = np.where(named, best, np.where(whole, effect[block], np.nan)).tolist()
        values = [people[column].tolist() for column in block]
        by_factor.append(
            [
                {
                    "factor": factor,
                    "points": worth,
                    "column": block[which] if sure else "",
                    "value": values[which][person] if sure else np.nan,
                    "typical": typical[block[which]] if sure else np.nan,
                    "effect": change,
                }
                for person, (worth, which, sure, change) in enumerate(
                    zip(own.tolist(), first.tolist(), named.tolist(), said, strict=True)
                )
            ]
        )
    return [
        tuple(sorted(rows, key=lambda row: row["points"])) for rows in zip(*by_factor, strict=True)
    ]


def like(values: pd.Series, value: Any) -> pd.Series:
    """Return a column of the same rows and type in which everybody has one value.

    Examples
    --------
    >>> like(pd.Series([1.5, 2.5]), 3).tolist()
    [3.0, 3.0]
    """
    return pd.Series([value]).astype(values.dtype).repeat(len(values)).set_axis(values.index)


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
