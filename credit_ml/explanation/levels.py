"""What each column and each factor adds to people's numbers, of any model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, ModelError, Streams
from credit_ml.explanation.shapley.block_shapley import factor_attributions
from credit_ml.explanation.shapley.shap_values import try_attributions
from credit_ml.scoring import ScoreFunction, score_function

#: References that a person's block Shapley values are averaged over.
REFERENCES = 10
BY_COLUMN = (
    "Columns: SHAP values of the log-odds, which add up to the model within 1e-5. "
    "Factors: their columns' values, added before the absolute value is taken."
)
BY_FACTOR = (
    "Factors: block Shapley values of the {unit}, each person's averaged over "
    f"{REFERENCES} other people as references. Columns are left out: "
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Levels:
    """Attributions by factor, and by column where the model is a sum of columns."""

    score: ScoreFunction
    """The number that is taken apart: log-odds, or the score of a model that has none."""
    how: str
    """What was done, and why columns are left out."""
    of: dict[str, pd.DataFrame]
    """"factor", and "feature" where there is one: a row a person, a column each."""


def levels_of(model: Any, dataset: Dataset, seed: int) -> Levels:
    """Take one model's number apart for everybody of a dataset whose columns all have a factor."""
    columns, reason = try_attributions(model, dataset.X, weights=dataset.relative_weights())
    try:
        score = score_function(model, "log_odds", dataset=dataset)
    except ModelError:
        score = score_function(model, dataset=dataset)
    if columns is None:
        how = f"{BY_FACTOR.format(unit=score.unit)}{reason}."
        return Levels(score=score, how=how, of={"factor": _by_factor(score, dataset, seed)})
    blocks = {
        factor: columns[[name for name in block if name in columns]]
        for factor, block in dataset.factors.items()
    }
    summed = {factor: block.sum(axis=1) for factor, block in blocks.items()}
    return Levels(
        score=score, how=BY_COLUMN, of={"factor": pd.DataFrame(summed), "feature": columns}
    )


def _by_factor(score: ScoreFunction, dataset: Dataset, seed: int) -> pd.DataFrame:
    streams = Streams(seed)
    # Against one reference a person, the noise of the reference would count as importance.
    seeds = [streams.seed_for("explanation.references", draw) for draw in range(REFERENCES)]
    weights, factors = dataset.relative_weights(), dataset.factors
    draws = [
        factor_attributions(score, dataset.X, factors, weights=weights, seed=each) for each in seeds
    ]
    return pd.DataFrame(np.mean(draws, axis=0), columns=list(factors))
