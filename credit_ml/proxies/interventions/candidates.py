"""What is compared in the search for alternatives: candidates, and the people of one part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, compress
from typing import Any, Literal

import numpy as np

from credit_ml.agencies.scorer_parts import SCORER_TABLES
from credit_ml.core import Array, Dataset, Mask, ModelError, Rows, Streams
from credit_ml.core.progress import followed
from credit_ml.inference import Comparison, Estimate, Over, People, comparisons_of
from credit_ml.proxies.interventions.decisions import selection_gap, top_share
from credit_ml.proxies.interventions.held_out import HeldOutCase
from credit_ml.proxies.measured import Fact
from credit_ml.scoring import display_name

By = Literal["selection_gap", "score_gap"]

#: All sets of more factors than this are not tried unless it is asked for: they are 511 and more.
MOST_FACTORS = 8
#: How sure it is that no more than a share of all sets is better than the best that was drawn.
SURE = 0.95


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A scorer: its setting, the factors it reads, and its scores of the people held out."""

    setting: str
    factors: tuple[str, ...]
    scores: Array

    @property
    def id(self) -> str:
        """Name in tables, such as ``opaque: history + capacity``."""
        return f"{self.setting}: {' + '.join(self.factors)}"


@dataclass(frozen=True, kw_only=True)
class HeldOutPart:
    """Some of the people held out, and what is measured of a scorer on them."""

    name: str
    rows: Rows
    """Positions among the people held out."""
    dataset: Dataset
    by: By
    share: float
    over: Over
    level: float

    def measured(self, scores: Array, pair: Comparison) -> dict[str, Estimate]:
        """AUC, and the gap by which scorers are compared, on these people."""
        mine, people = scores[self.rows], People.of(self.dataset, over=self.over)
        kept = self.dataset.outcome(needed_for="alternatives").to_numpy(dtype=np.float64)
        found = comparisons_of(self.dataset, pair.sensitive, pair.reference_group)
        own = next(each for each in found if each.group == pair.group)
        if self.by == "score_gap":
            gap = own.difference(people.mean, mine)
        else:
            gap = selection_gap(people, top_share(mine, self.share), own)
        return {"auc": people.auc(mine, kept), self.by: gap}

    def facts(
        self, candidate: Candidate, pair: Comparison, values: Mapping[str, Estimate], **flags: Any
    ) -> Iterator[dict[str, Any]]:
        """Rows of what was measured of a candidate."""
        own = {"candidate": candidate.id, "setting": candidate.setting, "part": self.name}
        own["factors"] = " + ".join(candidate.factors)
        for measure, value in values.items():
            gap = measure != "auc" or flags["fact"] == "change"
            row = Fact(measure, pair, value).row(self.level, **own, **flags)
            yield row | {"quantity": "difference" if gap else "value"}


@dataclass(frozen=True, kw_only=True)
class FactorSets:
    """Sets of factors that are tried, the whole one first."""

    of: tuple[tuple[str, ...], ...]
    every: int
    """How many there are."""
    drawn: int
    """How many of those tried were drawn by chance; 0 where all are tried."""

    @property
    def missed(self) -> float:
        """Share of all sets that at most are better than the best tried, at 95 % confidence.

        If a share q were better, so many draws would all miss them with chance ``(1 - q)**drawn``.
        """
        return 1 - (1 - SURE) ** (1 / self.drawn) if self.drawn else 0.0


def factor_sets(factors: Sequence[str], most: int | None, seed: int) -> FactorSets:
    """Choose sets of factors: all, or the whole one, each without one factor, and some by chance.

    Parameters
    ----------
    factors : sequence of str
    most : int, optional
        How many at most; all of up to 8 factors by default, and as many (255) of more.
    seed : int
        Of the draws, which are without replacement.

    Examples
    --------
    >>> found = factor_sets("abcdefghijkl", None, seed=0)
    >>> len(found.of), found.every, found.drawn, round(found.missed, 3)
    (255, 4095, 242, 0.012)
    """
    number = len(factors)
    every, most = 2**number - 1, most or 2**MOST_FACTORS - 1
    if every <= most:
        found = [each for size in range(number, 0, -1) for each in combinations(factors, size)]
        return FactorSets(of=tuple(found), every=every, drawn=0)
    first = [tuple(factors), *reversed(list(combinations(factors, number - 1)))][:most]
    generator, known = Streams(seed).generator("proxies.candidates"), set(first)
    drawn: list[tuple[str, ...]] = []
    while len(first) + len(drawn) < most:
        chosen = tuple(compress(factors, generator.random(number) < 0.5))
        if chosen and chosen not in known:
            known.add(chosen)
            drawn.append(chosen)
    return FactorSets(of=(*first, *drawn), every=every, drawn=len(drawn))


def candidates(
    case: HeldOutCase, named: Mapping[str, Any] | None, sets: FactorSets
) -> Iterator[Candidate]:
    """Train every setting on every set of factors: the case's own first, then those named.

    Raises
    ------
    ModelError
        When one takes the own one's name.
    """
    for name, scorer in _settings(case, named).items():
        own = replace(case, scorer=scorer)
        for chosen in followed(sets.of, f"sets of factors, {name}"):
            columns = [c for factor in chosen for c in case.dataset.factors[factor]]
            read = [c for c in case.dataset.X.columns if c in columns]
            scores = own.judged(case.dataset.X[read]).score
            yield Candidate(setting=name, factors=chosen, scores=scores)


def _settings(case: HeldOutCase, named: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return unfitted scorers by name, the case's own first."""
    own = display_name(case.scorer) if case.agency is None else case.agency.scorer.kind
    found = {own: case.scorer}
    if named is None and case.agency is not None:
        for kind in ("scorecard", "logistic"):
            found.setdefault(kind, SCORER_TABLES[kind]().make(seed=case.seed))
    problem = f"name '{own}', the model's own"
    ModelError.unless(own not in (named or {}), "settings", problem, "name it otherwise")
    return found | dict(named or {})


def on_frontier(auc: Array, gap: Array) -> Mask:
    """Whether no other candidate is at least as good in both and better in one.

    Examples
    --------
    >>> on_frontier(np.array([0.7, 0.8, 0.6]), np.array([0.1, 0.2, 0.1])).tolist()
    [True, True, False]
    """
    as_good = (auc[None] >= auc[:, None]) & (gap[None] <= gap[:, None])
    better = (auc[None] > auc[:, None]) | (gap[None] < gap[:, None])
    beaten: Mask = np.asarray(np.any(as_good & better, axis=1))
    return ~beaten
