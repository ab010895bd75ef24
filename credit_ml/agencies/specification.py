"""What an agency sees, how it scores, what it grants, what it discloses: as its file says."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Literal, Self, TypeVar

import pandas as pd
from pydantic import ValidationError, model_validator

from credit_ml.agencies.parts import Name, Part, Penalty, Privilege, Row, RulePart, ScalePart, Text
from credit_ml.agencies.problems import readable
from credit_ml.agencies.scorer_parts import SCORER_TABLES, AnyScorer, ScorerKind
from credit_ml.core import AgencyError, known_names, need_known
from credit_ml.core.renamed import renamed_keys
from credit_ml.society import COLUMNS, COMPANIES, STREAMS

Disclosed = Literal["nothing", "factors", "full"]
Named = TypeVar("Named", Privilege, Penalty)


class AgencySpecification(Part):
    """Everything that an agency's file says; `Agency` can also see a society and learn from it."""

    id: Name
    title: Text
    """Its name in one line."""
    rows: tuple[Row, ...]
    """Rows of the source document that it stands for, such as S1."""
    description: Text
    """A paragraph for people who do not know it."""
    streams: tuple[str, ...]
    """Streams of records that it sees (`credit_ml.society.STREAMS`)."""
    joined: tuple[str, ...] = ()
    """Streams that reach it only for citizens whose accounts join on the state identity (S24)."""
    scorer: AnyScorer
    """How records become log-odds or points."""
    scale: ScalePart
    """How log-odds are shown as points."""
    rules: tuple[RulePart, ...] = ()
    """Published rules, for a scorer of kind "rules"."""
    disclosed: Disclosed
    """What people are told of the formula."""
    ranked: bool = False
    """Whether everybody's rank in the whole population is published (S7)."""
    privileges: tuple[Privilege, ...] = ()
    """What it grants, in the order of the file."""
    penalties: tuple[Penalty, ...] = ()
    """What it imposes, in the order of the file."""
    companies: tuple[int, ...] = ()
    """Companies (1 to 8) whose users alone it knows (S4); empty when it knows everybody."""

    def __repr__(self) -> str:
        granted = [f"{each.id} from {each.threshold:g}" for each in self.privileges]
        imposed = [f"{each.id} below {each.below:g}" for each in self.penalties]
        does = ", ".join([*granted, *imposed]) or "grants nothing"
        return f"{type(self).__name__}({self.id}: {self.title}; {self.scorer.kind}; {does})"

    def __str__(self) -> str:
        return repr(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """Records that it sees, in the order of `credit_ml.society.COLUMNS`."""
        return tuple(name for name, column in COLUMNS.items() if column.stream in self.streams)

    def privilege(self, name: str) -> Privilege:
        """Return the privilege of one id, such as ``car_without_deposit``.

        Raises
        ------
        AgencyError
            When the agency grants none of that id; lists those that it grants.
        """
        return _named(f"{self.id}, privilege", self.privileges, name)

    def penalty(self, name: str) -> Penalty:
        """Return the penalty of one id, such as ``black_list``.

        Raises
        ------
        AgencyError
            When the agency imposes none of that id; lists those that it imposes.
        """
        return _named(f"{self.id}, penalty", self.penalties, name)

    def of_company(self, number: int) -> Self:
        """Return the agency as one company would be alone, with its own users (S4).

        Raises
        ------
        AgencyError
            When there is no company of that number.
        """
        changed = self.model_dump() | {"id": f"company_{number}", "companies": (number,)}
        return type(self).from_dict(changed, place=f"{self.id}, company {number}")

    def with_streams(self, streams: Sequence[str]) -> Self:
        """Return the agency as it would be with some of its streams alone (S21).

        Published rules on records that it no longer sees are gone.

        Raises
        ------
        AgencyError
            When it sees no such stream now, or nothing would be left.
        """
        for stream in streams:
            need_known(AgencyError, f"{self.id}, streams", stream, self.streams)
        columns = {name for name, column in COLUMNS.items() if column.stream in streams}
        kept = {
            "streams": [each for each in self.streams if each in streams],
            "joined": [each for each in self.joined if each in streams],
            "rules": [rule.model_dump() for rule in self.rules if rule.column in columns],
        }
        return type(self).from_dict(self.model_dump() | kept, place=f"{self.id}, with streams")

    def with_scorer(self, kind: ScorerKind) -> Self:
        """Return the agency with another kind of scorer, at that kind's defaults.

        Raises
        ------
        AgencyError
            When the kind is unknown, or is "rules" and the agency publishes none.
        """
        need_known(AgencyError, f"{self.id}, scorer", kind, SCORER_TABLES)
        if kind == self.scorer.kind:
            return self
        if kind == "rules":
            remedy = "give opaque, scorecard or another kind that learns"
            raise AgencyError(f"{self.id}, scorer", "publishes no rules to score by", remedy)
        return self.model_copy(update={"scorer": SCORER_TABLES[kind](), "rules": ()})

    def describe(self) -> pd.DataFrame:
        """One row a number: name, value, unit and source."""
        parts: list[tuple[str, Part]] = [("scorer", self.scorer), ("scale", self.scale)]
        parts += [(f"rules.{rule.column}", rule) for rule in self.rules]
        parts += [(f"privileges.{granted.id}", granted) for granted in self.privileges]
        parts += [(f"penalties.{imposed.id}", imposed) for imposed in self.penalties]
        rows = [row for place, part in parts for row in _numbers(place, part)]
        return pd.DataFrame(rows, columns=["name", "value", "unit", "source"])

    @classmethod
    def from_dict(cls, given: dict[str, Any], *, place: str = "agency") -> Self:
        """Make an agency from nested plain values, such as those of a TOML file.

        Raises
        ------
        AgencyError
            When a key is unknown or missing, or a value cannot be used.
        """
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=AgencyError) from None

    @model_validator(mode="before")
    @classmethod
    def _with_new_names(cls, given: Any) -> Any:
        old = {"prose": "description"}
        return renamed_keys(given, old, "agency") if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        AgencyError.unless(self.streams, "streams", "are empty", f"name some: {', '.join(STREAMS)}")
        for stream in self.streams:
            need_known(AgencyError, "streams", stream, STREAMS)
        for stream in self.joined:
            need_known(AgencyError, "joined", stream, self.streams)
        for company in self.companies:
            if not 1 <= company <= COMPANIES:
                raise AgencyError("companies", f"hold {company}", f"give 1 to {COMPANIES}")
        self._check_rules()
        self._check_privileges()
        return self

    def _check_rules(self) -> None:
        if (self.scorer.kind == "rules") != bool(self.rules):
            problem = "are given, and the scorer uses none" if self.rules else "are missing"
            raise AgencyError("rules", problem, "give rules with a scorer of kind 'rules' only")
        for rule in self.rules:
            if rule.column not in self.columns:
                problem = f"column '{rule.column}' is in no stream that the agency sees"
                raise AgencyError("rules", problem, known_names(rule.column, self.columns))

    def _check_privileges(self) -> None:
        scale = self.scale.make()
        remedy = f"give points on the scale, {scale.low:g} to {scale.high:g}"
        for part, key in (("privileges", "threshold"), ("penalties", "below")):
            ids: set[str] = set()
            for each in getattr(self, part):
                problem = f"id '{each.id}' is given twice"
                AgencyError.unless(each.id not in ids, part, problem, "rename one")
                ids.add(each.id)
                points, place = getattr(each, key), f"{part}, {each.id}, {key}"
                on_scale = scale.low <= points <= scale.high
                AgencyError.unless(on_scale, place, f"is {points:g}", remedy)
        for imposed, granted in product(self.penalties, self.privileges):
            place, points = f"penalties, {imposed.id}, below", granted.threshold
            problem = f"is {imposed.below:g}, and '{granted.id}' is granted from {points:g}"
            remedy = f"give at most {points:g}, or nobody knows what happens in between"
            AgencyError.unless(imposed.below <= points, place, problem, remedy)


def _named(place: str, parts: Sequence[Named], name: str) -> Named:
    known = {each.id: each for each in parts}
    need_known(AgencyError, place, name, known)
    return known[name]


def _numbers(place: str, part: Part) -> Iterator[tuple[str, float, str, str]]:
    source: str = getattr(part, "source", "")
    for name, unit in part.units.items():
        value = getattr(part, name)
        if value is not None:
            yield (f"{place}.{name}", float(value), unit, source)
    for key, points in (getattr(part, "by_value", None) or {}).items():
        yield (f"{place}.by_value.{key}", float(points), "points", source)
