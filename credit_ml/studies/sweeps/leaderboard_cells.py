"""Cells of a leaderboard: one rater in one world, its truth, and audits of many samples."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from credit_ml.agencies import Agency, Rater
from credit_ml.core import ModelError, Streams, StudyError, whole
from credit_ml.proxies import Twins, decompose, estimator, flow_decomposition, true_decomposition
from credit_ml.proxies.decomposition.components import GAP
from credit_ml.scoring import score_function
from credit_ml.society import FACTORS, Society, load_world
from credit_ml.studies.threads import one_thread_each

if TYPE_CHECKING:
    from credit_ml.studies.sweeps.leaderboard import LeaderboardStudy

#: Which mechanisms stand behind a factor, so that source and carrier can be held together.
MECHANISMS = {
    "personal": ("address", "phone"),
    "capacity": ("capacity",),
    "history": ("history", "reporting"),
    "behaviour": ("civic", "behaviour", "ratings", "platforms"),
    "relationships": ("household", "ties"),
}
FACTOR_OF = {each: factor for factor, behind in MECHANISMS.items() for each in behind}


@dataclass(frozen=True, kw_only=True)
class LeaderboardBlock:
    """What one worker does at a time: one rater in one world."""

    study: "LeaderboardStudy"
    world: str
    agency: Agency

    @property
    def rater(self) -> str:
        """Name of the rater."""
        return f"{self.agency.id} ({self.agency.scorer.kind})"

    @property
    def stem(self) -> str:
        """Start of the names of its files."""
        return f"{self.world}-{self.agency.id}-{self.agency.scorer.kind}"

    def society(self, purpose: str, number: int, citizens: int) -> Society:
        """Make a society of the world; each purpose and number has a chance of its own."""
        seed = Streams(self.study.study.seed).seed_for(f"leaderboard.{purpose}", number)
        return load_world(self.world, citizens=citizens, seed=seed).simulate()

    def asked(self, feature: str) -> dict[str, Any]:
        """Return what every estimator and every truth of a feature is asked with."""
        reference = self.study.reference_groups.get(feature)
        return {"sensitive": feature, "reference_groups": reference, "output": self.study.output}

    def run(self, folder: Path) -> int:
        """Write every file that is not there yet; return how many samples were written."""
        wanted = [(size.people, n) for size in self.study.sizes for n in range(size.samples)]
        missing = [each for each in wanted if not self.file(folder, *each).exists()]
        truth, training = folder / f"{self.stem}-truth.parquet", self.study.truth.training
        if not missing and truth.exists():
            return 0
        with one_thread_each():
            society = self.society("training", 0, training)
            rater = self.agency.fit(society, seed=self.study.study.seed)
            if not truth.exists():
                write_frame(_truth(self, rater), truth)
            for people, number in missing:
                society = self.society(f"sample.{people}", number, people)
                told = _audited(self, rater, society).assign(people=people, seed=number)
                write_frame(told, self.file(folder, people, number))
        return len(missing)

    def file(self, folder: Path, people: int, number: int) -> Path:
        """Return the file of one sample."""
        return folder / f"{self.stem}-{people}-{number}.parquet"


def stored(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the estimates and the truths of every file in a folder.

    Raises
    ------
    StudyError
        When the folder holds no cells.
    """
    files = sorted(folder.glob("*.parquet"))
    truths = [file for file in files if file.stem.endswith("-truth")]
    cells = [file for file in files if not file.stem.endswith("-truth")]
    if not truths or not cells:
        raise StudyError(str(folder), "holds no cells of a leaderboard", "run the study first")
    return (
        pd.concat([pd.read_parquet(file) for file in cells], ignore_index=True),
        pd.concat([pd.read_parquet(file) for file in truths], ignore_index=True),
    )


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a table so that the file is complete or absent."""
    with whole(path) as part:
        frame.to_parquet(part, index=False)


def _truth(block: LeaderboardBlock, rater: Rater) -> pd.DataFrame:
    study = block.study
    society = block.society("truth", 0, study.truth.citizens)
    spread = float(score_function(rater, study.output)(rater.agency.view(society).X).std())
    twins = Twins(seed=study.study.seed)
    found = []
    for feature in study.sensitive:
        carrier = true_decomposition(
            rater, society, twins=twins, societies=0, **block.asked(feature)
        ).table
        found.append(carrier[carrier["factor"] != GAP].assign(target="carrier"))
        if study.truth.source:
            found.append(_source(block, rater, feature).assign(target="source"))
    columns = ["sensitive", "target", "group", "factor", "estimate"]
    truths = pd.concat(found, ignore_index=True)[columns].rename(columns={"estimate": "truth"})
    return truths.assign(world=block.world, rater=block.rater, spread=spread)


def _source(block: LeaderboardBlock, rater: Rater, feature: str) -> pd.DataFrame:
    """Return what each factor that the rater sees owes to the mechanisms behind it."""
    truth, seed = block.study.truth, block.study.study.seed
    society = block.society("source", 0, truth.source_citizens)
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


def _audited(block: LeaderboardBlock, rater: Rater, society: Society) -> pd.DataFrame:
    study, dataset = block.study, rater.agency.view(society)
    skip = {size.people: size.skip for size in study.sizes}[len(society)]
    methods = {
        name: estimator(name, **study.options.get(name, {}))
        for name in study.estimators
        if name not in skip
    }
    how: dict[str, Any] = {"intervals": study.intervals, "seed": study.study.seed}
    found = []
    for feature, (name, method) in itertools.product(study.sensitive, methods.items()):
        try:
            table = decompose(rater, dataset, method=method, **how, **block.asked(feature)).table
        except ModelError:  # an additive method asked of a score that is no sum
            continue
        parts = table[table["factor"].isin(list(rater.factors))]
        told = parts[["sensitive", "group", "factor", "estimate", "low", "high"]]
        found.append(told.assign(estimator=name))
    return pd.concat(found, ignore_index=True).assign(world=block.world, rater=block.rater)
