"""Rows of a disclosure's table: every measure of every group, and of pairs of groups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.disclosure.measures import SHARES, UNITS, concentration
from credit_ml.disclosure.outcome import ResponseOutcome
from credit_ml.inference import Comparison, Estimate, People

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Row = dict[str, Any]

POSITIVE, ANY, INDEX = (0.0, np.inf), (-np.inf, np.inf), (-1.0, 1.0)


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

    def rows(self, sensitive: str, group: str, who: Mask) -> Iterator[Row]:
        """Every measure of one group."""
        place = {"quantity": "value", "sensitive": sensitive, "group": group, "reference_group": ""}
        for names, estimate in self._of_group(who):
            yield from self._facts(names, estimate, place)

    def gaps(self, pair: Comparison, threshold: float) -> Iterator[Row]:
        """Gaps in score, first privilege, burden and gain from information."""
        found, place = self.found, {"quantity": "difference", **pair.labels}
        means = {
            "score_gap_before": found.before,
            "score_gap_after": found.after,
            "score_gap_change": found.after - found.before,
            "spending_gap": found.spending,
            "disparate_information_gain": self.values["information_gain"],
        }
        granted = np.stack([found.before >= threshold, found.after >= threshold], axis=1)
        burden, weights = self._burden()
        for names, estimate in (
            (tuple(means), pair.difference(self.people.mean, np.stack(list(means.values()), 1))),
            (
                ("selection_gap_before", "selection_gap_after"),
                pair.difference(self.people.share, granted),
            ),
            (
                ("social_gap",),
                self._rate(burden, weights, pair.inside)
                - self._rate(burden, weights, pair.outside),
            ),
        ):
            yield from self._facts(names, estimate, place)

    def _facts(
        self, names: Sequence[str], estimate: Estimate, place: Mapping[str, str]
    ) -> Iterator[Row]:
        low, high = estimate.interval(self.level)
        clusters = estimate.clusters if estimate.over == "clusters" else 0
        columns = (estimate.value, low, high, estimate.people, estimate.reason)
        each = zip(names, *(np.atleast_1d(column) for column in columns), strict=True)
        for name, value, least, most, people, reason in each:
            unit = self.unit if UNITS[name] == "points" else UNITS[name]
            yield {
                **place,
                "measure": name,
                "estimate": float(value),
                "low": float(least),
                "high": float(most),
                "people": int(people),
                "clusters": clusters,
                **self.labels,
                "unit": unit,
                "reason": str(reason),
            }

    def _of_group(self, who: Mask) -> Iterator[tuple[Sequence[str], Estimate]]:
        shares = {name: self.values[name] for name in SHARES}
        means = {
            name: values
            for name, values in self.values.items()
            if name not in SHARES and name != "social_burden"
        }
        yield tuple(shares), self.people.share(np.stack(list(shares.values()), axis=1), who)
        yield tuple(means), self.people.mean(np.stack(list(means.values()), axis=1), who)
        paid = self.full.right - self.found.right
        yield ("price_of_opacity",), self.people.mean(paid, who, bounds=INDEX)
        yield ("social_burden",), self._rate(*self._burden(), who)
        yield ("knowledge",), self._knowledge(who)
        for name, kept in (("auc", self.found.kept), ("auc_as_before", self.found.kept_before)):
            yield (name,), self.people.auc(self.found.after, kept, who)
        yield from self._ratios(who)

    def _ratios(self, who: Mask) -> Iterator[tuple[Sequence[str], Estimate]]:
        found, acted = self.found, self.found.acted.astype(np.float64)
        money, part = found.spending * self.income, np.zeros(len(acted))
        # Whoever spends most of a group is told by ranks of income within it.
        part[who] = concentration(money[who], self.income[who])
        yield ("improvement_share",), self.people.rate(found.improving, found.actions, who)
        off = acted * np.abs(found.believed - found.after)
        yield ("belief_error",), self._rate(off, acted, who)
        yield ("spending_concentration",), self._rate(part, money, who, INDEX)
        if found.tied is not None:
            still = 1 - acted
            gained, lost = found.after - found.before, found.had & ~found.granted
            yield ("bystander_points",), self._rate(gained * still, still, who, ANY)
            yield ("bystanders_refused",), self.people.rate(lost * still, still, who)

    def _burden(self) -> tuple[Array, Array]:
        return self.values["social_burden"] * self.creditworthy, self.creditworthy

    def _knowledge(self, who: Mask) -> Estimate:
        wrong, total = np.full((2, len(who)), np.nan) if self.known is None else self.known
        return self._rate(wrong, total, who).scaled(-1.0, 1.0)

    def _rate(
        self, top: Array, bottom: Array, who: Mask, bounds: tuple[float, float] = POSITIVE
    ) -> Estimate:
        return self.people.rate(top, bottom, who, bounds=bounds)
