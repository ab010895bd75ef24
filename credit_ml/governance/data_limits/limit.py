"""A limit on data: which streams may be used, pooled or not, before or after clearing, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from credit_ml.agencies import Agency
from credit_ml.core import InputError, Streams, beside, need_known
from credit_ml.society import COLUMNS, Society, World

if TYPE_CHECKING:
    import pandas as pd

#: Streams of each holder in the source document.
HOLDERS: dict[str, tuple[str, ...]] = {
    name: tuple(streams) for name, streams in beside(__file__)["holders"].items()
}
#: Streams that may be used for a purpose; none named means all.
PURPOSES: dict[str, tuple[str, ...]] = {
    name: tuple(streams) for name, streams in beside(__file__)["purposes"].items()
}
#: Offices whose records the national score could use: those of the memorandum (S6).
OFFICES = 44
#: Of them, those that shared records in 2015.
SHARING_2015 = 38


@dataclass(frozen=True, kw_only=True)
class DataLimit:
    """Which data may reach a rater; one that limits nothing returns what it is given.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> limit = DataLimit(purpose="public_order", cleared=False)
    >>> limit.agency(load_agency("national")).streams
    ('traffic', 'courts', 'posts')
    >>> limit.world(World(citizens=100)).platforms.own_merchants
    True
    """

    holders: tuple[str, ...] | None = None
    """Holders (`HOLDERS`) who may give their streams to the rater; all by default."""
    purpose: str | None = None
    """Purpose (`PURPOSES`) for which alone data may be used."""
    pooled: bool | None = None
    """Whether companies pool what they see (S4); as the world says by default."""
    cleared: bool | None = None
    """Whether payments pass the clearing house (S5). Before it (False) a rater sees payments,
    merchants and places of its own companies alone; as the world says by default."""
    offices: int = OFFICES
    """Offices of `OFFICES` that share records (S6): 38 did in 2015."""

    def __post_init__(self) -> None:
        for holder in self.holders or ():
            need_known(InputError, "limit, holders", holder, HOLDERS)
        if self.purpose is not None:
            need_known(InputError, "limit, purpose", self.purpose, PURPOSES)
        for name in ("pooled", "cleared"):
            value = getattr(self, name)
            usable = value is None or isinstance(value, bool)
            remedy = "give True or False"
            InputError.unless(usable, f"limit, {name}", f"is {value!r}", remedy)
        whole = isinstance(self.offices, int) and not isinstance(self.offices, bool)
        usable = whole and 0 <= self.offices <= OFFICES
        remedy = f"give a whole number from 0 to {OFFICES}"
        InputError.unless(usable, "limit, offices", f"are {self.offices!r}", remedy)

    def world(self, world: World) -> World:
        """Return the world in which the limit holds; the same where it concerns none of it."""
        changed: dict[str, Any] = {}
        if self.pooled is not None:
            changed["pooled"] = self.pooled
        if self.cleared is not None:
            changed |= {"cleared": self.cleared, "own_merchants": not self.cleared}
        if not changed:
            return world
        return replace(world, platforms=replace(world.platforms, **changed))

    def agency(self, agency: Agency) -> Agency:
        """Return the agency as it would be with the streams that it may use.

        Raises
        ------
        AgencyError
            When it may use none of its streams.
        """
        allowed = self.streams(agency.streams)
        limited = agency if allowed == agency.streams else agency.with_streams(allowed)
        if self.pooled is False and len(limited.companies) > 1:
            limited = limited.model_copy(update={"companies": limited.companies[:1]})
        return limited

    def streams(self, streams: Sequence[str]) -> tuple[str, ...]:
        """Those of some streams that may be used, in their order."""
        held = None if self.holders is None else {s for name in self.holders for s in HOLDERS[name]}
        meant = set(PURPOSES[self.purpose]) if self.purpose else set()
        return tuple(
            each
            for each in streams
            if (held is None or each in held) and (not meant or each in meant)
        )

    def society(self, society: Society) -> Society:
        """Return the same people as a rater under the limit finds them on file.

        The world's own draws stay. A citizen's file at each of the office streams lies with one of
        `OFFICES` offices, drawn for each citizen and stream; what lies with one that does not share
        is missing. With all offices sharing, and no word on pools and clearing, the society itself.

        Cost: one simulation where pools or clearing change; else one copy of the offices' records.
        """
        world = self.world(society.world)
        found = society if world == society.world else world.simulate()
        if self.offices == OFFICES:
            return found
        return replace(found, records=_shared(found, self.offices))


def _shared(society: Society, offices: int) -> "pd.DataFrame":
    """Records of which those of offices that do not share are missing."""
    records = society.records.copy()
    streams = Streams(society.world.seed)
    for stream in HOLDERS["offices"]:
        lies = streams.generator(f"data_limits.offices.{stream}").integers(
            OFFICES, size=len(society)
        )
        for name in (name for name, column in COLUMNS.items() if column.stream == stream):
            kind: Any = records[name].dtype if COLUMNS[name].categories else np.float32
            records[name] = records[name].astype(kind).mask(lies >= offices)
    return records


def share_reaching(limit: DataLimit, agency: Agency, society: Society) -> float:
    """Share of the records of an agency's streams that reach it under a limit, of all that exist.

    What is on file of nobody is no record; of payments, merchants and places a rater may see a
    part, which counts as that part.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> society = World(citizens=200).simulate()
    >>> share_reaching(DataLimit(), load_agency("council"), society)
    1.0
    """
    records = society.records[list(agency.columns)]
    paid = [name for name in records.columns if COLUMNS[str(name)].stream in HOLDERS["payments"]]
    there = records.notna().to_numpy()
    there |= np.isin(records.columns, paid)
    seen = limit.agency(agency).view(limit.society(society)).X.reindex(columns=records.columns)
    known = seen.notna().to_numpy(dtype=np.float64)
    for name in paid:
        whole = society.truth["payments"] if name == "spending" else records[name]
        part = seen[name].to_numpy(dtype=np.float64) / whole.to_numpy(dtype=np.float64)
        known[:, records.columns.get_loc(name)] = np.clip(np.nan_to_num(part), 0.0, 1.0)
    return float(known[there].sum() / there.sum())
