"""The court black list, and what being on it closes: broken in one place, restricted everywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from credit_ml.consequences.finding import ByGroup, Consequence, Consequences, GroupOptions, asked
from credit_ml.core import (
    Context,
    Dataset,
    InputError,
    TableError,
    beside,
    conform,
    known_names,
    refuse_weights,
)
from credit_ml.fairness.checks import finite
from credit_ml.inference import Estimate
from credit_ml.society import SENSITIVE, Society


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """One thing closed to whoever is on the list, whatever put them there.

    Examples
    --------
    >>> boats = Restriction(id="boats", name="no boats", source="assumed, because trains are")
    >>> boats in RESTRICTIONS
    False
    """

    id: str
    name: str
    source: str
    """Row of the source document."""


#: What the joint-punishment memorandum closes to the listed (S6, S8, S9).
RESTRICTIONS: tuple[Restriction, ...] = tuple(
    Restriction(id=key, **closed) for key, closed in beside(__file__)["restrictions"].items()
)

UNITS: dict[str, str] = beside(__file__)["units"]


def blacklist(
    people: Dataset | Society,
    *,
    judgments: int = 1,
    scores: "npt.ArrayLike | None" = None,
    threshold: float | None = None,
    restrictions: Sequence[Restriction] = RESTRICTIONS,
    **groups: Unpack[GroupOptions],
) -> Consequences:
    """Who is on the list, who of them kept the obligation all the same, and what it closes.

    Listed are people with at least `judgments` unpaid court orders on record (S8) or, when
    scores are given, with a score under `threshold`.

    - share_listed: of everybody.
    - share_listed_though_kept: of those who kept the audited obligation, the share listed: the
      list's error against them; 0 when it harms nobody who kept it. Needs an outcome.
    - share_kept_among_listed: of the listed, the share who kept it. Needs an outcome.
    - restrictions: mean number a person. One broken obligation closes every one of them, so it
      is the share listed times their number.

    Each by group and as group less reference group, where 0 means alike.

    Cost: one pass over the people.

    Parameters
    ----------
    people : Dataset or Society
        A dataset needs the column "judgments" unless scores are given; a society brings its
        records and outcomes.
    judgments : int
        Unpaid court orders that list a person, at least 1.
    scores : array-like of float, optional
        List by score instead.
    threshold : float, optional
        Points under which a person is listed; needed with scores.
    restrictions : sequence of Restriction
        What the list closes.
    sensitive, reference_groups, intervals, over
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    InputError
        When `judgments` is less than 1, only one of scores and threshold is given, or no
        restriction is.
    TableError
        When the column "judgments" or a sensitive feature is absent, or scores do not fit.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"judgments": [0, 2, 1, 0], "sex": list("ffmm"), "paid": [1, 0, 1, 1]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = blacklist(data).metrics()
    >>> found["consequences.black_list.share_listed"]
    0.5
    >>> found["consequences.joint_punishment.restrictions"]
    2.5
    """
    refuse_weights(people, "blacklist")
    InputError.unless(restrictions, "restrictions", "are empty", "give at least one")
    dataset = _dataset(people) if isinstance(people, Society) else people
    listed, rule = _listed(dataset, judgments, scores, threshold)
    by_group = ByGroup(dataset, **groups)
    named = [one.name for one in restrictions]
    return Consequences(
        table=conform(_rows(listed, dataset, by_group, len(named))),
        # Not the list of the rounds, which the years make: who is on it hangs on courts and terms.
        title=f"Whom the {'record' if scores is None else 'score'} alone would list ({rule})",
        parameters={
            "rule": rule,
            "restrictions": named,
            "units": UNITS,
            "lead": {"consequence": "black list", "measure": "share_listed"},
            **by_group.parameters,
        },
        notes=(
            "Broken in one place, restricted everywhere: whoever is listed meets every "
            f"restriction ({', '.join(named)}), whatever was broken; people without children are "
            "counted as if they had some.",
            by_group.people.note,
        ),
    )


def _rows(
    listed: np.ndarray, dataset: Dataset, by_group: ByGroup, restrictions: int
) -> list[dict[str, Any]]:
    people = by_group.people
    rows = by_group.rows("black list", "share_listed", people.share, listed)
    if dataset.y is not None:
        kept = dataset.y.to_numpy() == 1
        both = listed & kept
        of = {"share_listed_though_kept": kept, "share_kept_among_listed": listed}
        for measure, who in of.items():
            rows += by_group.rows("black list", measure, people.rate, both, who)

    def closed(hits: np.ndarray, who: np.ndarray) -> Estimate:
        return people.share(hits, who).scaled(restrictions)

    return rows + by_group.rows("joint punishment", "restrictions", closed, listed)


def _dataset(society: Society) -> Dataset:
    return Dataset(
        X=society.records[["judgments"]],
        y=society.outcome["kept"],
        sensitive=society.people[list(SENSITIVE)],
        factors={"history": ("judgments",)},
        context=society.people[["district"]],
        name="society",
    )


def _listed(
    dataset: Dataset, judgments: int, scores: npt.ArrayLike | None, threshold: float | None
) -> tuple[np.ndarray, str]:
    if (scores is None) != (threshold is None):
        given, missing = ("threshold", "scores") if scores is None else ("scores", "threshold")
        raise InputError(given, f"is given without {missing}", f"give {missing} too")
    if scores is not None and threshold is not None:
        points = finite(scores, "scores", dataset.X.index)
        return points < threshold, f"score under {threshold:g}"
    InputError.unless(judgments >= 1, "judgments", f"is {judgments!r}", "give at least 1")
    if "judgments" not in dataset.X.columns:
        known = [str(column) for column in dataset.X.columns]
        remedy = f"give scores and a threshold, or add it ({known_names('judgments', known)})"
        raise TableError(dataset.name, "has no column 'judgments'", remedy)
    rule = "an unpaid court order" if judgments == 1 else f"{judgments} unpaid court orders"
    return dataset.X["judgments"].to_numpy() >= judgments, f"{rule} or more"


def _of_society(context: Context) -> Iterator[Consequences]:
    yield blacklist(context.society, **asked(context))


CONSEQUENCE = Consequence(
    stage="across",
    run=_of_society,
    sentences={
        "share_listed": "{number} of {group} have what would list them at this moment",
        "share_listed_though_kept": "of {group} who kept the obligation, {number} have it all "
        "the same",
    },
)
