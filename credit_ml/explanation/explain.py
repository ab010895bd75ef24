"""Explain a fitted model: how much each factor and each column moves its scores."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, Streams
from credit_ml.explanation.coalitions import factor_attributions
from credit_ml.explanation.features import feature_attributions
from credit_ml.explanation.finding import Explanation
from credit_ml.explanation.reasons import check_fitted_on
from credit_ml.scoring import CrossFitted, display_name, score_function

Rows = list[dict[str, Any]]


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

    Factors: block Shapley values of the log-odds (`factor_attributions`). Columns: SHAP values of
    the log-odds (`feature_attributions`), checked to add up to the model within 1e-5.

    Cost: 2**K model calls and one SHAP run on `people` rows.

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
    asked, known = model, dataset
    if isinstance(model, CrossFitted):
        check_fitted_on(model, dataset)
        fold = model.folds[0]
        asked, known = fold.model, dataset.take(fold.rows)
    generator = Streams(seed).generator("explanation.people")
    size = min(people, len(known))
    sample = known.take(np.sort(generator.choice(len(known), size, replace=False)))
    score = score_function(asked, "log_odds")
    factors = factor_attributions(score, sample.X, dataset.factors, background=sample.X, seed=seed)
    columns = feature_attributions(asked, sample.X)
    owner = {column: factor for factor, block in dataset.factors.items() for column in block}
    groups = {"all": np.ones(size, dtype=bool)}
    if sensitive is not None:
        values = sample.groups(sensitive)
        groups |= {f"{sensitive}={g}": (values == g).to_numpy() for g in values.cat.categories}
    rows: Rows = []
    for group, who in groups.items():
        for number, factor in enumerate(dataset.factors):
            rows.append(_row("factor", factor, factor, group, factors[who, number], intervals))
        for column in columns.columns:
            rows.append(
                _row("feature", column, owner[column], group, columns.loc[who, column], intervals)
            )
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
            "Factors: block Shapley values of the log-odds, against other people of the sample. "
            "Columns: SHAP values of the log-odds, which add up to the model within 1e-5.",
            "Attributions say what the model uses, not what would happen if it were changed.",
        ),
        model=model,
        dataset=dataset,
    )


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
