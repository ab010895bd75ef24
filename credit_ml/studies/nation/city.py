"""What one worker does: a city from its citizens to a few hundred kilobytes, and no person kept."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from credit_ml.core import Array
from credit_ml.core.tables.summary import Summary
from credit_ml.society.storage.shards import city_of
from credit_ml.studies.nation.plan import NationPlan, as_bytes

#: Name of the sample of a city's people among its arrays.
SAMPLE = "sample"


@dataclass(frozen=True, kw_only=True)
class TrainingBlock:
    """The people of one city whom raters are trained on: one cell."""

    nation: NationPlan
    number: int
    alike: str = "training"

    @property
    def name(self) -> str:
        """Of its cell."""
        return f"training-{self.number:05d}.parquet"

    def cells(self) -> Mapping[str, Callable[[], bytes]]:
        """Its one cell."""
        return {self.name: self._made}

    def _made(self) -> bytes:
        nation, number = self.nation, self.number
        rows = nation.drawn(number, nation.option.training, nation.training, "training")
        return as_bytes(city_of(nation.archive, number), rows)


@dataclass(frozen=True, kw_only=True)
class CityBlock:
    """One city: simulated, seen and scored by every rater, summed up and forgotten: one cell."""

    nation: NationPlan
    number: int
    alike: str = "city"

    @property
    def name(self) -> str:
        """Of its cell."""
        return f"city-{self.number:05d}.npz"

    def cells(self) -> Mapping[str, Callable[[], bytes]]:
        """Its one cell."""
        return {self.name: self._made}

    def _made(self) -> bytes:
        nation, number = self.nation, self.number
        society = city_of(nation.archive, number)
        part = nation.part(number, society.people["district"].to_numpy())
        arrays: dict[str, Array] = {}
        merging = [each for each in nation.asked() if each.merging is not None]
        for place, fitted in enumerate(nation.fitted()):
            for each, context in zip(
                merging, nation.contexts(merging, fitted, society), strict=True
            ):
                assert each.merging is not None
                summary = each.merging.summarise(context, part)
                arrays |= summary.arrays(prefix_of(place, each.id))
        rows = nation.drawn(number, nation.option.sample, range(nation.cities), "sample")
        people = as_bytes(society, rows) if len(rows) else b""
        arrays[SAMPLE] = np.frombuffer(people, dtype=np.uint8)
        return as_cell(arrays)


def prefix_of(rater: int, instrument: str) -> str:
    """Start of the names of what an instrument keeps of a rater."""
    return f"{rater}.{instrument}."


def as_cell(arrays: Mapping[str, Array]) -> bytes:
    """Content of a city's cell: numpy's archive, packed lightly.

    NumPy packs as hard as it can: twice the time, a seventh of a city's, for a twentieth less room.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, values in arrays.items():
            with packed.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asanyarray(values), allow_pickle=False)
    return buffer.getvalue()


def read_city(content: bytes) -> dict[str, Array]:
    """Arrays of a city's cell."""
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        return {name: held[name] for name in held.files}


def summary_in(arrays: Mapping[str, Array], rater: int, instrument: str) -> Summary:
    """What an instrument kept of a rater in one city."""
    return Summary.of_arrays(arrays, prefix_of(rater, instrument))
