"""What every worker of a nation's study knows: the study, its fitted raters, their thresholds."""

import io
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from credit_ml.agencies import Rater
from credit_ml.core import Context, Instrument, Rows, Streams, StudyError
from credit_ml.core.instrument import NationPart, instruments
from credit_ml.core.provenance import digest
from credit_ml.fairness.nation.instrument import NationOption
from credit_ml.society import Society, World
from credit_ml.society.mechanisms.place import City, city_count, district_count, draw_city
from credit_ml.society.society import TABLES
from credit_ml.society.storage.archive import Archive, society_table, tables_from
from credit_ml.society.storage.shards import without_ties
from credit_ml.studies.cells.code import every_room, made_by
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.measure import threshold_of, view
from credit_ml.studies.nation.over import by_city, counts_cities
from credit_ml.studies.study import Study

#: Blocks that are left out in turn, where clusters cannot be.
BLOCKS = 64
#: Cell of the fitted raters.
FITTED = "raters.pickle"


@dataclass(frozen=True, kw_only=True)
class FittedRater:
    """A rater with what is fixed before anybody is scored."""

    rater: Rater
    threshold: float
    decision: str


@dataclass(frozen=True, kw_only=True)
class NationPlan:
    """A study whose people are never together, and where its cells lie.

    Everything follows from the study: two of it are the same, wherever they are made.
    """

    study: Study
    cells: Cells

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as plain values; there it is made once."""
        cells = self.cells
        return _again, (self.study.model_dump_json(), self.study.source, cells.folder, cells.key)

    @cached_property
    def world(self) -> World:
        """The world of all cities."""
        return self.study.make_world()

    @cached_property
    def option(self) -> NationOption:
        """How many people are trained on and followed."""
        return self.study.option("nation") or NationOption()

    @property
    def archive(self) -> Archive:
        """Where mail between cities lies until all are complete."""
        return Archive(self.cells.folder / "mail", self.world)

    @property
    def cities(self) -> int:
        """How many there are."""
        return city_count(self.world.address, self.world.citizens)

    @property
    def training(self) -> range:
        """Cities whose people raters are trained on: the first ones."""
        return range(min(self.option.training_cities, self.cities))

    def city(self, number: int) -> City:
        """Lay out one city."""
        return draw_city(self.world.address, self.world.seed, self.world.citizens, number)

    def drawn(self, number: int, people: int, among: range, what: str) -> Rows:
        """Places, in a city, of those drawn from it: of some cities each person as likely.

        Each city gives its share of the number, to one person; all of it where it has fewer.
        """
        spec, citizens = self.world.address, self.world.citizens
        whole = min(len(among) * spec.citizens_per_city, citizens)
        start, size = number * spec.citizens_per_city, self.city(number).size
        asked = min(people, whole)
        share = (start + size) * asked // whole - start * asked // whole
        generator = Streams(self.study.study.seed).generator(f"nation.{what}", number)
        return np.sort(generator.choice(size, share, replace=False))

    def part(self, number: int, district: NDArray[np.integer]) -> NationPart:
        """What instruments are told of a city: its clusters, its districts by lot, its blocks."""
        within = _by_lot(self.world.seed, self._districts)[district]
        if counts_cities(self.cities):
            clusters = np.full(len(district), number)
            blocks = clusters % BLOCKS
        else:  # blocks of districts, as many of each city
            each = BLOCKS // self.cities
            clusters, blocks = within, number * each + within % each
        told = {"clusters": clusters, "within": within, "blocks": blocks}
        return NationPart(number=number, parts=self.cities, **told)

    @property
    def _districts(self) -> int:
        spec, last = self.world.address, self.city(self.cities - 1)
        return (self.cities - 1) * district_count(spec, spec.citizens_per_city) + len(last.level)

    def asked(self) -> Iterator[Instrument]:
        """Yield the instruments that answer for a nation, those that merge first."""
        named = {each.id for each in self.study.asked()}
        able = [each for each in instruments().values() if each.run is None or each.id in named]
        yield from (each for each in able if each.merging is not None)
        yield from (each for each in able if each.merging is None and each.sampled is not None)

    def left_out(self) -> list[str]:
        """Instruments that the study asks and that need everybody, and their ties, at once."""
        asked = [each.id for each in self.asked()]
        return [each.id for each in self.study.asked() if each.id not in asked]

    def context(self, instrument: Instrument, fitted: FittedRater, society: Society) -> Context:
        """What an instrument is told of one rater and of people whose ties are not at hand."""
        return next(self.contexts([instrument], fitted, society))

    def contexts(
        self, asked: list[Instrument], fitted: FittedRater, society: Society
    ) -> Iterator[Context]:
        """Yield what each of some instruments is told; people are seen and scored once."""
        dataset = view(self.study.sensitive, fitted.rater, society)
        dataset = by_city(dataset, society) if counts_cities(self.cities) else dataset
        points, chances = fitted.rater.points_and_chances(dataset.X)
        for each in asked:
            context = self.study.context(each)
            if each.option is not None and context.option is None:
                context = context.asking(each)
            yield replace(
                context,
                raters=(fitted.rater,),
                dataset=dataset,
                points=points,
                chances=chances,
                threshold=fitted.threshold,
                decision=fitted.decision,
            )

    def fit(self, society: Society, place: int) -> bytes:
        """Train the rater at a place among the study's on some people, as it travels.

        Raises
        ------
        StudyError
            When it cannot be sent to other processes.
        """
        rater = self.study.agencies()[place].fit(society, seed=self.study.study.seed)
        points = rater.score(view(self.study.sensitive, rater, society).X)
        threshold, decision = threshold_of(rater, points)
        try:
            return pickle.dumps(FittedRater(rater=rater, threshold=threshold, decision=decision))
        except Exception as error:
            problem = f"cannot be sent to other processes ({error})"
            remedy = "take a scorer whose fitted state can be pickled"
            raise StudyError(f"rater {rater.name}", problem, remedy) from error

    def fitted(self) -> list[FittedRater]:
        """Raters as they were fitted, from their cell."""
        return _unpickled(self.cells)


def nation_of(study: Study, folder: Path) -> NationPlan:
    """A study's nation, in a folder named by all that its cities depend on.

    That is code and versions, world, raters, sensitive features and the numbers of people drawn;
    what is asked of the sample is not among it.
    """
    option = study.option("nation") or NationOption()
    agencies = [agency.model_dump(mode="json") for agency in study.agencies()]
    told = [study.make_world().to_dict(), agencies, study.sensitive, study.study.seed]
    lead = None if study.lead is None else study.lead.model_dump()
    made = made_by("studies.nation.plan", "studies.nation.city", *every_room())
    key = digest([told, lead, dict(study.reference_groups), option.model_dump(), made])
    return NationPlan(study=study, cells=Cells(folder.absolute(), key))


@cache
def _again(study: str, source: str, folder: Path, key: str) -> NationPlan:
    made = Study.from_dict(json.loads(study), source=source)
    return NationPlan(study=made, cells=Cells(folder.parent, key))


@cache
def _by_lot(seed: int, districts: int) -> NDArray[np.intp]:
    return Streams(seed).generator("nation.clusters").permutation(districts)


@cache
def _unpickled(cells: Cells) -> list[FittedRater]:
    found: list[FittedRater] = pickle.loads(cells.needed(FITTED))
    return found


def as_bytes(society: Society, rows: Rows) -> bytes:
    """Some citizens of a society as the bytes of a Parquet file."""
    frames = {name: getattr(society, name).iloc[rows].reset_index(drop=True) for name in TABLES}
    buffer = io.BytesIO()
    pq.write_table(society_table(frames), buffer, compression="zstd")
    return buffer.getvalue()


def from_bytes(world: World, parts: list[bytes]) -> Society:
    """Citizens of several cities as one society, without ties."""
    frames = [pq.read_table(io.BytesIO(part)).to_pandas() for part in parts]
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    return without_ties(world, tables_from(frame))
