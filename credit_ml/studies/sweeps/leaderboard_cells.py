"""Cells of a leaderboard: one rater in one world, its truth, and audits of many samples."""

import itertools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Agency, Rater
from credit_ml.core import ModelError, Streams
from credit_ml.proxies import Twins, estimator, flow_decomposition, true_decomposition
from credit_ml.proxies.decomposition.components import GAP
from credit_ml.proxies.decomposition.decompose import decomposed
from credit_ml.proxies.decomposition.estimators import GapTask
from credit_ml.scoring import score_function
from credit_ml.society import FACTORS, Society
from credit_ml.studies.cells.work import as_parquet, file_name

if TYPE_CHECKING:
    from credit_ml.studies.sweeps.leaderboard import LeaderboardStudy, SizePart

#: Which mechanisms stand behind a factor, so that source and carrier can be held together.
MECHANISMS = {
    "personal": ("address", "phone"),
    "capacity": ("capacity",),
    "history": ("history", "reporting"),
    "behaviour": ("civic", "behaviour", "ratings", "platforms"),
    "relationships": ("household", "ties"),
}
#: How the names of cells end that hold a truth.
TRUTH = "-truth.parquet"
FACTOR_OF = {each: factor for factor, behind in MECHANISMS.items() for each in behind}


@dataclass(frozen=True, kw_only=True)
class LeaderboardBlock:
    """What one worker does at a time: one rater in one world, and its samples of one number."""

    study: "LeaderboardStudy"
    world: str
    agency: Agency
    number: int
    """Of the samples, from 0; carriers are made with the first, sources with the last."""

    @property
    def rater(self) -> str:
        """Name of the rater."""
        return f"{self.agency.id} ({self.agency.scorer.kind})"

    @property
    def stem(self) -> str:
        """Start of the names of its files."""
        return file_name(self.world, self.agency.id, self.agency.scorer.kind)

    def society(self, purpose: str, number: int, citizens: int) -> Society:
        """Make a society of the world; each purpose and number has a chance of its own."""
        seed = Streams(self.study.study.seed).seed_for(f"leaderboard.{purpose}", number)
        return self.study.load_world(self.world, citizens=citizens, seed=seed).simulate()

    def sample(self, people: int, number: int) -> Society:
        """Make a society to audit."""
        return self.society(f"sample.{people}", number, people)

    def asked(self, feature: str) -> dict[str, Any]:
        """Return what every estimator and every truth of a feature is asked with."""
        reference = self.study.reference_groups.get(feature)
        return {"sensitive": feature, "reference_groups": reference, "output": self.study.output}

    @property
    def alike(self) -> tuple[object, ...]:
        """What blocks have in common that take about as long."""
        sizes = tuple(self.number < size.samples for size in self.study.sizes)
        last = self.number == self.study.most_samples - 1
        return self.agency.scorer.kind, sizes, self.number == 0, last

    def cells(self) -> dict[str, Callable[[], bytes]]:
        """Names of its tables, each with what makes it."""
        made: dict[str, Callable[[Rater], pd.DataFrame]] = {}
        for size in self.study.sizes:
            if self.number < size.samples:
                made[f"{size.people}-{self.number}.parquet"] = partial(_audited, self, size)
            if self.number == 0:
                made[f"{size.people}{TRUTH}"] = partial(_carriers, self, size)
        if self.study.truth.source and self.number == self.study.most_samples - 1:
            made[f"source{TRUTH}"] = partial(_sources, self)
        return {f"{self.stem}-{name}": partial(_told, self, make) for name, make in made.items()}


def _told(block: LeaderboardBlock, make: Callable[[Rater], pd.DataFrame]) -> bytes:
    return as_parquet(make(_fitted(block)))


def _fitted(block: LeaderboardBlock) -> Rater:
    """Return the rater as it was trained once in its world."""
    key = (block.study.digest(), block.stem)
    if key not in _RATERS:
        society = block.society("training", 0, block.study.truth.training)
        _RATERS[key] = block.agency.fit(society, seed=block.study.study.seed)
    return _RATERS[key]


