"""The court black list, and what being on it closes: broken in one place, restricted everywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.consequences.finding import Consequences, rows_of
from credit_ml.core import Dataset, InputError, Streams, TableError, known_names
from credit_ml.fairness import audit
from credit_ml.fairness.checks import finite
from credit_ml.society import SENSITIVE, Society


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """One thing closed to whoever is on the list, whatever put them there."""

    id: str
    name: str
    source: str
    """Row of the source document."""


#: What the joint-punishment memorandum closes to the listed (S6, S8, S9).
RESTRICTIONS: tuple[Restriction, ...] = tuple(
    Restriction(id=key, name=name, source=source)
    for key, name, source in (
        ("flights", "no flights", "S8: 6.15 million people barred over four years"),
        ("trains", "no fast trains", "S8: 1.65 million people barred"),
        ("hotels", "no good hotels", "S8"),
        ("internet", "slower internet", "S8"),
        ("schools", "children kept out of good schools", "S9"),
    )
)

UNITS = {
    "share_listed": "share of people",
    "share_listed_though_kept": "share of those who kept the obligation",
    "share_kept_among_listed": "share of the listed",
    "restrictions": "restrictions a person",
}

_MEASURES = {
    "selection_rate": "share_listed",
    "true_positive_rate": "share_listed_though_kept",
    "precision": "share_kept_among_listed",
}


def blacklist(
    people: Dataset | Society,
    *,
    judgments: int = 1,
    scores: npt.ArrayLike | None = None,
    below: float | None = None,
    restrictions: Sequence[Restriction] = RESTRICTIONS,
    sensitive: str | Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | None = None,
    intervals: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
) -> Consequences:
    """Who is on the list, who of them kept the obligation all the same, and what it closes.

    Listed are people with at least `judgments` unpaid court orders on record (S8) or, when
    scores are given, with a score under `below`.

    - share_listed: of everybody.
    - share_listed_though_kept: of those who kept the audited obligation, the share listed: the
      list's error against them; 0 when it harms nobody who kept it. Needs an outcome.
    - share_kept_among_listed: of the listed, the share who kept it. Needs an outcome.
    - restrictions: mean number a person. One broken obligation closes every one of them, so it
      is the share listed times their number.

    Each by group and as group minus reference_group, where 0 means alike. Intervals are those
    of `credit_ml.fairness.audit`.

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
    below : float, optional
        Points under which a person is listed; needed with scores.
    restrictions : sequence of Restriction
        What the list closes.
    sensitive, reference_groups, intervals, replicates, seed
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    InputError
        When `judgments` is less than 1, only one of scores and below is given, or no
        restriction is.
    TableError
        When the column "judgments" or a sensitive feature is absent, or scores do not fit.

    Examples
    --------
    >>> frame = pd.DataFrame({"judgments": [0, 2, 1, 0], "sex": list("ffmm"), "paid": [1, 0, 1, 1]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = blacklist(data).metrics()
    >>> found["consequences.black_list.share_listed"]
    0.5
    >>> found["consequences.joint_punishment.restrictions"]
    2.5
    """
    if not restrictions:
        raise InputError("restrictions", "are empty", "give at least one")
    dataset = _dataset(people) if isinstance(people, Society) else people
    listed, rule = _listed(dataset, judgments=judgments, scores=scores, below=below)
    streams = Streams(seed)
    wanted = list(_MEASURES) if dataset.y is not None else ["selection_rate"]
    found = audit(
        listed,
        dataset,
        metrics=wanted,
        sensitive=sensitive,
        reference_groups=reference_groups,
        intersections=False,
        intervals=intervals,
        replicates=replicates,
        seed=streams.seed_for("blacklist"),
    )
    closed = {"selection_rate": "restrictions"}
    parts = [
        rows_of(found, "black list", _MEASURES),
        rows_of(found, "joint punishment", closed, times=len(restrictions)),
    ]
    return Consequences(
        table=pd.concat(parts, ignore_index=True),
        title=f"Black list ({rule})",
        parameters={
            "rule": rule,
            "restrictions": [one.name for one in restrictions],
            "units": UNITS,
            "lead": {"consequence": "black list", "measure": "share_listed"},
            "intervals": intervals,
            "replicates": replicates,
        },
        seed=streams.seed,
        notes=(
            "Broken in one place, restricted everywhere: whoever is listed meets every "
            f"restriction ({', '.join(one.name for one in restrictions)}), whatever was broken; "
            "people without children are counted as if they had some.",
        ),
    )


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
    dataset: Dataset, *, judgments: int, scores: npt.ArrayLike | None, below: float | None
) -> tuple[np.ndarray, str]:
    if (scores is None) != (below is None):
        given, missing = ("below", "scores") if scores is None else ("scores", "below")
        raise InputError(given, f"is given without {missing}", f"give {missing} too")
    if scores is not None and below is not None:
        points = finite(scores, "scores", dataset.X.index)
        return points < below, f"score under {below:g}"
    if judgments < 1:
        raise InputError("judgments", f"is {judgments!r}", "give at least 1")
    if "judgments" not in dataset.X.columns:
        known = [str(column) for column in dataset.X.columns]
        raise TableError(
            dataset.name,
            "has no column 'judgments'",
            f"give scores and below, or add it ({known_names('judgments', known)})",
        )
    rule = "an unpaid court order" if judgments == 1 else f"{judgments} unpaid court orders"
    return dataset.X["judgments"].to_numpy() >= judgments, f"{rule} or more"
