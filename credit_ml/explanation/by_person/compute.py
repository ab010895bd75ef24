"""What each column adds, person by person: the numbers of a waterfall and of a beeswarm."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, Rows, TableError, beside, conform
from credit_ml.explanation.by_person.finding import PersonAttributions
from credit_ml.explanation.levels import levels_of
from credit_ml.explanation.reasons.sentence import readable
from credit_ml.explanation.sample import Unseen, check_fitted_on, sample_of, unseen_by
from credit_ml.scoring import CrossFitted, display_name


def person_attributions(
    model: Any, dataset: Dataset, *, citizen: int | None = None, people: int = 200, seed: int = 0
) -> PersonAttributions:
    """What each column adds to a person's log-odds; with the base they sum to the model's own.

    Attributions are those of `explain`: SHAP values of the log-odds, checked to add up to the model
    within 1e-5, or block Shapley values by factor where the model is no such sum. 0 means that the
    column leaves the person where the average is. The figure of one person is a waterfall, of
    several a beeswarm.

    Cost: that of `explain` on `people` rows.

    Parameters
    ----------
    model : rater, scikit-learn classifier or pipeline, XGBoost, LightGBM, CatBoost, CrossFitted
        As in `explain`; of a CrossFitted, a citizen's own fold answers.
    dataset : Dataset
    citizen : int, optional
        Row of the one person to be told about; a sample of people by default.
    people : int
        Sample of people, who are also those with whom one citizen is compared.
    seed : int
        Of the sample.

    Raises
    ------
    ModelError
        When the model can be neither attributed nor asked.
    InputError
        When there are fewer than 2 people.
    TableError
        When the dataset has no such citizen, or a CrossFitted belongs to another table.

    References
    ----------
    See `PersonAttributions.citations`.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3] * 10, "years": [5, 5, 1, 1] * 10})
    >>> data = Dataset.from_frame(frame.assign(paid=frame["late"] < 2), target="paid",
    ...                           sensitive=[], favourable=True)
    >>> model = LogisticRegression().fit(data.X, data.y)
    >>> found = person_attributions(model, data, citizen=3)
    >>> bool(abs(found.scores[3] - model.decision_function(data.X)[3]) < 1e-9)
    True
    """
    if citizen is not None:
        there, remedy = 0 <= citizen < len(dataset), f"give 0 to {len(dataset) - 1}"
        TableError.unless(there, f"citizen {citizen}", "is not in the table", remedy)
    asked, known, rows = _unseen(model, dataset, citizen)
    one = sample_of(asked, known, None, people=people, intervals=0.95, over="people", seed=seed)
    chosen = one.rows
    if citizen is not None:
        chosen = np.union1d(chosen, np.flatnonzero(rows == citizen))
    who = known.take(chosen).held_as_factor()
    levels = levels_of(asked, who, seed)
    level = "feature" if "feature" in levels.of else "factor"
    values = levels.of[level]
    base = float(np.mean(levels.score(who.X) - values.sum(axis=1).to_numpy()))
    table = _table(values, who, rows[chosen], level)
    title = f"What moves single people's scores: {display_name(model)}"
    if citizen is not None:
        table = table[table["person"] == citizen].reset_index(drop=True)
        title = f"What moves the score of citizen {citizen}: {display_name(model)}"
    told = {"rater": display_name(model), "unit": levels.score.unit, "base": base, "level": level}
    return PersonAttributions(
        table=conform(table, measure="attribution", unit=levels.score.unit),
        title=title,
        parameters=told | {"citizen": citizen, "people": len(who)},
        seed=seed,
        notes=(levels.how, *beside(__file__)["notes"]),
    )


def _unseen(model: Any, dataset: Dataset, citizen: int | None) -> Unseen:
    """Return a model and people that it did not see, the citizen among them."""
    if citizen is None or not isinstance(model, CrossFitted):
        return unseen_by(model, dataset)
    check_fitted_on(model, dataset)
    fold = next(fold for fold in model.folds if citizen in fold.rows)
    return Unseen(fold.model, dataset.take(fold.rows), fold.rows)


def _table(values: pd.DataFrame, who: Dataset, rows: Rows, level: str) -> pd.DataFrame:
    """One row a person and column: what it adds, what the person has, and where that stands."""
    owner = {column: factor for factor, block in who.factors.items() for column in block}
    parts = []
    for name in values.columns:
        part = pd.DataFrame({"person": rows, "estimate": values[name].to_numpy()})
        part["name"], part["factor"] = name, owner[name] if level == "feature" else name
        own = who.X[name] if level == "feature" else pd.Series(np.nan, who.X.index)
        part["value"] = [readable(value) if level == "feature" else "" for value in own]
        part["place"] = _place(own)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _place(values: pd.Series) -> Array:
    """Share of people with less of a number, half of those with as much; missing of categories."""
    if not pd.api.types.is_numeric_dtype(values) or values.nunique() < 2:
        return np.full(len(values), np.nan)
    rank = values.rank(method="average")
    share = (rank - rank.min()) / (rank.max() - rank.min())
    return np.asarray(share.to_numpy("float64", na_value=np.nan))
