"""A row of the source document as a file of the catalogue: its facts, its switch, its measure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from credit_ml.agencies.parts import Row, Text
from credit_ml.agencies.problems import readable
from credit_ml.core import InputError, need_known, read_toml
from credit_ml.governance.rule import Line

CATALOGUE = Path(__file__).with_name("catalogue")
#: Where a switch is.
Switch = Literal["world knob", "agency", "regime", "policy", "menu", "instrument"]


class Setting(BaseModel, frozen=True, extra="forbid"):
    """What is there while a row is switched off, or on; what is not given is as ever.

    Examples
    --------
    >>> Setting(means="all is cleared", knobs={"platforms": {"cleared": True}}).world
    'baseline'
    """

    means: Line
    """What the switch in this position is, in words."""
    world: str = "baseline"
    knobs: dict[str, Any] = {}
    """Knobs of the world that differ, as in its file."""
    agency: str | None = None
    agencies: tuple[str, ...] = ()
    """Where several rate the same people."""
    changes: dict[str, Any] = {}
    """Keys of the agency's file that differ."""
    without_streams: tuple[str, ...] = ()
    without_rules: tuple[str, ...] = ()
    typical_streams: tuple[str, ...] = ()
    """Streams in which the same score sees everybody as the typical citizen."""
    policy: str | None = None
    policy_changes: dict[str, Any] = {}
    """Keys of the policy's file that differ."""
    years: int = 5
    regime: str | None = None
    menu: str = "default"
    without_kinds: tuple[str, ...] = ()
    """Kinds of action that nobody can do."""
    take: str = ""
    """What of it is measured: a privilege, a record, a total of the years, a part of an answer."""


class SourceRow(BaseModel, frozen=True, extra="forbid"):
    """One row: what the source says, what switches it, and what is measured off and on.

    Examples
    --------
    >>> row = load_row("S5")
    >>> row.switch, row.measure, row.number
    ('world knob', 'payments_seen', 5)
    """

    id: Row
    title: Text
    facts: Line
    """What the source document says."""
    switch: Switch
    name: Text
    """What the switch is called in the package."""
    measure: Text
    """A measure of `credit_ml.governance.source_rows.measures`."""
    what: Line
    """What is measured, as the subject of a sentence."""
    unit: Text
    shows: Literal["change", "difference"]
    """Where the effect is seen: in what changes for everybody, or in what lies between groups."""
    also: tuple[str, ...] = ()
    """Sensitive features that this row is about, shown beside those asked for."""
    off: Setting
    on: Setting

    @property
    def number(self) -> int:
        """Place among the rows, from 1."""
        return int(self.id[1:])


def row_ids() -> list[str]:
    """Ids of the rows, from S1 on.

    Examples
    --------
    >>> row_ids()[:3], len(row_ids())
    (['S1', 'S2', 'S3'], 24)
    """
    found = (f"S{int(path.stem[1:])}" for path in CATALOGUE.glob("*.toml"))
    return sorted(found, key=lambda name: int(name[1:]))


def load_row(name: str | Path) -> SourceRow:
    """Return a row of the catalogue, or that of a TOML file of one's own.

    Parameters
    ----------
    name : str or Path
        One of `row_ids`, or a path that ends in ``.toml``.

    Raises
    ------
    InputError
        When the row is unknown, or its file cannot be read or used.

    Examples
    --------
    >>> load_row("S3").off.means
    'no rule, and all stand at the start'
    """
    path = Path(name)
    if path.suffix != ".toml":
        need_known(InputError, "row", str(name), row_ids())
        path = CATALOGUE / f"s{int(str(name)[1:]):02}.toml"
    given = read_toml(path, InputError, "give a TOML file in UTF-8")
    both = given.pop("both", {})
    given |= {
        side: both | given[side] for side in ("off", "on") if isinstance(given.get(side), dict)
    }
    try:
        return SourceRow.model_validate(given)
    except ValidationError as error:
        raise readable(error, SourceRow, place=path.name, kind=InputError) from None


def chosen_rows(
    named: Sequence[str | Path | SourceRow] | str | Path | SourceRow | None,
) -> list[SourceRow]:
    """Return the rows asked for, each once; all of the catalogue by default."""
    if named is None:
        named = row_ids()
    single = isinstance(named, str | Path | SourceRow)
    asked: list[Any] = [named] if single else list(named)  # type: ignore[arg-type]
    InputError.unless(asked, "rows", "are none", f"name some of {row_ids()[0]} to {row_ids()[-1]}")
    found = [each if isinstance(each, SourceRow) else load_row(each) for each in asked]
    return list({each.id: each for each in found}.values())
