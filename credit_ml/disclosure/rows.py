"""Rows of a disclosure's table: which groups there are, and what is measured of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import Dataset, TableError, refuse_unknown
from credit_ml.disclosure.measures import (
    UNITS,
    auc_row,
    concentration_row,
    difference_row,
    labelled,
    mean_row,
    ratio_row,
)
from credit_ml.disclosure.outcome import ResponseOutcome
from credit_ml.response.aim import Aim

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


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What is measured of everybody under one regime, and how it is put into rows."""

    values: Mapping[str, Array]
    """Measures that are plain means over people (`per_person`)."""
    found: ResponseOutcome
    income: Array
    """Thousand yuan a year."""
    known: Array | None
    """Squared errors of beliefs on single actions, and squares of their true effects, by person,
    shape (2, people); None when the belief cannot be asked."""
    creditworthy: Array | None
    """Chance that each keeps an obligation, or the outcome on file: the weights of burdens."""
    quantile: float
    unit: str
    """Of scores."""

    def rows(self, who: NDArray[np.bool_], labels: Mapping[str, str]) -> list[Row]:
        """Every measure of one group."""
        each = {name: self._mean(name, who) for name in self.values} | self._ratios(who)
        return [
            labelled(row, **labels, reference_group="", measure=name, unit=_unit(name, self.unit))
            for name, row in each.items()
        ]

    def gaps(self, pair: "Pair", regime: str, lead: Aim) -> list[Row]:
        """Gaps in score, first privilege, burden and gain from information."""
        granted = [(scores >= lead.threshold).astype(np.float64)
                   for scores in (self.found.before, self.found.after)]  # fmt: skip
        each = {
            "score_gap_before": self.found.before,
            "selection_gap_before": granted[0],
            "score_gap_after": self.found.after,
            "selection_gap_after": granted[1],
            "social_gap": self.values["social_burden"],
            "spending_gap": self.found.spending,
            "disparate_information_gain": self.values["information_gain"],
        }
        return [
            labelled(self._difference(name, values, pair), **pair.labels, regime=regime,
                     measure=name, unit=_gap_unit(name, self.unit))
            for name, values in each.items()
        ]  # fmt: skip

    def _mean(self, name: str, who: NDArray[np.bool_]) -> dict[str, float]:
        weights = self.creditworthy if name == "social_burden" else None
        return mean_row(self.values[name][who], None if weights is None else weights[who],
                        quantile=self.quantile)  # fmt: skip

    def _difference(self, name: str, values: Array, pair: "Pair") -> dict[str, float]:
        weights = self.creditworthy if name == "social_gap" else None
        return difference_row(
            *((values[who], None if weights is None else weights[who])
              for who in (pair.who, pair.base)),
            quantile=self.quantile,
        )  # fmt: skip

    def _bystanders(self, who: NDArray[np.bool_]) -> dict[str, dict[str, float]]:
        found = self.found
        if found.tied is None:
            return {}
        still = (~found.acted[who]).astype(np.float64)
        gained = (found.after - found.before)[who]
        lost = (found.had & ~found.granted)[who]
        return {
            "bystander_points": ratio_row(gained * still, still, quantile=self.quantile),
            "bystanders_refused": ratio_row(lost * still, still, quantile=self.quantile),
        }

    def _knowledge(self, who: NDArray[np.bool_]) -> dict[str, float]:
        if self.known is None:
            return {"estimate": np.nan, "low": np.nan, "high": np.nan}
        wrong, total = self.known[:, who]
        left = mean_row(np.divide(wrong, total, out=np.zeros(len(wrong)), where=total > 0), total,
                        quantile=self.quantile)  # fmt: skip
        return {"estimate": 1 - left["estimate"], "low": 1 - left["high"],
                "high": 1 - left["low"]}  # fmt: skip

    def _ratios(self, who: NDArray[np.bool_]) -> dict[str, dict[str, float]]:
        found, quantile = self.found, self.quantile
        acted, off = found.acted[who], np.abs(found.believed - found.after)[who]
        money = (found.spending * self.income)[who]
        return self._bystanders(who) | {
            "improvement_share": ratio_row(
                found.improving[who], found.actions[who], quantile=quantile
            ),
            "belief_error": ratio_row(off * acted, acted.astype(np.float64), quantile=quantile),
            "spending_concentration": concentration_row(money, self.income[who], quantile=quantile),
            "knowledge": self._knowledge(who),
            "auc": auc_row(found.after[who], found.kept[who], quantile=quantile),
            "auc_as_before": auc_row(found.after[who], found.kept_before[who], quantile=quantile),
        }


def _unit(measure: str, unit: str) -> str:
    return unit if UNITS[measure] == "points" else UNITS[measure]


def _gap_unit(measure: str, unit: str) -> str:
    if measure.startswith("score"):
        return unit
    return "share of people" if measure.startswith("selection") else "share of a year's income"


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
