"""Rows of a disclosure's table: which groups there are, and what is measured of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Dataset, TableError, refuse_unknown
from credit_ml.disclosure.measures import (
    UNITS,
    Responded,
    auc_row,
    difference_row,
    labelled,
    mean_row,
    ratio_row,
)
from credit_ml.disclosure.response import Aim

Array = NDArray[np.float64]
Row = dict[str, Any]


def groups(
    dataset: Dataset, sensitive: Sequence[str] | None
) -> Iterator[tuple[dict[str, str], NDArray[np.bool_]]]:
    """Everybody, then each group that has anybody in it, with labels."""
    yield {"sensitive": "overall", "group": "all"}, np.ones(len(dataset), dtype=bool)
    for feature in _features(dataset, sensitive):
        values = dataset.groups(feature)
        for group in values.cat.categories:
            who = (values == group).to_numpy()
            if who.any():
                yield {"sensitive": feature, "group": str(group)}, who


def _features(dataset: Dataset, sensitive: Sequence[str] | None) -> list[str]:
    known = [str(column) for column in dataset.sensitive.columns]
    return known if sensitive is None else list(sensitive)


def group_rows(
    values: dict[str, Array], found: Responded, who: NDArray[np.bool_], weights: Array | None,
    quantile: float, labels: dict[str, str], unit: str,
) -> list[Row]:  # fmt: skip
    """Every measure of one group under one regime."""
    rows = []
    for measure, each in values.items():
        weighted = weights[who] if measure == "social_burden" and weights is not None else None
        row = mean_row(each[who], weighted, quantile=quantile)
        rows.append(labelled(row, **labels, reference_group="", measure=measure,
                             unit=_unit(measure, unit)))  # fmt: skip
    whole = {
        "improvement_share": ratio_row(found.improving[who], found.actions[who], quantile=quantile),
        "auc": auc_row(found.after[who], found.kept[who], quantile=quantile),
    }
    for measure, row in whole.items():
        rows.append(labelled(row, **labels, reference_group="", measure=measure,
                             unit=UNITS[measure]))  # fmt: skip
    return rows


def _unit(measure: str, unit: str) -> str:
    return unit if UNITS[measure] == "points" else UNITS[measure]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A group beside its reference group."""

    labels: dict[str, str]
    who: NDArray[np.bool_]
    base: NDArray[np.bool_]


def pairs_of(
    sample: Dataset, sensitive: Sequence[str] | None, references: Mapping[str, str]
) -> Iterator[Pair]:
    """Each group beside its reference group, the most numerous unless another is named.

    Raises
    ------
    TableError
        When a feature or a group that a reference is named for does not exist.
    """
    for name in references:
        if name not in sample.sensitive.columns:
            refuse_unknown(TableError, "reference_groups", name, sample.sensitive.columns)
    for feature in _features(sample, sensitive):
        values = sample.groups(feature)
        counts = values.value_counts(sort=False)
        reference = references.get(feature, str(counts.idxmax()))
        if reference not in counts.index:
            refuse_unknown(TableError, f"reference_groups, {feature}", reference, counts.index)
        base = (values == reference).to_numpy()
        for group, number in counts.items():
            if number and group != reference:
                names = {"sensitive": feature, "group": str(group), "reference_group": reference}
                yield Pair(labels=names, who=(values == group).to_numpy(), base=base)


def gap_rows(
    found: Responded, pair: Pair, lead: Aim, quantile: float, regime: str, unit: str
) -> list[Row]:
    """Gaps in score and in the first privilege, before and after."""
    rows: list[Row] = []
    for when, scores in (("before", found.before), ("after", found.after)):
        chosen = (scores >= lead.threshold).astype(np.float64)
        for measure, each, each_unit in (
            (f"score_gap_{when}", scores, unit),
            (f"selection_gap_{when}", chosen, "share of people"),
        ):
            row = difference_row(each[pair.who], each[pair.base], quantile=quantile)
            rows.append(
                labelled(row, **pair.labels, regime=regime, measure=measure, unit=each_unit)
            )
    return rows
