"""Who is granted what a score opens, and what the others go without."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.consequences.finding import Consequences, rows_of
from credit_ml.core import Dataset, ModelError, Streams
from credit_ml.fairness import audit
from credit_ml.fairness.checks import finite

#: The consequence that sums over a rater's whole schedule.
ALL_PRIVILEGES = "all privileges"

UNITS = {
    "share_granted": "share of people",
    "privileges_held": "privileges a person",
    "value_forgone": "share of a year's own income",
}


def privileges(
    rater: Any,
    dataset: Dataset,
    *,
    scores: npt.ArrayLike | None = None,
    sensitive: str | Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | None = None,
    intervals: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
) -> Consequences:
    """Share of each group granted each privilege, and the value that its members forgo.

    - share_granted: share with score >= the privilege's threshold.
    - privileges_held: mean number of privileges a person.
    - value_forgone: mean over people of the sum of the values of the privileges not granted,
      each a share of a year's own income; 0 when everybody is granted everything. Own income,
      so that the poor's loss counts as much as the rich's.

    Each by group and as group minus reference_group, where 0 means alike. Intervals are those
    of `credit_ml.fairness.audit`.

    Cost: one scoring, and for each privilege one pass over the people.

    Parameters
    ----------
    rater : Rater
        Or anything with ``agency.privileges`` (records with name, threshold, value) and
        ``score(X)`` in points.
    dataset : Dataset
        Whom it scores; with sensitive features. An outcome is not needed.
    scores : array-like of float, optional
        Points, when they are known already.
    sensitive, reference_groups, intervals, replicates, seed
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    ModelError
        When the rater has no agency or grants no privilege.
    TableError
        When the dataset lacks a column or a sensitive feature, or scores do not fit it.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> car = Record(id="car", name="car without a deposit", threshold=650, value=0.01)
    >>> rater = Record(agency=Record(privileges=[car]), name="sketch (rules)")
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3], "sex": list("ffmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = privileges(rater, data, scores=[700, 660, 650, 600])
    >>> found.metrics()["consequences.car_without_a_deposit.share_granted_difference.sex.m"]
    -0.5
    """
    name = str(getattr(rater, "name", type(rater).__name__))
    granted = tuple(getattr(getattr(rater, "agency", None), "privileges", ()))
    if not granted:
        raise ModelError(name, "grants no privilege", "give a rater whose agency grants some")
    points = finite(rater.score(dataset.X) if scores is None else scores, "scores", dataset.X.index)
    options: dict[str, Any] = {
        "sensitive": sensitive,
        "reference_groups": reference_groups,
        "intersections": False,
        "intervals": intervals,
        "replicates": replicates,
    }
    return Consequences(
        table=_table(granted, points, dataset, Streams(seed), options),
        title=f"Privileges of {name}",
        parameters={
            "rater": name,
            "privileges": [
                {"name": one.name, "threshold": float(one.threshold), "value": float(one.value)}
                for one in granted
            ],
            "units": UNITS,
            "lead": {"consequence": ALL_PRIVILEGES, "measure": "value_forgone"},
            "intervals": intervals,
            "replicates": replicates,
        },
        seed=seed,
        notes=(
            "A privilege is granted from its threshold on, and everybody is taken to want it. Its "
            "value is what a person would give for it, as a share of a year's own income: the "
            "agency file's assumption.",
        ),
    )


def _table(
    granted: tuple[Any, ...],
    points: np.ndarray,
    dataset: Dataset,
    streams: Streams,
    options: Mapping[str, Any],
) -> pd.DataFrame:
    parts, forgone, held = [], np.zeros(len(points)), np.zeros(len(points))
    for privilege in granted:
        given = points >= privilege.threshold
        own = streams.seed_for(f"privileges.{privilege.id}")
        found = audit(given, dataset, metrics=["selection_rate"], seed=own, **options)
        parts.append(rows_of(found, privilege.name, {"selection_rate": "share_granted"}))
        held += given
        forgone += np.where(given, 0.0, privilege.value)
    anybody = np.ones(len(points), dtype=bool)
    for measure, amount in (("privileges_held", held), ("value_forgone", forgone)):
        own = streams.seed_for(f"privileges, {measure}")
        found = audit(anybody, dataset, scores=amount, metrics=["mean_score"], seed=own, **options)
        parts.append(rows_of(found, ALL_PRIVILEGES, {"mean_score": measure}))
    return pd.concat(parts, ignore_index=True)
