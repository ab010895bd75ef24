"""Cells of a leaderboard: one rater in one world, its truth, and audits of many samples."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.agencies import Agency, Rater
from credit_ml.core import ModelError, Streams, StudyError
from credit_ml.proxies import Twins, decompose, estimator, flow_decomposition, true_decomposition
from credit_ml.proxies.decomposition.components import GAP
from credit_ml.scoring import Output, score_function
from credit_ml.society import FACTORS, Society, load_world
from credit_ml.studies.threads import one_thread_each

#: Which factor a mechanism stands behind, so that source and carrier can be held together.
FACTOR_OF = {
    "address": "personal",
    "phone": "personal",
    "capacity": "capacity",
    "history": "history",
    "reporting": "history",
    "civic": "behaviour",
    "behaviour": "behaviour",
    "ratings": "behaviour",
    "platforms": "behaviour",
    "household": "relationships",
    "ties": "relationships",
}


@dataclass(frozen=True, kw_only=True)
class LeaderboardBlock:
    """What one worker does at a time: one rater in one world."""

    world: str
    agency: Agency
    sensitive: tuple[str, ...]
    reference_groups: Mapping[str, str]
    sizes: tuple[tuple[int, int], ...]
    """People and number of samples."""
    estimators: Mapping[int, tuple[str, ...]]
    """Estimators asked at each size."""
    options: Mapping[str, Mapping[str, Any]]
    output: Output
    seed: int
    intervals: float
    training: int
    citizens: int
    source: bool
    source_citizens: int
    source_people: int
    permutations: int

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
        seed = Streams(self.seed).seed_for(f"leaderboard.{purpose}", number)
        return load_world(self.world, citizens=citizens, seed=seed).simulate()


def run_block(block: LeaderboardBlock, folder: Path) -> int:
    """Write every file of a block that is not there yet; return how many were written."""
    wanted = [(people, n) for people, samples in block.sizes for n in range(samples)]
    missing = [each for each in wanted if not _sample_file(block, folder, *each).exists()]
    truth = folder / f"{block.stem}-truth.parquet"
    if not missing and truth.exists():
        return 0
    with one_thread_each():
        rater = block.agency.fit(block.society("training", 0, block.training), seed=block.seed)
        if not truth.exists():
            write_frame(_truth(block, rater), truth)
        for people, number in missing:
            society = block.society(f"sample.{people}", number, people)
            audited = _audited(block, rater, society)
            told = audited.assign(world=block.world, rater=block.rater, people=people, seed=number)
            write_frame(told, _sample_file(block, folder, people, number))
    return len(missing)


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
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        frame.to_parquet(part, index=False)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sample_file(block: LeaderboardBlock, folder: Path, people: int, number: int) -> Path:
    return folder / f"{block.stem}-{people}-{number}.parquet"


def _truth(block: LeaderboardBlock, rater: Rater) -> pd.DataFrame:
    society = block.society("truth", 0, block.citizens)
    dataset = rater.agency.view(society)
    spread = float(score_function(rater, block.output)(dataset.X).std())
    rows: list[dict[str, Any]] = []
    for feature in block.sensitive:
        reference = block.reference_groups.get(feature)
        asked: dict[str, Any] = {"reference_groups": reference, "output": block.output}
        carrier = true_decomposition(
            rater, society, sensitive=feature, twins=Twins(seed=block.seed), **asked
        )
        of = {"sensitive": feature, "target": "carrier"}
        rows += [
            of | {"group": row["group"], "factor": row["factor"], "truth": row["estimate"]}
            for row in carrier.table.to_dict("records")
            if row["factor"] != GAP
        ]
        if block.source:
            rows += _source(block, rater, feature, reference)
    return pd.DataFrame(rows).assign(world=block.world, rater=block.rater, spread=spread)


def _source(
    block: LeaderboardBlock, rater: Rater, feature: str, reference: str | None
) -> list[dict[str, Any]]:
    society = block.society("source", 0, block.source_citizens)
    asked: dict[str, Any] = {"reference_groups": reference, "output": block.output}
    twins = Twins(people=block.source_people, seed=block.seed)
    asked |= {"twins": twins, "permutations": block.permutations}
    flow = flow_decomposition(rater, society, sensitive=feature, **asked)
    made = flow.source.assign(factor=flow.source["mechanism"].map(FACTOR_OF))
    made = made.dropna(subset="factor")
    parts = made.groupby(["group", "factor"])["estimate"].sum()
    groups = flow.table["group"].unique()
    seen = [str(name) for name in FACTORS if name in rater.factors]
    truths = [
        (group, factor, float(parts.get((group, factor), 0.0)))
        for group in groups
        for factor in seen
    ]
    of = {"sensitive": feature, "target": "source"}
    return [
        of | {"group": group, "factor": factor, "truth": truth} for group, factor, truth in truths
    ]


def _audited(block: LeaderboardBlock, rater: Rater, society: Society) -> pd.DataFrame:
    dataset = rater.agency.view(society)
    found = []
    for feature in block.sensitive:
        asked: dict[str, Any] = {
            "sensitive": feature,
            "output": block.output,
            "reference_groups": block.reference_groups.get(feature),
            "intervals": block.intervals,
            "seed": block.seed,
        }
        for name in block.estimators[len(society)]:
            method = estimator(name, **block.options.get(name, {}))
            try:
                table = decompose(rater, dataset, method=method, **asked).table
            except ModelError:  # an additive method asked of a score that is no sum
                continue
            parts = table[table["factor"].isin(list(rater.factors))]
            told = parts[["sensitive", "group", "factor", "estimate", "low", "high"]]
            found.append(told.assign(estimator=name))
    return pd.concat(found, ignore_index=True)
