"""Rows of a disclosure's table: every measure of every group, and of pairs of groups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from credit_ml.core.tables.arrays import Array, Mask, Rows
from credit_ml.disclosure.measures import CHANCES, MEASURES, SHARES, bounds_of, concentration
from credit_ml.disclosure.outcome import ResponseOutcome
from credit_ml.inference import Comparison, Estimate, People, difference

Row = dict[str, Any]
#: Names of rates, and both sums of each, a column a rate.
Rates = tuple[tuple[str, ...], Array, Array]

POSITIVE, SHARE, ANY = (0.0, np.inf), (0.0, 1.0), (-np.inf, np.inf)


@dataclass(frozen=True, kw_only=True)
class RegimeMeasures:
    """What is measured of everybody under one regime, and how it is put into rows."""

    people: People
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
    sides: dict[int, list[tuple[Sequence[str], Estimate]]] = field(default_factory=dict, repr=False)

    def rows(self, sensitive: str, group: str, who: Mask) -> Iterator[Row]:
        """Every measure of one group."""
        place = {"quantity": "value", "sensitive": sensitive, "group": group, "reference_group": ""}
        for names, estimate in self._of_group(who):
            yield from self._facts(names, estimate, place)

    def gaps(self, pair: Comparison) -> Iterator[Row]:
        """Gaps in score, first privilege, burden and gain from information."""
        place = {"quantity": "difference", **pair.labels}
        sides = (self._of_side(who) for who in (pair.inside, pair.outside))
        for (names, one), (_, two) in zip(*sides, strict=True):
            yield from self._facts(names, difference(one, two, disjoint=True), place)

    def _of_side(self, who: Mask) -> list[tuple[Sequence[str], Estimate]]:
        """What is compared, of one group; kept, for several groups share a reference group."""
        if id(who) not in self.sides:
            rows, (names, values) = np.flatnonzero(who), self._compared
            decided = np.stack([self.found.had, self.found.granted], axis=1)
            granted = self.people.share(decided, rows)
            burden = self.people.rate(*self._burden, rows, bounds=POSITIVE)
            estimates = [
                (names, self.people.mean(values, rows)),
                (("selection_gap_before", "selection_gap_after"), granted),
                (("social_gap",), burden),
            ]
            # Nobody is in two groups, so that single people's contributions are of no use.
            self.sides[id(who)] = [(n, replace(each, influence=None)) for n, each in estimates]
        return self.sides[id(who)]

    def _facts(
        self, names: Sequence[str], estimate: Estimate, place: Mapping[str, str]
    ) -> Iterator[Row]:
        low, high = estimate.interval(self.level)
        clusters = estimate.clusters if estimate.over == "clusters" else 0
        least, most = bounds_of(names, place["quantity"])
        low, high = np.maximum(low, least), np.minimum(high, most)
        columns = (estimate.value, low, high, estimate.people, estimate.reason)
        each = zip(names, *(np.atleast_1d(column) for column in columns), strict=True)
        for name, value, start, end, people, reason in each:
            unit = str(MEASURES[name]["unit"])
            yield {
                **place,
                "measure": name,
                "estimate": float(value),
                "low": float(start),
                "high": float(end),
                "people": int(people),
                "clusters": clusters,
                **self.labels,
                "unit": self.unit if unit == "points" else unit,
                "reason": str(reason),
            }

    def _of_group(self, who: Mask) -> Iterator[tuple[Sequence[str], Estimate]]:
        rows = None if who.all() else np.flatnonzero(who)
        yield SHARES, self.people.share(self._shares, rows)
        names, values = self._means
        yield names, self.people.mean(values, rows)
        for (names, top, bottom), bounds in ((self._chances, SHARE), (self._rates, ANY)):
            yield names, self.people.rate(top, bottom, rows, bounds=bounds)
        money = self.found.spending * self.income
        part = np.zeros(len(money))
        # Whoever spends most of a group is told by ranks of income within it.
        part[who] = concentration(money[who], self._incomes[who])
        yield ("spending_concentration",), self.people.rate(part, money, rows, bounds=ANY)
        auc = self.people.auc(self.found.after, self.found.kept, rows)
        yield ("auc",), auc
        if not self.kept_alike:
            auc = self.people.auc(self.found.after, self.found.kept_before, rows)
        yield ("auc_as_before",), auc

    @cached_property
    def kept_alike(self) -> bool:
        """Whether nobody's chance of keeping has changed."""
        return np.array_equal(self.found.kept, self.found.kept_before, equal_nan=True)

    @cached_property
    def _incomes(self) -> Rows:
        """Everybody's place among the different incomes."""
        return np.unique(self.income, return_inverse=True)[1]

    @cached_property
    def _compared(self) -> tuple[tuple[str, ...], Array]:
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
    def _shares(self) -> Array:
        return np.stack([self.values[name] for name in SHARES], axis=1)

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
        """Rates that are no shares."""
        found, acted = self.found, self.found.acted.astype(np.float64)
        wrong, total = np.full((2, len(acted)), np.nan) if self.known is None else self.known
        rates = {
            "social_burden": self._burden,
            # 1 less the share of the effects that people are wrong about.
            "knowledge": (total - wrong, total),
            "belief_error": (acted * np.abs(found.believed - found.after), acted),
        }
        if found.tied is not None:
            rates["bystander_points"] = ((found.after - found.before) * (1 - acted), 1 - acted)
        return _stacked(rates)

    @cached_property
    def _burden(self) -> tuple[Array, Array]:
        return self.values["social_burden"] * self.creditworthy, self.creditworthy


def _stacked(rates: Mapping[str, tuple[Array, Array]]) -> Rates:
    top, bottom = (np.stack(part, axis=1) for part in zip(*rates.values(), strict=True))
    return tuple(rates), top, bottom
