"""A report on a model of one's own and a dataset, from a notebook."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, StudyResults, TableError, need_known
from credit_ml.core.tables.columns import KNOWN_ALONE
from credit_ml.studies.own_table.audit_table import audited, checked, high_is_good, target_of
from credit_ml.studies.own_table.spec import TableAudit
from credit_ml.studies.own_table.stored_model import read_model

#: Keys of `TableAudit` that say nothing of how the table is taken apart, which a Dataset says.
OPTIONS = (
    *("direction", "threshold", "menu", "value", "regimes", "income", "title", "seed", "trust"),
    *("reference", "mute"),
)


def report(
    model: Any,
    dataset: Dataset,
    output: str | Path | None = None,
    *,
    overwrite: bool = False,
    track: bool = False,
    progress: bool = True,
    **options: Any,
) -> StudyResults:
    """Audit a fitted model of one's own: who gets what, which factor carries the gap, and why.

    The model is held against the table before any work: its columns, its classes, and which way
    round it ranks. Nothing is trained.

    Cost: ``2**K`` model calls for K factors, fewer from the ninth factor on.

    Parameters
    ----------
    model : fitted model, callable, Series or array of scores, str or Path
        As `score_function` takes it; scores of shape (people,), high when good; or where
        `read_model` finds a model.
    dataset : Dataset
    output : str or Path, optional
        Page to write, with the results as JSON beside it; none by default.
    overwrite : bool
        Whether a page that is there is replaced.
    track, progress : bool
        As in `run_study`.
    **options
        direction, threshold, menu, value, regimes, income, title, seed, trust, reference and mute,
        as of `audit_table`. By default as many people reach the threshold as kept.

    Raises
    ------
    TableError, ModelError, MenuError
        When the model, the table or an option cannot be used; nothing was tracked or written.
    InputError
        When the page is there already; nothing was tracked or written.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3] * 25, "sex": ["f", "m"] * 50,
    ...                       "paid": [1, 1, 0, 1, 1, 0, 0, 0, 1, 1] * 10})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive="sex")
    >>> found = report(LogisticRegression().fit(data.X, data.y), data, progress=False)
    >>> [finding.kind for finding in found.all_findings()]
    ['attribution_bands', 'audit', 'comparison', 'explanation', 'threshold_curve', 'quality']
    """
    for key in options:
        need_known(TableError, "report", key, OPTIONS)
    where = target_of(output, overwrite=overwrite)
    if isinstance(model, str | Path):
        options["model"] = str(model)
        model = read_model(model, trust=options.get("trust", False))
    asked, scores = TableAudit(**options), None
    if isinstance(model, pd.Series | np.ndarray | list):
        model, scores = None, high_is_good(_scores(model, dataset), dataset, asked)
    people = checked(dataset, asked, model, scores)
    told = ", ".join(f"{key}={_shown(value)}" for key, value in options.items() if key != "model")
    whose = "scores" if people.model is None else asked.model or people.model.name
    command = f"cm.report({whose}, {dataset.name}{', ' if told else ''}{told})"
    return audited(people, command, where=where, track=track, progress=progress)


def _scores(given: Any, dataset: Dataset) -> pd.Series:
    scores = np.asarray(given, dtype="float64")
    problem = f"have shape {scores.shape} for {len(dataset)} people"
    usable = scores.shape == (len(dataset),)
    TableError.unless(usable, "scores", problem, "give one number a person")
    missing = int((~np.isfinite(scores)).sum())
    problem = f"are missing or infinite in {missing} rows"
    TableError.unless(not missing, "scores", problem, KNOWN_ALONE)
    return pd.Series(scores, index=dataset.X.index, name="points")


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str | float | int | tuple | list | dict) else "..."
