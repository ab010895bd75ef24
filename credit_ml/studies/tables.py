"""The tables that every study file has: frozen, and without a key that nobody knows."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from credit_ml.agencies import Agency, ScorerKind, load_agency
from credit_ml.core import StudyError, WorldError, read_toml
from credit_ml.society import World


class StudyTable(BaseModel):
    """Base of every table; an unknown key is refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def keys(cls) -> set[str]:
        """Keys that it knows."""
        return set(cls.model_fields)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """Describe each key by the string below it, read where a schema is asked for.

        Pydantic would read the source of every class whenever a study is run.
        """
        made: dict[str, Any] = handler(core_schema)
        properties = handler.resolve_ref_schema(made)["properties"]
        for key, words in _words_below(cls).items():
            properties.get(key, {}).setdefault("description", words)
        return made


def _words_below(model: type[BaseModel]) -> dict[str, str]:
    """Return the string that stands below each key of a model and of those that it extends."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if each is not StudyTable and issubclass(each, StudyTable):
            body: Any = ast.parse(textwrap.dedent(inspect.getsource(each))).body[0]
            for key, below in pairwise(body.body):
                match key, below:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str(words))),
                    ):
                        found[name] = inspect.cleandoc(words)
    return found


class Header(StudyTable):
    """What is asked, what is expected, and what would show the expectation wrong."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    prediction: str = Field(min_length=1)
    refutation: str = Field(min_length=1)
    seed: int = Field(ge=0)
    """Of samples and bootstraps; the world has its own."""

    def foretold(self) -> dict[str, str]:
        """Return what was said beforehand, in whose words checks are held."""
        return {"prediction": self.prediction, "refutation": self.refutation}


class WorldTable(StudyTable):
    """A named world, or a TOML file beside the study, with knobs changed."""

    name: str
    citizens: int = Field(ge=2)
    seed: int | None = Field(default=None, ge=0)
    changes: dict[str, Any] = Field(default_factory=dict)
    """Knobs by mechanism, as `credit_ml.society.World.from_dict` takes them."""


class RaterTable(StudyTable):
    """An agency and the scorers that it is tried with; its own when none is named."""

    agency: str
    scorers: tuple[ScorerKind, ...] = ()


class LeadTable(StudyTable):
    """The two groups that the report follows."""

    sensitive: str
    group: str
    reference_group: str


class CheckTable(StudyTable):
    """A prediction that a machine can check (`credit_ml.reports.Check`)."""

    claim: str
    kind: str = ""
    where: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    relation: Literal["above", "below", "within"] = "within"
    value: float = 0.0
    rater: str = ""
    of: str = ""
    every: bool = False
    most: bool = False
    assumed: bool = False
    refutes: str = ""
    spares: str = ""

    @model_serializer(mode="wrap")
    def _told(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out keys that older files have not, unless given: their digest is what it was."""
        made: dict[str, Any] = handler(self)
        younger = ("refutes", "spares", "most")
        return {k: each for k, each in made.items() if each or k not in younger}

    @model_validator(mode="after")
    def _names_a_row(self) -> Self:
        """What was assumed needs no row: it is what the world was made with."""
        # By values where they tell: a study that travelled to a worker has every key set.
        named = bool(self.kind or self.where or self.relation != "within")
        whole = bool(self.kind and self.where) and "relation" in self.model_fields_set
        if not whole and (named or not self.assumed):
            raise ValueError("names no row: give kind, where and relation (or assumed = true)")
        return self


class ReportTable(StudyTable):
    """Where the report is written, from the folder the command runs in."""

    path: str
    lead_with: str = ""
    """Instrument whose answer opens the page; by default the page tells of raters and gaps."""
    answered_by: tuple[str, ...] = ()
    """Instruments that answer the study's question, a clause each; by default the page tells who
    pays, through what, and what telling the rules does."""

    def settings(self) -> dict[str, Any]:
        """Return what the page is told of it: what answers, where the file says so."""
        told = {"lead_with": self.lead_with, "answered_by": list(self.answered_by)}
        return {key: value for key, value in told.items() if value}


def read_study(path: str | Path) -> dict[str, Any]:
    """Read a study's file, or raise StudyError."""
    return read_toml(path, StudyError, "give the path of a study file")


def beside(source: str, name: str) -> str:
    """Return a name as it is, or the path of a TOML file that lies beside a study's own."""
    if name.endswith(".toml") and source and not Path(name).is_absolute():
        return str(Path(source).parent / name)
    return name


def agencies_of(
    raters: Sequence[RaterTable], place: Callable[[str], str] = lambda name: name
) -> list[Agency]:
    """Return one agency for each rater to fit, or raise AgencyError; `place` says where it lies."""
    found = []
    for part in raters:
        agency = load_agency(place(part.agency))
        found += [agency.with_scorer(kind) for kind in part.scorers] or [agency]
    return found


def refuse_repeated(agencies: Iterable[Agency], place: str) -> None:
    """Raise StudyError where an agency has the same scorer twice: names of raters are one each."""
    names = [f"{agency.id} ({agency.scorer.kind})" for agency in agencies]
    for name in names:
        problem = f"name {name} twice"
        StudyError.unless(names.count(name) == 1, f"{place}: raters", problem, "give each once")


def changed_world(world: World, changes: Mapping[str, Any]) -> World:
    """Return a world with some knobs changed, or raise WorldError."""
    if not changes:
        return world
    for key in ("citizens", "seed"):
        if key in changes:
            raise WorldError("world.changes", f"holds '{key}'", f"give world.{key}")
    return World.from_dict(_merged(world.to_dict(), changes), place="world.changes")


def _merged(base: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        nested = isinstance(value, Mapping) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if nested else value
    return merged
