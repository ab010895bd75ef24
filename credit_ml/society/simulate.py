"""From a world to a society: blocks of citizens, then what connects them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import BLOCK, Streams
from credit_ml.society.behaviour import behaviour_records
from credit_ml.society.capacity import capacity_latent, capacity_records
from credit_ml.society.columns import COLUMNS
from credit_ml.society.graph import (
    Cells,
    Fabric,
    fill_slots,
    friend_records,
    undirected,
)
from credit_ml.society.history import history_records
from credit_ml.society.outcome import keeping_probability
from credit_ml.society.place import (
    Districts,
    address_records,
    count_districts,
    draw_districts,
    live,
)
from credit_ml.society.population import (
    SENSITIVE,
    draw_people,
    override,
    sensitive_frame,
    shift,
)
from credit_ml.society.ratings import rating_records
from credit_ml.society.ties import Slots, context_cells, draw_slots
from credit_ml.society.world import World

if TYPE_CHECKING:
    from credit_ml.society.society import Society

#: Mechanisms that may depend on a sensitive feature, in causal order.
MECHANISMS = (
    "trust", "address", "phone", "capacity", "history", "reporting", "behaviour", "ratings",
    "ties", "outcome",
)  # fmt: skip

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Sensitive features set to given codes, as seen by some of the mechanisms."""

    codes: Mapping[str, int]
    mechanisms: Collection[str] = MECHANISMS


#: Nothing changed: the society as it is.
AS_IT_IS = Change(codes={})


@dataclass(frozen=True, kw_only=True)
class Citizens:
    """Everything about some citizens that needs no other citizen."""

    people: Arrays
    district: NDArray[np.int32]
    records: Arrays
    truth: Arrays
    outcome: Arrays
    cells: Cells
    slots: Slots
    seat: NDArray[np.float64]


def simulate(world: World, *, workers: int = 1) -> "Society":
    """Make a society; the same world gives the same society on any number of workers."""
    citizens = draw_citizens(world, AS_IT_IS, workers=workers)
    target = fill_slots(citizens.cells, citizens.slots, citizens.cells)
    fabric = Fabric(cells=citizens.cells, slots=citizens.slots, target=target, seat=citizens.seat)
    ties = undirected(citizens.slots.owner, target, world.citizens)
    return assemble(world, citizens, ties=ties, neighbours=citizens, fabric=fabric)


def draw_citizens(world: World, change: Change, *, workers: int) -> Citizens:
    """Draw all citizens block by block and join the blocks in order."""
    number = count_districts(world.address, world.citizens)
    districts = draw_districts(world.address, Streams(world.seed).generator("districts"), number)
    starts = range(0, world.citizens, BLOCK)
    if workers == 1:
        blocks = [_draw_block(world, districts, change, start) for start in starts]
    else:
        from joblib import Parallel, delayed

        blocks = Parallel(n_jobs=workers, prefer="threads")(
            delayed(_draw_block)(world, districts, change, start) for start in starts
        )
    return _joined(blocks)


def assemble(
    world: World, citizens: Citizens, *, ties: Any, neighbours: Citizens, fabric: Fabric
) -> "Society":
    """Add what others bring (friends, neighbourhood) and make the tables.

    Parameters
    ----------
    ties : scipy.sparse.csr_array
        Row i holds the friends of citizen i.
    neighbours : Citizens
        The people met as friends and neighbours: the citizens themselves, or for twins that
        meet the actual others, the actual citizens.
    """
    from credit_ml.society.society import Society

    known = neighbours.records
    records = citizens.records | friend_records(
        ties, known["late_payments"], known["spending"], known["judgments"]
    )
    records["district_late"] = _district_mean(
        neighbours.district, known["late_payments"], citizens.district
    )
    people = sensitive_frame(citizens.people)
    people["district"] = citizens.district
    return Society(
        world=world,
        people=people,
        records=_records_frame(records),
        ties=ties,
        outcome=pd.DataFrame(citizens.outcome),
        truth=pd.DataFrame(citizens.truth),
        fabric=fabric,
        citizens=citizens,
    )


