"""What each column adds by how much of it people have: means of many, and no row of anybody."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, Finding, Mask, beside, cited, conform
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points
from credit_ml.explanation.levels import levels_of
from credit_ml.explanation.reasons.sentence import readable
from credit_ml.explanation.sample import sample_of
from credit_ml.inference import Over

#: A mean is of so many people at least; fewer are left out, and small categories pooled.
LEAST = 10
#: Thirds of people by how much of a number they have.
THIRDS = ("least of it", "middling", "most of it")
#: What is drawn of no order.
OTHER = "category, or missing"
#: Columns drawn, and their marks: told apart without colour.
SHOWN, MARKS, CATEGORY = 10, ("v", "o", "^"), "D"


class AttributionBands(Finding):
    """Mean attribution among those who have the least, a middling amount and the most of a column.

    Own columns of `table`: name (column), factor, band (a third of people, or a category), unit. A
    row is a mean of ten people or more.

    Examples
    --------
    >>> rows = [{"name": "late", "factor": "history", "band": band, "estimate": size}
    ...         for band, size in zip(THIRDS, (0.5, 0.0, -0.5), strict=True)]
    >>> found = AttributionBands(table=conform(rows, measure="mean_attribution"), title="")
    >>> found.where(band="most of it").table["estimate"].item()
    -0.5
    """

    kind: ClassVar[str] = "attribution_bands"
    labels: ClassVar[tuple[str, ...]] = ("name", "factor", "band")
    citations = cited("lundberg_2017", "lundberg_2020", "shapley_1953")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the columns that move scores furthest, a mark a band."""
        everybody = self.table[self.table["sensitive"] == "overall"]
        spread = everybody.groupby("name", sort=False)["estimate"].agg(np.ptp)
        names = spread.nlargest(SHOWN).index.tolist()[::-1]
        axes = axes_or_new(axes, height=1.5 + 0.4 * len(names))
        rows = everybody[everybody["name"].isin(names)]
        place = rows["name"].map({name: number for number, name in enumerate(names)})
        kinds = [*zip(THIRDS, PALETTE, MARKS, strict=False), (OTHER, PALETTE[3], CATEGORY)]
        for band, colour, mark in kinds:
            own = ~rows["band"].isin(THIRDS) if band == OTHER else rows["band"] == band
            if own.any():
                points(axes, rows[own], place[own], color=colour, fmt=mark, label=band)
        axes.axvline(0.0, color=INK, lw=0.8)
        axes.set_yticks(range(len(names)), [str(name).replace("_", " ") for name in names])
        axes.set_xlabel(f"what the record adds on average ({self.parameters.get('unit', '')})")
        axes.grid(axis="x")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(kinds))
        return axes


def attribution_bands(
    model: Any,
    dataset: Dataset,
    *,
    people: int = 1000,
    intervals: float = 0.95,
    over: Over = "auto",
    seed: int = 0,
) -> AttributionBands:
    """Mean attribution by how much of each column people have; 0 leaves them where the average is.

    Attributions are those of `explain`. People are parted into thirds by how much they have of a
    number, as nearly as those with equal amounts can be kept together, and by category where there
    is no order; bands of fewer than ten are left out, so that no row speaks of one person.
    `person_attributions` keeps single people.

    Cost: that of `explain` on `people` rows.

    Parameters
    ----------
    model : rater, scikit-learn classifier or pipeline, XGBoost, LightGBM, CatBoost, CrossFitted
        As in `explain`.
    dataset : Dataset
    people : int
        Sample of people.
    intervals : float
        Level of the intervals of the means.
    over : {"auto", "people", "clusters"}
        What intervals count.
    seed : int
        Of the sample.

    Returns
    -------
    AttributionBands
        Without a row where the model is no sum over columns.

    Raises
    ------
    ModelError
        When the model can be neither attributed nor asked.
    InputError
        When there are fewer than 2 people, or the level is out of range.
    TableError
        When a CrossFitted belongs to another table.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3] * 10, "years": [5, 5, 1, 1] * 10})
    >>> data = Dataset.from_frame(frame.assign(paid=frame["late"] < 2), target="paid",
    ...                           sensitive=[], favourable=True)
    >>> found = attribution_bands(LogisticRegression().fit(data.X, data.y), data)
    >>> found.where(name="late").table["estimate"].is_monotonic_decreasing
    True
    """
    sample = sample_of(
        model, dataset, None, people=people, intervals=intervals, over=over, seed=seed
    )
    known = sample.dataset.held_as_factor()
    levels = levels_of(sample.model, known, seed)
    values = levels.of.get("feature", pd.DataFrame())
    weights = known.relative_weights()
    owner = {column: factor for factor, block in known.factors.items() for column in block}
    rows = [
        {"name": name, "factor": owner[name], "band": band}
        | sample.people.mean(values[name], who).facts(sample.level)
        for name in values.columns
        for band, who in bands(known.X[name], weights).items()
    ]
    unit = levels.score.unit
    return AttributionBands(
        table=conform(rows, measure="mean_attribution", unit=unit),
        title=f"What records add to the scores of {sample.name}, by how much of them people have",
        parameters=sample.parameters(unit=unit),
        seed=seed,
        notes=(levels.how, *beside(__file__)["notes"], sample.people.note),
    )


def bands(values: pd.Series, weights: Array | None = None) -> Mapping[str, Mask]:
    """Return who has the least, a middling amount and the most; or who is of each category.

    Of people with equal amounts all are in one band, which may be far more than a third; where two
    bands remain, they are of the least and the most.

    Parameters
    ----------
    values : Series
        What each person has.
    weights : array of shape (people,), optional
        For how many people each row speaks; a third is one of them.

    Examples
    --------
    >>> {band: int(who.sum()) for band, who in bands(pd.Series(range(60))).items()}
    {'least of it': 20, 'middling': 20, 'most of it': 20}
    >>> {band: int(who.sum()) for band, who in bands(pd.Series([0] * 80 + [1] * 20)).items()}
    {'least of it': 80, 'most of it': 20}
    >>> list(bands(pd.Series(["a"] * 12 + ["b"] * 30 + ["c"] * 3 + ["d"] * 9)))
    ['a', 'b', 'others']
    """
    return {band: who for band, who in _bands(values, weights) if who.sum() >= LEAST}


def _bands(values: pd.Series, weights: Array | None) -> Iterator[tuple[str, Mask]]:
    known = values.notna().to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(values) and values.min() < values.max():
        weight = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)
        below = pd.Series(weight[known]).groupby(values[known].to_numpy()).sum()
        place = ((below.cumsum() - below / 2) / below.sum()).reindex(values).to_numpy()
        third = np.minimum(np.floor(3 * np.nan_to_num(place)), 2)
        parts = [part for number in range(3) if (part := (third == number) & known).any()]
        names = THIRDS if len(parts) == len(THIRDS) else (THIRDS[0], THIRDS[-1])
        yield from zip(names, parts, strict=False)
    else:
        counts = values.value_counts()
        large = sorted(counts.index[counts >= LEAST], key=readable)
        for value in large:
            yield readable(value), (values == value).to_numpy(dtype=bool, na_value=False)
        yield "others", known & ~values.isin(large).to_numpy(dtype=bool)
    yield "missing", ~known
