"""Rows of a disclosure's table: every measure of every group, and of pairs of groups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from credit_ml.core.schema import EVERYBODY
from credit_ml.core.tables.arrays import Array
from credit_ml.disclosure.measures import CHANCES, MEASURES, SHARES, bounds_of
from credit_ml.disclosure.outcome import ResponseOutcome
from credit_ml.inference import (
    Comparison,
    Estimate,
    GroupedPeople,
    difference,
    mostly_none,
    two_part_mean,
)

Row = dict[str, Any]
#: Names of measures, and their numbers of several groups or pairs, shape (groups, measures).
Measured = tuple[Sequence[str], Estimate]
#: Names of rates, and both sums of each, a column a rate.
Rates = tuple[tuple[str, ...], Array, Array]

POSITIVE, ANY = (0.0, np.inf), (-np.inf, np.inf)
#: What befalls people so many times.
COUNTED = (
    *("privileges_won", "privileges_lost", "penalties_escaped", "penalties_met", "caught"),
    *("reported_truly", "reported_falsely", "ties_cut", "ties_added"),
)
#: Shares of whom the first aim is granted, which groups are compared by.
GRANTED = ("selection_gap_before", "selection_gap_after")


@dataclass(frozen=True, kw_only=True)
class RegimeMeasures:
    """What is measured of everybody under one regime, and how it is put into rows."""

    groups: GroupedPeople
    values: Mapping[str, Array]
    """Measures that are plain means over people (`per_person`)."""
    found: ResponseOutcome
    full: ResponseOutcome
    """Under full disclosure."""
    income: Array
    """Thousand yuan a year."""
    known: Array | None
    """Squared errors of beliefs on single actions, and squares of their true effects, by person,
    shape (2, people); None when the belief cannot be asked."""
    creditworthy: Array
    """Chance that each keeps an obligation, or the outcome on file: the weights of burdens."""
    level: float
    """Of intervals."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Of every row: regime."""
    unit: str = "points"
    """Of scores."""
    offer: Mapping[str, Any] = field(default_factory=dict)
    """What was told and sold under the regime, where that was chosen."""
    risky: bool = False
    """Whether people can be found out in anything."""

    def rows(self, places: Sequence[tuple[str, str]]) -> Iterator[Row]:
        """Every measure of each group, of which places name the feature and the group."""
        labels = [
            {"quantity": "value", "sensitive": name, "group": group, "reference_group": ""}
            for name, group in places
        ]
        yield from self._facts(self._of_groups(), labels)
        overall = [label for label in labels if label["sensitive"] == EVERYBODY]
        yield from self._facts(self._changes() if overall else [], overall)

    def _changes(self) -> list[Measured]:
        """How much better or worse the score tells everybody apart than before anybody acted.

        Each person is compared with themself, so that what is alike before and after cancels.
        """
        found, people = self.found, self.groups.people
        still = self.kept_alike and np.array_equal(found.after, found.before)
        auc = people.mean(np.zeros(len(found.after)))  # exactly, where nothing has moved
        if not still:
            now = people.auc(found.after, found.kept)
            auc = difference(now, people.auc(found.before, found.kept_before))
        before = np.where(found.had, found.kept_before, 1 - found.kept_before)
        changes = {"auc_change": auc, "accuracy_change": people.mean(found.right - before)}
        return [((name,), each.as_wide_as((1, 1))) for name, each in changes.items()]

    def gaps(self, pairs: Sequence[Comparison], places: Sequence[tuple[str, str]]) -> Iterator[Row]:
        """Gaps in score, first privilege, burden and gain from information."""
        at = {place: number for number, place in enumerate(places)}
        mine = [at[pair.sensitive, pair.group] for pair in pairs]
        theirs = [at[pair.sensitive, pair.reference_group] for pair in pairs]
        gaps = [
            (names, difference(each[mine], each[theirs], disjoint=True))
            for names, each in self._compared
        ]
        return self._facts(gaps, [{"quantity": "difference", **pair.labels} for pair in pairs])

    def _facts(
        self, measured: Sequence[Measured], places: Sequence[Mapping[str, str]]
    ) -> Iterator[Row]:
        """Rows of each place in turn, of numbers of all places."""
        columns = []
        for names, estimate in measured:
            low, high = estimate.interval(self.level)
            reason = estimate.reasons(low)
            units = [str(MEASURES[name]["unit"]) for name in names]
            units = [self.unit if unit == "points" else unit for unit in units]
            least, most = bounds_of(names, places[0]["quantity"] if places else "value")
            reach = np.array([_reach(*named) for named in zip(names, units, strict=True)])
            low = np.maximum(low, np.maximum(least, -reach))
            high = np.minimum(high, np.minimum(most, reach))
            each = (estimate.value, low, high, estimate.people, reason)
            clusters = estimate.clusters if estimate.over == "clusters" else 0
            columns.append((names, units, clusters, [array.tolist() for array in each]))
        for number, place in enumerate(places):
            for names, units, clusters, arrays in columns:
                parts = zip(names, units, *(array[number] for array in arrays), strict=True)
                for name, unit, value, low, high, people, reason in parts:
                    yield {
                        **place,
                        "measure": name,
                        "estimate": value,
                        "low": low,
                        "high": high,
                        "people": int(people),
                        "clusters": clusters,
                        **self.labels,
                        "unit": unit,
                        "reason": reason,
                    }

    def _of_groups(self) -> list[Measured]:
        """Every measure of each group."""
        chances, top, bottom = self._chances
        money, groups = self.found.spending * self.income, self.groups
        # Whoever spends most of a group is told by ranks of income within it.
        spending = groups.concentration(money, self.income)
        kept = [self.found.kept] if self.kept_alike else [self.found.kept, self.found.kept_before]
        areas = groups.auc(self.found.after, np.stack(kept, axis=1))
        return [
            (SHARES, self._shares[:, : len(SHARES)]),
            *self._all_means[0],
            (chances, groups.rate(top, bottom)),
            *self._all_rates,
            (("spending_concentration",), spending[:, np.newaxis]),
            (("auc", "auc_as_before"), areas[:, [0, -1]]),
        ]

    @cached_property
    def _compared(self) -> list[Measured]:
        """What is compared, of each group."""
        return [
            *self._all_means[1],
            (GRANTED, self._shares[:, len(SHARES) :]),
            (("social_gap",), self._all_rates[0][1]),
        ]

    @cached_property
    def kept_alike(self) -> bool:
        """Whether nobody's chance of keeping has changed."""
        return np.array_equal(self.found.kept, self.found.kept_before, equal_nan=True)

    @cached_property
    def _differences(self) -> tuple[tuple[str, ...], Array]:
        """Means that groups are compared by: scores before and after first."""
        found = self.found
        means = {
            "score_gap_before": found.before,
            "score_gap_after": found.after,
            "score_gap_change": found.after - found.before,
            "spending_gap": found.spending,
            "disparate_information_gain": self.values["information_gain"],
        }
        return tuple(means), np.stack(list(means.values()), axis=1)

    @cached_property
    def _all_means(self) -> tuple[list[Measured], list[Measured]]:
        """Means of measures, and those that groups are compared by, in runs of one kind.

        Most people do nothing, so that most of what is measured is 0 for them.
        """
        (own, first), (compared, second) = self._means, self._differences
        values, names = np.concatenate([first, second], axis=1), (*own, *compared)
        made, kinds = [self.groups.mean(values)], np.zeros(len(names), dtype=np.intp)
        if made[0].over == "people":
            kinds += mostly_none(values)
            # What is counted, and befell nobody, is a share of 0; where nobody acts, surely 0.
            none = ~values.any(axis=0) & self.found.acted.any()
            kinds[none & np.isin(names, COUNTED)] = 2
            made += [two_part_mean(self.groups, values[:, kinds == 1])]
            made += [self.groups.share(values[:, kinds == 2])]
        ends = [0, *np.flatnonzero(np.diff(kinds)) + 1, len(own), len(names)]
        found: tuple[list[Measured], list[Measured]] = ([], [])
        for start, stop in pairwise(sorted(set(ends))):
            kind, run = kinds[start], slice(start, stop)
            place = np.cumsum(kinds == kind) - 1 if kind else np.arange(len(names))
            found[int(start >= len(own))].append((names[run], made[kind][:, place[run]]))
        return found

    @cached_property
    def _shares(self) -> Estimate:
        """Shares of measures, then of whom the first aim is granted, before and after."""
        values = [self.values[name] for name in SHARES]
        return self.groups.share(np.stack([*values, self.found.had, self.found.granted], axis=1))

    @cached_property
    def _all_rates(self) -> list[Measured]:
        """The burden, and the other rates that are no shares."""
        (names, top, bottom), (costs, who) = self._rates, self._burden
        burden = self.groups.rate(costs * who, who, bounds=ANY)
        # Most who keep obligations pass as they are.
        if burden.over == "people" and mostly_none(costs[who > 0, np.newaxis]).all():
            burden = two_part_mean(self.groups, costs, among=who)
        others = self.groups.rate(top, bottom, bounds=ANY)
        return [(("social_burden",), burden[:, np.newaxis]), (names, others)]

    @cached_property
    def _chances(self) -> Rates:
        """Rates from 0 to 1: of chances, and of actions."""
        found, everybody = self.found, np.ones(len(self.found.after))
        rates = {name: (self.values[name], everybody) for name in CHANCES}
        rates["improvement_share"] = (found.improving, found.actions)
        if found.tied is not None:
            still = (~found.acted).astype(np.float64)
            rates["bystanders_refused"] = ((found.had & ~found.granted) * still, still)
        return _stacked(rates)

    @cached_property
    def _means(self) -> tuple[tuple[str, ...], Array]:
        ratios = (*SHARES, *CHANCES, "social_burden")
        means = {name: each for name, each in self.values.items() if name not in ratios}
        if self.risky:
            means["caught"] = self.found.caught.astype(np.float64)
        means["price_of_opacity"] = self.full.right - self.found.right
        return tuple(means), np.stack(list(means.values()), axis=1)

    @cached_property
    def _rates(self) -> Rates:
        """Rates that are no shares, beside the burden."""
        found, acted = self.found, self.found.acted.astype(np.float64)
        wrong, total = np.full((2, len(acted)), np.nan) if self.known is None else self.known
        rates = {
            # 1 less the share of the effects that people are wrong about.
            "knowledge": (total - wrong, total),
            "belief_error": (acted * np.abs(found.believed - found.after), acted),
        }
        if found.tied is not None:
            rates["bystander_points"] = ((found.after - found.before) * (1 - acted), 1 - acted)
        return _stacked(rates)

    @cached_property
    def _burden(self) -> tuple[Array, Array]:
        """Least costs of the first privilege, and the chance that each keeps obligations."""
        return self.values["social_burden"], self.creditworthy


def _reach(name: str, unit: str) -> float:
    """How far from 0 what is measured of scores can be, which are known for probabilities alone."""
    if unit != "probability":
        return np.inf
    return 2.0 if name == "score_gap_change" else 1.0


def _stacked(rates: Mapping[str, tuple[Array, Array]]) -> Rates:
    top, bottom = (np.stack(part, axis=1) for part in zip(*rates.values(), strict=True))
    return tuple(rates), top, bottom
