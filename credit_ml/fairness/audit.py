"""Who is treated how: group metrics of decisions and scores, with intervals."""

from collections.abc import Mapping, Sequence

import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, InputError, Streams, TableError, known_names, refuse_unknown
from credit_ml.fairness.checks import named_features
from credit_ml.fairness.finding import Audit
from credit_ml.fairness.grouping import EVERYBODY, Grouping, groupings_of
from credit_ml.fairness.intervals import checked_level
from credit_ml.fairness.metrics import METRICS, RATES
from credit_ml.fairness.rows import audit_rows
from credit_ml.fairness.tally import Tally

#: Groups with fewer people than this are listed in the notes.
SMALL = 30


def audit(
    decisions: npt.ArrayLike,
    dataset: Dataset,
    *,
    scores: npt.ArrayLike | None = None,
    sensitive: str | Sequence[str] | None = None,
    metrics: Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | None = None,
    intersections: bool = True,
    decision: str = "selected",
    rater: str = "",
    intervals: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
) -> Audit:
    """Metrics of decisions by group and intersection, with differences, ratios and intervals.

    A metric is a ratio of counts of people by outcome and decision (see `rates`); a difference
    is m(group) - m(reference_group), a ratio m(group) / m(reference_group): 0 and 1 mean that
    the groups are treated alike. Intervals say how far the numbers would move with other people
    of the same kind (`replicate_tables`, `spread`), each grouping from its own random stream,
    so that they do not depend on which other features are audited. They are not adjusted for
    the number of groups compared.

    Groups without anybody are left out, and intersections without anybody have NaN, both as
    fairlearn does (whose count is NaN there, ours 0). A rate of nobody is NaN (see `rates`).

    Cost: one pass over the people, then groups x replicates: a second pass never comes.

    Parameters
    ----------
    decisions : array-like of bool or of 0 and 1, one a person
        True is good for the person.
    dataset : Dataset
        Whose sensitive features (and outcome, when known) are used.
    scores : array-like of float, optional
        Adds the metric "mean_score".
    sensitive : str or sequence of str, optional
        Sensitive features to audit; all by default.
    metrics : sequence of str, optional
        Of `METRICS`; all that the data allow by default.
    reference_groups : mapping of str to str, optional
        Reference group of a feature or intersection (``{"hukou": "urban"}``); the most
        numerous group by default.
    intersections : bool
        Also every pair of features, and all of them together.
    decision : str
        What True means, for titles: "650 points or more".
    rater : str
        Who decided, for titles.
    intervals : float
        Level of the intervals.
    replicates : int
        Bootstrap replicates, at least 100.
    seed : int

    Raises
    ------
    TableError
        When decisions, scores or sensitive features cannot be used (see `Tally.of`).
    InputError
        When an option is out of range.

    References
    ----------
    See `Audit.citations`.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": range(8), "sex": list("ffffmmmm"), "paid": [1, 0] * 4})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = audit(frame["late"] < 6, data, metrics=["selection_rate"]).table
    >>> found.query("quantity == 'difference'")[["group", "reference_group", "estimate"]].values
    array([['m', 'f', -0.5]], dtype=object)
    """
    features = dataset.sensitive[named_features(sensitive, dataset, needed=True)]
    return audit_tally(
        Tally.of(decisions, features, y=dataset.y, scores=scores),
        metrics=metrics,
        reference_groups=reference_groups,
        intersections=intersections,
        decision=decision,
        rater=rater,
        intervals=intervals,
        replicates=replicates,
        seed=seed,
    )


def audit_tally(
    tally: Tally,
    *,
    metrics: Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | None = None,
    intersections: bool = True,
    decision: str = "selected",
    rater: str = "",
    intervals: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
) -> Audit:
    """`audit` of people who were tallied before, in chunks or on other machines.

    Parameters
    ----------
    tally : Tally
        Of everybody: the sum of the chunks' tallies.

    Other parameters, errors and the method are those of `audit`.

    Examples
    --------
    >>> sensitive = pd.DataFrame({"sex": pd.Categorical(["f", "m", "m", "f"])})
    >>> chunks = [Tally.of([1, 0], sensitive[:2]), Tally.of([1, 1], sensitive[2:])]
    >>> audit_tally(chunks[0] + chunks[1]).four_fifths["group"].tolist()
    ['m']
    """
    level = checked_level(intervals)
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 100:
        raise InputError("replicates", f"is {replicates!r}", "give at least 100")
    chosen = _metrics(metrics, tally)
    groupings = groupings_of(tally, intersections=intersections)
    references = dict(reference_groups or {})
    for name in references.keys() - groupings.keys():
        raise TableError("reference_groups", f"'{name}' is absent", known_names(name, groupings))
    streams = Streams(seed)
    parts = [
        audit_rows(
            grouping,
            chosen,
            reference=grouping.reference(references.get(name)),
            generator=streams.generator(f"fairness.audit.{name}"),
            draws=replicates,
            level=level,
            small=SMALL,
        )
        for name, grouping in groupings.items()
    ]
    parameters = {
        "decision": decision,
        **({"rater": rater} if rater else {}),
        "metrics": list(chosen),
        "intervals": level,
        "replicates": replicates,
        "small": SMALL,
    }
    return Audit(
        table=pd.concat(parts, ignore_index=True),
        title=f"{rater}: {decision}, by group" if rater else f"{decision.capitalize()}, by group",
        parameters=parameters,
        seed=streams.seed,
        notes=_notes(groupings),
    )


def _metrics(metrics: Sequence[str] | None, tally: Tally) -> tuple[str, ...]:
    outcome, scored = tally.counts.shape[-2] == 2, tally.sums is not None
    possible = [
        name
        for name in METRICS
        if (scored if name == "mean_score" else outcome or not _needs_outcome(name))
    ]
    if metrics is None:
        return tuple(possible)
    for name in metrics:
        if name not in METRICS:
            refuse_unknown(InputError, "metrics", name, METRICS)
        if name not in possible:
            raise TableError(
                "metrics",
                f"'{name}' needs {'scores' if name == 'mean_score' else 'an outcome'}",
                "give them" if name == "mean_score" else "give the dataset a target",
            )
    return tuple(name for name in METRICS if name in metrics)


def _needs_outcome(name: str) -> bool:
    return name in RATES and RATES[name].needs_outcome


def _notes(groupings: Mapping[str, Grouping]) -> tuple[str, ...]:
    notes = [
        "A difference is group minus reference group. The intervals describe other people of the "
        "same kind, not other decisions, and are not adjusted for the number of comparisons.",
        "A rate of nobody (true positive rate of a group in which nobody kept the obligation) is "
        "undefined and left out of the largest difference.",
    ]
    few = []
    for grouping in groupings.values():
        tiny = [
            f"{group} ({people})"
            for group, people in zip(grouping.groups, grouping.people, strict=True)
            if 0 < people < SMALL
        ]
        if tiny and grouping.name != EVERYBODY:
            shown = ", ".join(tiny) if len(tiny) <= 3 else f"{len(tiny)} groups"
            few.append(f"{grouping.name}: {shown}")
    if few:
        notes.append(
            f"Of groups of fewer than {SMALL} people little can be said: {'; '.join(few)}."
        )
    return tuple(notes)
