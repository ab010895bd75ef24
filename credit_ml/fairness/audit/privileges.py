"""An audit at the line of every privilege that an agency grants."""

from typing import Any

import numpy.typing as npt

from credit_ml.core import Dataset, ModelError
from credit_ml.fairness.audit.compute import audit
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.checks import finite


def audit_privileges(
    rater: Any, dataset: Dataset, *, scores: "npt.ArrayLike | None" = None, **options: Any
) -> dict[str, Audit]:
    """Audit who is granted each privilege: one `audit` a threshold, by the privilege's id.

    A group may be treated alike at a low line and not at a high one, so that no single
    threshold speaks for a score.

    Cost: one scoring, and an audit a privilege.

    Parameters
    ----------
    rater : Rater
        Or anything with ``agency.privileges`` (records with id, name, threshold) and
        ``score(X)`` in points.
    dataset : Dataset
    scores : array-like of float, optional
        Points, when they are known already.
    **options
        Of `audit`, such as `sensitive` or `metrics`.

    Raises
    ------
    ModelError
        When the rater has no agency or grants no privilege.
    TableError, InputError
        As `audit`.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace as Record
    >>> lines = [Record(id="car", name="car", threshold=650),
    ...          Record(id="visa", name="visa", threshold=750)]
    >>> rater = Record(agency=Record(privileges=lines), name="sketch")
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3], "sex": list("ffmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = audit_privileges(rater, data, scores=[800, 700, 660, 600])
    >>> [each.metrics()["fairness.selection_rate.sex.f"] for each in found.values()]
    [1.0, 0.5]
    """
    name = str(getattr(rater, "name", type(rater).__name__))
    granted = tuple(getattr(getattr(rater, "agency", None), "privileges", ()))
    ModelError.unless(granted, name, "grants no privilege", "give a rater whose agency grants some")
    points = finite(rater.score(dataset.X) if scores is None else scores, "scores", dataset.X.index)
    return {
        str(each.id): audit(
            points >= each.threshold,
            dataset,
            decision=f"{each.threshold:g} points or more ({each.name})",
            rater=name,
            **options,
        )
        for each in granted
    }
