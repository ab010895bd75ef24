"""A linear guess of who people are, from any subset of columns, by one matrix of moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from credit_ml.core import Array, Dataset, Mask, Streams
from credit_ml.scoring import FeatureEncoder

#: Ridge, as a share of the mean variance: so little that only copies of a column feel it.
RIDGE = 1e-3


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearGuess:
    """Moments of columns, of where they are missing, and of groups, from half of some people.

    Any subset of columns then has its linear guess of every group by one small system of equations,
    judged on people of whom no moment was taken. Trees may tell more: it is a lower bound.
    """

    encoder: FeatureEncoder
    names: tuple[str, ...]
    centre: Array
    moments: Array
    along: Array
    """Covariance of columns with groups, shape (columns, groups)."""
    groups: tuple[tuple[str, str], ...]
    learned: Mask
    """Whose moments were taken; nobody in their seats is judged, in any society."""

    @classmethod
    def of(cls, dataset: Dataset, *, seed: int) -> Self:
        """Take the moments of half of the people."""
        encoder = FeatureEncoder().fit(dataset.X)
        learned = Streams(seed).generator("data_limits.guess").random(len(dataset)) < 0.5
        table, names = _wide(encoder, dataset.X)
        there = ~np.isnan(table[learned])
        centre = np.nansum(table[learned], axis=0) / np.maximum(there.sum(axis=0), 1)
        filled = np.where(np.isnan(table), centre, table)
        scale = filled[learned].std(axis=0)
        scale[scale == 0] = 1.0
        groups = tuple(_groups(dataset))
        members = np.column_stack([_member(dataset, *each) for each in groups])
        standard = ((filled - centre) / scale)[learned]
        number = len(standard)
        own = members[learned] - members[learned].mean(axis=0)
        moments = standard.T @ standard / number
        return cls(
            encoder=encoder,
            names=names,
            centre=np.vstack([centre, scale]),
            moments=moments,
            along=standard.T @ own / number,
            groups=groups,
            learned=learned,
        )

    def judged(self, dataset: Dataset) -> "JudgedGuess":
        """Return the guess for as many people, those in seats of whom nothing was learned."""
        table, _ = _wide(self.encoder, dataset.X)
        filled = np.where(np.isnan(table), self.centre[0], table)
        rest = ~self.learned
        members = np.column_stack([_member(dataset, *each) for each in self.groups])
        standard = (filled - self.centre[0]) / self.centre[1]
        return JudgedGuess(self, standard[rest], members[rest].astype(bool))


@dataclass(frozen=True, eq=False)
class JudgedGuess:
    """The guess, ready to be judged on some people."""

    guess: LinearGuess
    standard: Array
    members: Mask

    def of(self, columns: Sequence[str]) -> float:
        """``2 AUC - 1`` of the guess from some columns, mean over features; 0 for none.

        Of a feature of several groups, the mean over groups, each against the rest.
        """
        wanted = set(columns)
        place = [n for n, name in enumerate(self.guess.names) if name in wanted]
        if not place:
            return 0.0
        part = self.guess.moments[np.ix_(place, place)] + RIDGE * np.eye(len(place))
        scores = self.standard[:, place] @ np.linalg.solve(part, self.guess.along[place])
        told: dict[str, list[float]] = {}
        for number, (feature, _) in enumerate(self.guess.groups):
            area = _area(scores[:, number], self.members[:, number])
            told.setdefault(feature, []).append(max(2 * area - 1, 0.0))
        return float(np.mean([np.mean(each) for each in told.values()]))


def _wide(encoder: FeatureEncoder, X: pd.DataFrame) -> tuple[Array, tuple[str, ...]]:
    """Columns as numbers, then whether each is missing; and the column that each speaks of."""
    columns = [str(each) for each in encoder.columns_]
    there = X.reindex(columns=columns)
    values = encoder.transform(there).to_numpy(dtype=np.float64)
    return np.hstack([values, np.isnan(values)]), (*columns, *columns)


def _groups(dataset: Dataset) -> list[tuple[str, str]]:
    found = []
    for feature in dataset.sensitive.columns:
        names = [str(each) for each in dataset.groups(str(feature)).cat.categories]
        found += [(str(feature), name) for name in (names[1:] if len(names) == 2 else names)]
    return found


def _member(dataset: Dataset, feature: str, group: str) -> Array:
    return np.asarray(dataset.groups(feature) == group, dtype=np.float64)


def _area(scores: Array, members: Mask) -> float:
    """AUC, ties half; 0.5 where there is nobody on one side."""
    inside = int(members.sum())
    if inside in (0, len(members)):
        return 0.5
    above = rankdata(scores)[members].sum() - inside * (inside + 1) / 2
    return float(above / (inside * (len(members) - inside)))
