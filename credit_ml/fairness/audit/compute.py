"""Who is treated how: group metrics of decisions and scores, with intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, InputError, TableError, known_names, refuse_unknown
from credit_ml.core.progress import awaited
from credit_ml.fairness.audit.custom import custom_rows
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.audit.functions import Metric, chosen_metrics
from credit_ml.fairness.audit.rows import AUDIT_COLUMNS, audit_rows
from credit_ml.fairness.checks import named_features, old_options
from credit_ml.fairness.metrics import METRICS, RATES
from credit_ml.fairness.tally.grouping import (
    EVERYBODY,
    Grouping,
    cluster_count,
    groupings_of,
    people_only,
    references_of,
)
from credit_ml.fairness.tally.summed import most_clusters
from credit_ml.fairness.tally.tally import Tally
from credit_ml.grammar.names import group_label, of_a_society, sensitive_name
from credit_ml.inference import Over, checked_level, checked_over, over_note, weights_note

#: What scikit-learn and others call metrics that have another name here.
OTHERS = {
    "accuracy_score": "accuracy",
    "fnr": "false_negative_rate",
    "fpr": "false_positive_rate",
    "precision_score": "precision",
    "recall": "true_positive_rate",
    "recall_score": "true_positive_rate",
    "sensitivity": "true_positive_rate",
    "specificity": "true_negative_rate",
    "tnr": "true_negative_rate",
    "tpr": "true_positive_rate",
}
#: Groups with fewer people than this are listed in the notes.
SMALL = 30


@old_options()
def audit(
    decisions: "npt.ArrayLike",
    dataset: Dataset,
    *,
    scores: "npt.ArrayLike | None" = None,
    sensitive: str | Sequence[str] | None = None,
    metrics: "Sequence[str | Metric] | Mapping[str, Metric] | str | Metric | None" = None,
    reference_groups: Mapping[str, str] | str | None = None,
    intersections: bool = True,
    decision: str = "selected",
    rater: str = "",
    intervals: float = 0.95,
    over: Over = "auto",
) -> Audit:
    """Metrics of decisions by group and intersection, with differences, ratios and intervals.

    A metric is a ratio of counts of people by outcome and decision (see `rates`); a difference
    is m(group) - m(reference_group), a ratio m(group) / m(reference_group): 0 and 1 mean that
    the groups are treated alike. Intervals say how far the numbers would move with other people
    of the same kind, or with other districts where the dataset names a cluster: Wilson's of
    shares, Newcombe's of their differences, Student's of mean scores (`credit_ml.inference`).
    They are not adjusted for the number of groups compared.

    Where the dataset has weights, counts are sums of weights, and intervals those of `People`
    with weights; "count" stays the number of people, beside "sum_of_weights". fairlearn's
    MetricFrame answers the same with ``sample_params={"sample_weight": ...}``.

    Counting people covers differences that have nothing to do with where people live, and is too
    narrow for others; counting clusters covers differences between groups, not what clusters
    share with each other (friends elsewhere, a city's luck), which moves a group's own level.
    Where the data are simulated, `credit_ml.inference.resample_societies` covers all of them
    (``benchmarks/results/coverage.md``).

    Groups without anybody are left out, and intersections without anybody have NaN, both as
    fairlearn does (whose count is NaN there, ours 0). A rate of nobody is NaN (see `rates`).

    Cost: one pass over the people, then groups x metrics: a second pass never comes. A metric that
    is a function is called once for each group and each block of people that is left out.

    Parameters
    ----------
    decisions : array-like of bool or of 0 and 1, one a person
        True is good for the person.
    dataset : Dataset
        Whose sensitive features (and outcome, when known) are used.
    scores : array-like of float, optional
        Adds the metric "mean_score", and is what metrics of scikit-learn get that take scores,
        such as ``roc_auc_score``.
    sensitive : str or sequence of str, optional
        Sensitive features to audit; all by default.
    metrics : sequence of str and callable, or mapping of names to callables, optional
        Of `METRICS`; all that the data allow by default. Also any function of
        ``(y_true, y_pred)``, and metrics of scikit-learn and fairlearn by function or name
        (``"sklearn.metrics.balanced_accuracy_score"``): see `custom_rows`. Those known to take
        scores or probabilities (``roc_auc_score``, ``average_precision_score``, ``log_loss``,
        ``brier_score_loss``) get `scores` as y_pred, and are refused without.
    reference_groups : mapping of str to str, or one group, optional
        Reference group of a feature or intersection (``{"hukou": "urban"}``), or of every single
        feature; the most numerous group by default.
    intersections : bool
        Also every pair of features, and all of them together.
    decision : str
        What True means, for titles: "650 points or more".
    rater : str
        Who decided, for titles.
    intervals : float
        Level of the intervals.
    over : {"auto", "people", "clusters"}
        What could have been otherwise. People of one district share its shocks, and intervals that
        count people say nothing of other districts. "auto" counts clusters where the dataset
        names at least `FEWEST_CLUSTERS` of them, else people.

    Raises
    ------
    TableError
        When decisions, scores or sensitive features cannot be used (see `Tally.of`).
    InputError
        When an option is out of range, or people have weights and a function takes none.

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
    asked = named_features(sensitive, dataset)
    features = dataset.sensitive[asked]
    clusters = _clusters_of(dataset, features, over)
    names, functions = chosen_metrics(metrics)
    weights = None if dataset.relative_weights() is None else dataset.weights
    for each in () if weights is None else functions:
        each.refuse_weights()
    common: dict[str, Any] = {"reference_groups": reference_groups, "intersections": intersections}
    told: dict[str, Any] = {"y": dataset.y, "scores": scores, "clusters": clusters}
    tally = Tally.of(decisions, features, weights=weights, **told)
    found = audit_tally(
        tally,
        metrics=names,
        decision=decision,
        rater=rater,
        intervals=intervals,
        over=over,
        **common,
    )
    if not functions:
        return found
    return custom_rows(found, functions, decisions, dataset, tally, scores=scores, **common)


@old_options()
@awaited("groups and intervals")
def audit_tally(
    tally: Tally,
    *,
    metrics: Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | str | None = None,
    intersections: bool = True,
    decision: str = "selected",
    rater: str = "",
    intervals: float = 0.95,
    over: Over = "auto",
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
    level, number = checked_level(intervals), cluster_count(tally)
    counted, reason = checked_over(over, number), over_note(over, number)
    if tally.weight is not None and tally.weight_squares is not None:
        total, squares = float(tally.weight.sum()), float(tally.weight_squares.sum())
        reason += f" {weights_note(tally.people, total, total**2 / squares)}"
    tally = tally if counted == "clusters" else people_only(tally)
    chosen = _metrics(metrics, tally)
    groupings = groupings_of(tally, intersections=intersections)
    references = references_of(reference_groups, tally)
    for name in references.keys() - groupings.keys():
        refuse_unknown(TableError, "reference_groups", name, groupings)
    parts = []
    for name, grouping in groupings.items():
        place = grouping.reference(references.get(name))
        parts.append(audit_rows(grouping, chosen, reference=place, level=level, small=SMALL))
    columns = {name: [each for part in parts for each in part[name]] for name in AUDIT_COLUMNS}
    parameters: dict[str, object] = {"decision": decision, "metrics": list(chosen)}
    parameters |= {"rater": rater} if rater else {}
    parameters |= {"intervals": level, "intervals_over": counted, "small": SMALL}
    parameters |= {"clusters": number} if counted == "clusters" else {}
    return Audit(
        table=pd.DataFrame(columns),
        title=f"{rater}: {decision}, by group" if rater else f"{decision.capitalize()}, by group",
        parameters=parameters,
        notes=(*_notes(groupings), reason),
    )


def _clusters_of(dataset: Dataset, features: pd.DataFrame, over: str) -> np.ndarray | None:
    """Everybody's cluster, few enough of them to be tallied beside the groups."""
    codes = None if over == "people" else dataset.clusters()
    if codes is None:
        return None
    return codes % most_clusters(features)


def _metrics(metrics: Sequence[str] | None, tally: Tally) -> tuple[str, ...]:
    outcome, scored = tally.counts.shape[-2] == 2, tally.sums is not None
    lacking = {} if scored else {"mean_score": "scores"}
    if not outcome:
        lacking |= {name: "an outcome" for name, rate in RATES.items() if rate.needs_outcome}
    for name in metrics or ():
        if name not in METRICS:
            if name in OTHERS:
                problem = f"'{name}' is called '{OTHERS[name]}' here"
                raise InputError("metrics", problem, f"give '{OTHERS[name]}'")
            other = name if name.endswith(("_score", "_loss")) else "balanced_accuracy_score"
            remedy = f"{known_names(name, METRICS)}; those of others by function or dotted name"
            remedy += f" ('sklearn.metrics.{other}')"
            raise InputError("metrics", f"'{name}' is unknown", remedy)
        if name in lacking:
            remedy = "give them" if name == "mean_score" else "give the dataset a target"
            raise TableError("metrics", f"'{name}' needs {lacking[name]}", remedy)
    asked = METRICS if metrics is None else metrics
    return tuple(name for name in METRICS if name in asked and name not in lacking)


def _notes(groupings: Mapping[str, Grouping]) -> tuple[str, ...]:
    notes = [
        "A difference is group minus reference group. The intervals describe other people of the "
        "same kind, not other decisions, and are not adjusted for the number of comparisons.",
        "A rate of nobody (true positive rate of a group in which nobody had the favourable "
        "outcome) is undefined, and so is what is made of it; where a largest difference leaves it "
        "out, its row says so.",
    ]
    few = []
    for grouping in groupings.values():
        tiny = [
            f"{_called(grouping.name, group)} ({people})"
            for group, people in zip(grouping.groups, grouping.people, strict=True)
            if 0 < people < SMALL
        ]
        if tiny and grouping.name != EVERYBODY:
            shown = ", ".join(tiny) if len(tiny) <= 3 else f"{len(tiny)} groups"
            known = of_a_society(grouping.name)
            named = sensitive_name(grouping.name) if known else grouping.name
            few.append(f"{named}: {shown}")
    said = f"Of groups of fewer than {SMALL} people little can be said: {'; '.join(few)}."
    return (*notes, said) if few else tuple(notes)


def _called(sensitive: str, group: str) -> str:
    """Return a group of a society by words; a table's own values stay as they are."""
    return group_label(sensitive, group) if of_a_society(sensitive) else group
