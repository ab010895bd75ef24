"""Explain a fitted model: how much each factor and each column moves its scores."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, Streams
from credit_ml.explanation.finding import Explanation
from credit_ml.explanation.sample import unseen_by
from credit_ml.explanation.shapley.block_shapley import factor_attributions
from credit_ml.explanation.shapley.shap_values import attempt
from credit_ml.scoring import display_name, score_function

#: References that a person's block Shapley values are averaged over.
REFERENCES = 10
BY_COLUMN = (
    "Columns: SHAP values of the log-odds, which add up to the model within 1e-5. "
    "Factors: their columns' values, added before the absolute value is taken."
)
BY_FACTOR = (
    "Factors: block Shapley values of the log-odds, each person's averaged over "
    f"{REFERENCES} other people as references. Columns are left out: "
)


def explain(
    model: Any,
    dataset: Dataset,
    *,
    people: int = 2000,
    sensitive: str | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> Explanation:
    """Mean absolute attribution of each factor and column; 0 means that it moves nobody.

    Columns: SHAP values of the log-odds (`feature_attributions`), checked to add up to the
    model within 1e-5. Factors: their columns' values added before the absolute value is taken.
    A model that SHAP cannot be held to is explained by factor alone, with block Shapley values of
    the log-odds, each person's averaged over 10 references, and a note says why
    (`why_not_attributable`).

    Cost: one SHAP run on `people` rows, or 10 x 2**K model calls on them.

    Parameters
    ----------
    model : rater, scikit-learn classifier, or CrossFitted
        Of a CrossFitted, the table explains the first fold's model on the people that it did
        not see, and `Explanation.reasons` each citizen's own fold.
    people : int
        Sample of people that the table is computed on; all when there are fewer.
    sensitive : str, optional
        Also by group of this sensitive feature.
    intervals : float
        Level of the intervals of the means.
    seed : int

    Raises
    ------
    ModelError
        When the model can be neither attributed nor asked.
    TableError
        When a CrossFitted belongs to another table, or the sensitive feature is unknown.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=1500, seed=2).simulate()
    >>> agency = load_agency("sesame")
    >>> found = explain(agency.fit(society), agency.view(society), people=300)
    >>> found.table.query("level == 'factor'")["name"].tolist()[:2]
    ['history', 'capacity']
    """
    name = display_name(model)
    asked, known, _ = unseen_by(model, dataset)
    generator = Streams(seed).generator("explanation.sample")
    size = min(people, len(known))
    sample = known.take(np.sort(generator.choice(len(known), size, replace=False)))
    groups = {"all": np.ones(size, dtype=bool)}
    if sensitive is not None:
        values = sample.groups(sensitive)
        groups |= {f"{sensitive}={g}": (values == g).to_numpy() for g in values.cat.categories}
    columns, reason = attempt(asked, sample.X)
    factors = _by_factor(asked, sample, columns, seed)
    owner = {column: factor for factor, block in dataset.factors.items() for column in block}
    levels = [("factor", factors, {factor: factor for factor in factors.columns})]
    levels += [] if columns is None else [("feature", columns, owner)]
    rows = [
        _row(level, name, factor_of[name], group, values.loc[who, name], intervals)
        for group, who in groups.items()
        for level, values, factor_of in levels
        for name in values.columns
    ]
    return Explanation(
        table=pd.DataFrame(rows),
        title=f"What moves the scores of {name}",
        parameters={
            "rater": name,
            "unit": "log-odds",
            "people": size,
            "intervals": intervals,
        },
        seed=seed,
        notes=(
            BY_COLUMN if columns is not None else f"{BY_FACTOR}{reason}.",
            "Attributions say what the model uses, not what would happen if it were changed.",
        ),
        model=model,
        dataset=dataset,
    )


def _by_factor(
    model: Any, sample: Dataset, columns: pd.DataFrame | None, seed: int
) -> pd.DataFrame:
    if columns is not None:
        read = set(columns.columns)
        return pd.DataFrame(
            {
                factor: columns[[name for name in block if name in read]].sum(axis=1)
                for factor, block in sample.factors.items()
            }
        )
    score, streams = score_function(model, "log_odds"), Streams(seed)
    # Against one reference a person, the noise of the reference would count as importance.
    draws = [
        factor_attributions(
            score, sample.X, sample.factors, seed=streams.seed_for("explanation.references", draw)
        )
        for draw in range(REFERENCES)
    ]
    return pd.DataFrame(np.mean(draws, axis=0), columns=list(sample.factors))


def _row(
    level: str, name: str, factor: str, group: str, values: Any, intervals: float
) -> dict[str, Any]:
    from scipy import stats

    size = np.abs(np.asarray(values, dtype=np.float64))
    mean = float(size.mean()) if len(size) else float("nan")
    error = float(size.std(ddof=1) / np.sqrt(len(size))) if len(size) > 1 else float("nan")
    half = float(stats.norm.ppf((1 + intervals) / 2)) * error
    return {
        "level": level,
        "name": name,
        "factor": factor,
        "group": group,
        "estimate": mean,
        "low": max(0.0, mean - half) if half == half else half,
        "high": mean + half,
    }