#: Raters that this process has trained: the same for all samples.
_RATERS: dict[tuple[str, str], Rater] = {}


def _carriers(block: LeaderboardBlock, size: "SizePart", rater: Rater) -> pd.DataFrame:
    """Mean truth of societies as large as the samples, those that are audited among them."""
    study, found, spreads = block.study, [], []
    score, twins = score_function(rater, study.output), Twins(seed=study.study.seed)
    for number in range(study.truth.societies(size)):
        society = block.sample(size.people, number)
        spreads.append(float(score(rater.agency.view(society).X).std()))
        for feature in study.sensitive:
            asked = block.asked(feature) | {"twins": twins, "societies": 0}
            found.append(true_decomposition(rater, society, **asked).table)
    parts = pd.concat(found, ignore_index=True)
    each = parts[parts["factor"] != GAP].groupby(["sensitive", "group", "factor"])["estimate"]
    truths = pd.DataFrame({"truth": each.mean(), "error": each.sem()}).reset_index()
    labels: dict[str, Any] = {
        "target": "carrier",
        "people": size.people,
        "spread": float(np.mean(spreads)),
    }
    return truths.assign(**labels, world=block.world, rater=block.rater)


def _sources(block: LeaderboardBlock, rater: Rater) -> pd.DataFrame:
    society = block.society("source", 0, block.study.truth.source_citizens)
    score = score_function(rater, block.study.output)(rater.agency.view(society).X)
    found = [_source(block, rater, society, feature) for feature in block.study.sensitive]
    truths = pd.concat(found, ignore_index=True).rename(columns={"estimate": "truth"})
    labels: dict[str, Any] = {"target": "source", "spread": float(score.std())}
    return truths.assign(**labels, world=block.world, rater=block.rater)


def _source(block: LeaderboardBlock, rater: Rater, society: Society, feature: str) -> pd.DataFrame:
    """Return what each factor that the rater sees owes to the mechanisms behind it."""
    truth, seed = block.study.truth, block.study.study.seed
    twins = Twins(people=truth.source_people, seed=seed)
    asked = block.asked(feature)
    flow = flow_decomposition(rater, society, twins=twins, permutations=truth.permutations, **asked)
    made = flow.source.assign(factor=flow.source["mechanism"].map(FACTOR_OF))
    parts = made.dropna(subset="factor").groupby(["group", "factor"])["estimate"].sum()
    seen = [str(name) for name in FACTORS if name in rater.factors]
    wanted = pd.MultiIndex.from_product(
        [flow.table["group"].unique(), seen], names=["group", "factor"]
    )
    found: pd.DataFrame = parts.reindex(wanted, fill_value=0.0).reset_index()
    return found.assign(sensitive=feature)


def _audited(block: LeaderboardBlock, size: "SizePart", rater: Rater) -> pd.DataFrame:
    study, dataset = block.study, rater.agency.view(block.sample(size.people, block.number))
    made: dict[Hashable, Any] = {}
    found = []
    for feature, name in itertools.product(study.sensitive, study.estimators):
        if name in size.skip:
            continue
        method = estimator(name, **study.options.get(name, {}))
        asked = block.asked(feature) | {"seed": study.study.seed, "made": made}
        task = GapTask(model=rater, dataset=dataset, **asked)
        try:
            table = decomposed(method, task, named=name, intervals=study.intervals).table
        except ModelError:  # an additive method asked of a score that is no sum
            continue
        parts = table[table["factor"].isin(list(rater.factors))]
        told = parts[["sensitive", "group", "factor", "estimate", "low", "high"]]
        found.append(told.assign(estimator=name))
    labels: dict[str, Any] = {"world": block.world, "rater": block.rater}
    labels |= {"people": size.people, "seed": block.number}
    return pd.concat(found, ignore_index=True).assign(**labels)
