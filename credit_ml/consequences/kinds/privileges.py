"""Who is granted what a score opens, and what the others go without."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from credit_ml.consequences.finding import ByGroup, Consequence, Consequences, GroupOptions, asked
from credit_ml.core import Context, Dataset, ModelError, beside, conform, refuse_weights
from credit_ml.fairness.checks import finite

#: The consequence that sums over a rater's whole schedule.
ALL_PRIVILEGES = "all privileges"

UNITS: dict[str, str] = beside(__file__)["units"]


def privileges(
    rater: Any,
    dataset: Dataset,
    *,
    scores: "npt.ArrayLike | None" = None,
    **groups: Unpack[GroupOptions],
) -> Consequences:
    """Share of each group granted each privilege, and the value that its members forgo.

    - share_granted: share with score >= the privilege's threshold.
    - privileges_held: mean number of privileges a person.
    - value_forgone: mean over people of the sum of the values of the privileges not granted,
      each a share of a year's own income; 0 when everybody is granted everything. Own income,
      so that the poor's loss counts as much as the rich's.

    Each by group and as group less reference group, where 0 means alike.

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
    sensitive, reference_groups, intervals, over
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
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3], "sex": list("ffmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = privileges(rater, data, scores=[700, 660, 650, 600])
    >>> found.metrics()["consequences.car_without_a_deposit.share_granted_difference.sex.m"]
    -0.5
    """
    refuse_weights(dataset, "privileges")
    name = str(getattr(rater, "name", type(rater).__name__))
    granted = tuple(getattr(getattr(rater, "agency", None), "privileges", ()))
    ModelError.unless(granted, name, "grants no privilege", "give a rater whose agency grants some")
    points = finite(rater.score(dataset.X) if scores is None else scores, "scores", dataset.X.index)
    by_group = ByGroup(dataset, **groups)
    return Consequences(
        table=conform(_rows(granted, points, by_group)),
        title=f"Privileges of {name}",
        parameters={
            "rater": name,
            "privileges": [_plain(one) for one in granted],
            "units": UNITS,
            "lead": {"consequence": ALL_PRIVILEGES, "measure": "value_forgone"},
            **by_group.parameters,
        },
        notes=(*beside(__file__)["notes"], by_group.people.note),
    )


def _plain(one: Any) -> dict[str, Any]:
    return {"name": one.name, "threshold": float(one.threshold), "value": float(one.value)}


def _rows(granted: tuple[Any, ...], points: np.ndarray, by_group: ByGroup) -> list[dict[str, Any]]:
    people, above = by_group.people, [points >= one.threshold for one in granted]
    rows = []
    for one, given in zip(granted, above, strict=True):
        rows += by_group.rows(one.name, "share_granted", people.share, given)
    worth = np.array([one.value for one in granted])
    forgone = ~np.array(above).T @ worth
    most = {"privileges_held": float(len(granted)), "value_forgone": float(worth.sum())}
    for measure, amount in (("privileges_held", np.sum(above, axis=0)), ("value_forgone", forgone)):
        mean = partial(people.mean, bounds=(0.0, most[measure]))
        rows += by_group.rows(ALL_PRIVILEGES, measure, mean, amount)
    return rows


def _of_rater(context: Context) -> Iterator[Consequences]:
    if context.rater.agency.privileges:
        yield privileges(context.rater, context.dataset, **asked(context))


CONSEQUENCE = Consequence(
    stage="rater",
    run=_of_rater,
    sentences={
        "value_forgone": "what {group} go without is worth {number} of a year's own income to them",
        "privileges_held": "{group} hold {number} privileges each",
    },
)