def _draw_block(world: World, districts: Districts, change: Change, start: int) -> Citizens:
    size, block = min(BLOCK, world.citizens - start), start // BLOCK
    streams = Streams(world.seed)
    normal = {
        name: streams.generator(f"{name}.normal", block).standard_normal((rows, size))
        for name, rows in (("place", 1), ("address", 3), ("capacity", 6), ("history", 2),
                           ("behaviour", 2), ("ratings", 1))
    }  # fmt: skip
    uniform = {
        name: streams.generator(f"{name}.uniform", block).random((rows, size))
        for name, rows in (("history", 2), ("behaviour", 7), ("ratings", 1), ("ties", 2),
                           ("outcome", 2))
    }  # fmt: skip
    spec = world.population
    people = draw_people(spec, streams.generator("population", block), size)
    changed = override(people, change.codes)

    def seen(mechanism: str) -> Arrays:
        return changed if mechanism in change.mechanisms else people

    trust = people["trust_noise"] + shift(spec.trust, spec, seen("trust"))
    district = live(
        world.address,
        spec,
        seen("address"),
        trust,
        normal["place"][0],
        len(districts["level"]),
    )
    level, shock = districts["level"][district], districts["shock"][district]
    capacity = capacity_latent(
        world.capacity, spec, seen("capacity"), normal["capacity"][0], level, shock
    )
    records: Arrays = (
        history_records(
            world.history, spec, seen("history"), seen("reporting"), uniform["history"],
            normal["history"], trust, capacity, shock,
        )
        | capacity_records(world.capacity, seen("capacity"), normal["capacity"][1:], capacity)
        | address_records(world.address, spec, seen("phone"), normal["address"], level)
        | behaviour_records(
            world.behaviour, spec, seen("behaviour"), uniform["behaviour"], normal["behaviour"],
            trust, capacity,
        )
        | rating_records(
            world.ratings, spec, seen("ratings"), uniform["ratings"][0], normal["ratings"][0],
            trust,
        )
    )  # fmt: skip
    probability = keeping_probability(world.outcome, spec, seen("outcome"), trust, capacity, shock)
    cells = context_cells(
        world.ties, seen("ties"), district, records["job"], uniform["ties"][0], trust,
        world.citizens,
    )  # fmt: skip
    return Citizens(
        people=changed,
        district=district,
        records={name: _narrow(values) for name, values in records.items()},
        truth={
            "trust": trust.astype(np.float32),
            "capacity": capacity.astype(np.float32),
            "level": level.astype(np.float32),
            "shock": shock.astype(np.float32),
            "probability": probability,
        },
        outcome={
            "kept": (uniform["outcome"][0] < probability).astype(np.int8),
            "kept_before": (uniform["outcome"][1] < probability).astype(np.int8),
        },
        cells=cells,
        slots=draw_slots(world.ties, streams.generator("slots", block), start, size),
        seat=uniform["ties"][1],
    )


def _joined(blocks: list[Citizens]) -> Citizens:
    def tables(part: str) -> Arrays:
        first: Arrays = getattr(blocks[0], part)
        return {
            name: np.concatenate([getattr(block, part)[name] for block in blocks]) for name in first
        }

    return Citizens(
        people=tables("people"),
        district=np.concatenate([block.district for block in blocks]),
        records=tables("records"),
        truth=tables("truth"),
        outcome=tables("outcome"),
        cells=tables("cells"),
        slots=Slots(
            np.concatenate([block.slots.owner for block in blocks]),
            np.concatenate([block.slots.context for block in blocks]),
            np.concatenate([block.slots.chance for block in blocks]),
        ),
        seat=np.concatenate([block.seat for block in blocks]),
    )


def _narrow(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(np.float32) if values.dtype.kind == "f" else values


def _district_mean(
    district: NDArray[Any], late: NDArray[Any], lived_in: NDArray[Any]
) -> NDArray[Any]:
    size = max(int(district.max()), int(lived_in.max())) + 1
    people = np.bincount(district, minlength=size)
    total = np.bincount(district, weights=late, minlength=size)
    # A district that only a twin lives in has no residents on file.
    mean = np.full(size, np.nan)
    np.divide(total, people, out=mean, where=people > 0)
    lived: NDArray[np.float64] = mean[lived_in]
    return lived


def _records_frame(records: Arrays) -> pd.DataFrame:
    frame: dict[str, Any] = {}
    for name, column in COLUMNS.items():
        values: Any = _narrow(records[name])
        if column.categories:
            values = pd.Categorical.from_codes(
                values.astype(np.intp), categories=pd.Index(column.categories), ordered=True
            )
        elif values.dtype.kind in "iu":
            values = values.astype(np.int32)
        frame[name] = values
    return pd.DataFrame(frame)


def checked_codes(changes: Mapping[str, str]) -> dict[str, int]:
    """Turn ``{"hukou": "urban"}`` into codes; unknown names are refused."""
    from credit_ml.core import WorldError, refuse_unknown

    codes = {}
    for feature, value in changes.items():
        if feature not in SENSITIVE:
            refuse_unknown(WorldError, "twin", feature, SENSITIVE)
        if value not in SENSITIVE[feature]:
            refuse_unknown(WorldError, f"twin, {feature}", value, SENSITIVE[feature])
        codes[feature] = SENSITIVE[feature].index(value)
    return codes
