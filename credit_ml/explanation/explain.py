"""Explain a fitted model: how much each factor and each column moves its scores."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from credit_ml.core import Dataset, beside, conform
from credit_ml.explanation.finding import Explanation
from credit_ml.explanation.levels import levels_of
from credit_ml.explanation.sample import sample_of
from credit_ml.inference import Over


def explain(
    model: Any,
    dataset: Dataset,
    *,
    people: int = 2000,
    sensitive: str | Sequence[str] | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
    seed: int = 0,
) -> Explanation:
    """Mean absolute attribution of each factor and column; 0 means that it moves nobody.

    Columns: SHAP values of the log-odds (`feature_attributions`), checked to add up to the
    model within 1e-5. Factors: their columns' values added before the absolute value is taken.
    Where people have weights, so have means, and those who stand in for others.

    A model that SHAP cannot be held to is explained by factor alone, with block Shapley values of
    the log-odds, or of the score where it has none, each person's averaged over 10 references, and
    a note says why (`why_not_attributable`).

    Cost: one SHAP run on `people` rows, or 10 x 2**K model calls on them.

    Parameters
    ----------
    model : rater, scikit-learn classifier, or CrossFitted
        Of a CrossFitted, the table explains the first fold's model on the people that it did
        not see, and `Explanation.reasons` each citizen's own fold.
    people : int
        Sample of people that the table is computed on; all when there are fewer.
    sensitive : str or sequence of str, optional
        Also by group of these sensitive features.
    intervals : float
        Level of the intervals of the means.
    over : {"auto", "people", "clusters"}
        What intervals count.
    seed : int
        Of the sample and the background.

    Raises
    ------
    ModelError
        When the model can be neither attributed nor asked.
    InputError
        When there are fewer than 2 people, or the level is out of range.
    TableError
        When a CrossFitted belongs to another table, or the sensitive feature is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from credit_ml.scoring import LogisticScorer
    >>> frame = pd.DataFrame({"late": np.arange(60) % 4, "job": np.arange(60) % 3})
    >>> data = Dataset.from_frame(frame.assign(paid=frame["late"] < 2), target="paid",
    ...                           sensitive=[], favourable=True)
    >>> found = explain(LogisticScorer().fit(data.X, data.y), data)
    >>> found.table.nlargest(1, "estimate")["name"].item()
    'late'
    """
    sample = sample_of(
        model, dataset, sensitive, people=people, intervals=intervals, over=over, seed=seed
    )
    known = sample.dataset.held_as_factor()
    found = levels_of(sample.model, known, seed)
    unit = found.score.unit
    owner = {column: factor for factor, block in known.factors.items() for column in block}
    rows = [
        row | {"level": level, "name": name, "factor": name if level == "factor" else owner[name]}
        for level, values in found.of.items()
        for name in values.columns
        for row in sample.means(values[name].abs(), (0, np.inf))
    ]
    return Explanation(
        table=conform(rows, measure="mean_absolute_attribution", unit=unit),
        title=f"What moves the scores of {sample.name}",
        parameters=sample.parameters(unit=unit),
        seed=seed,
        notes=(
            found.how,
            *beside(__file__)["notes"],
            f"They are in {unit}; a person's reasons are in the unit of the score that is shown.",
            sample.people.note,
        ),
        model=model,
        dataset=dataset,
    )
