"""Metrics that are functions of (y_true, y_pred), with intervals from people left out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, Streams
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.audit.functions import NamedMetric
from credit_ml.fairness.audit.rows import AuditRows
from credit_ml.fairness.checks import finite
from credit_ml.fairness.tally.grouping import (
    EVERYBODY,
    groupings_of,
    members_of,
    people_only,
    references_of,
)
from credit_ml.fairness.tally.tally import Tally
from credit_ml.inference import Estimate, stacked_jackknife

#: Blocks of people that are left out in turn where people are counted; the t quantile is of one
#: less, so that more would narrow intervals by less than 2 %.
BLOCKS = 50


def custom_rows(
    audited: Audit,
    functions: Sequence[NamedMetric],
    decisions: "npt.ArrayLike",
    dataset: Dataset,
    tally: Tally,
    *,
    reference_groups: Mapping[str, str] | str | None,
    intersections: bool,
    scores: "npt.ArrayLike | None",
) -> Audit:
    """Add metrics that are functions: values, differences and largest differences.

    Their intervals are those of the delete-a-group jackknife: each cluster is left out in turn
    where clusters are counted, else each of `BLOCKS` blocks of people drawn by lot. A function
    that raises ValueError, or warns that it is undefined, is NaN for that group, and so is one that
    compares people of both outcomes (`functions.OF_BOTH_OUTCOMES`) where all have one. Metrics
    of scikit-learn that take scores (`functions.OF_SCORES`) get `scores`; all others decisions.
    Weights of people are passed as ``sample_weight``.

    Cost: groups x (clusters or `BLOCKS`) calls of each function.
    """
    level = float(audited.parameters["intervals"])
    clustered = audited.parameters["intervals_over"] == "clusters"
    codes = dataset.clusters() if clustered else None
    if codes is None:
        order = Streams(0).generator("fairness.audit.blocks").permutation(len(dataset))
        codes = order % min(BLOCKS, len(dataset))
    kept = dataset.outcome(needed_for=f"the metric '{functions[0].name}'").to_numpy()
    chosen = np.asarray(decisions).astype("int8")
    points = None if scores is None else finite(scores, "scores", dataset.X.index)
    given = [each.given(chosen, points) for each in functions]
    weights = dataset.relative_weights()
    tally = tally if clustered else people_only(tally)
    parts, references = [], references_of(reference_groups, tally)
    for name, grouping in groupings_of(tally, intersections=intersections).items():
        member = members_of(dataset.sensitive, grouping)
        rows = AuditRows(grouping=grouping, level=level)
        for each, passed in zip(functions, given, strict=True):
            if each.same_as:
                estimate = grouping.rates([each.same_as])
            else:
                people = _Blocks(member, codes, weights, len(grouping.groups))
                estimate = _estimated(each, kept, passed, people, clustered=clustered)
            rows.values([each.name], estimate)
            if name == EVERYBODY:
                continue
            against, share = grouping.reference(references.get(name)), each.bounds == (0.0, 1.0)
            for quantity in ("difference", "ratio")[: 1 + share]:
                rows.compared(quantity, [each.name], estimate, against)
            rows.spreads([each.name], estimate, ratios=share)
        parts.append(pd.DataFrame(rows.columns()))
    table = pd.concat([audited.table, *parts] if len(audited.table) else parts, ignore_index=True)
    names = [*audited.parameters["metrics"], *(each.name for each in functions)]
    return replace(audited, table=table, parameters={**audited.parameters, "metrics": names})


class _Blocks(NamedTuple):
    """People of some groups, and the blocks of them that are left out in turn."""

    member: np.ndarray
    """Each one's group."""
    codes: np.ndarray
    """Each one's block."""
    weights: np.ndarray | None
    groups: int
    """How many groups there are."""


def _estimated(
    metric: NamedMetric, kept: np.ndarray, given: np.ndarray, people: _Blocks, *, clustered: bool
) -> Estimate:
    """One function of every group, shape (groups, 1), with the blocks left out in turn."""
    codes, weights = people.codes, people.weights
    size, values, reasons = int(codes.max()) + 1, [], []
    members, without = np.zeros((2, size, people.groups))

    def value(who: np.ndarray, *, again: bool = False) -> tuple[float, str]:
        own = None if weights is None else weights[who]
        return metric.value(kept[who], given[who], own, again=again)

    for place in range(people.groups):
        inside = people.member == place
        if weights is not None:
            inside &= weights > 0
        members[:, place] = np.bincount(codes[inside], minlength=size)
        found, reason = value(inside)
        values.append(found)
        reasons.append(reason)
        without[:, place] = found
        for code in () if np.isnan(found) else np.flatnonzero(members[:, place]):
            without[code, place] = value(inside & (codes != code), again=True)[0]
    estimate = stacked_jackknife(
        np.array(values),
        without,
        members=members,
        bounds=metric.bounds,
        reasons=reasons,
        clustered=clustered,
    )
    return estimate[:, np.newaxis]
