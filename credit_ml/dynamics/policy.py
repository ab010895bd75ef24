"""A policy: which lists are kept, what being on one closes, and how a listing ends."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

import pandas as pd
from pydantic import Field, ValidationError, model_validator

from credit_ml.agencies import load_agency
from credit_ml.agencies.parts import Name, Part, Row, Source, Text
from credit_ml.agencies.problems import readable
from credit_ml.core import InputError, beside, need_known
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.response import load_menu
from credit_ml.scoring.parameters import Number
from credit_ml.society import COLUMNS

Share = Annotated[Number, Field(ge=0, le=1)]
Amount = Annotated[Number, Field(ge=0)]

#: What a sanction can move in the life of somebody on a list, and the unit of its size.
MOVES: dict[str, dict[str, str]] = beside(__file__)["moves"]


class PolicyError(InputError):
    """A policy cannot be used.

    Examples
    --------
    >>> print(PolicyError("policy 'stern'", "is unknown", "name one of the catalogue"))
    policy 'stern': is unknown; name one of the catalogue
    """


class Grade(Part):
    """How grave a listing is, and for how long it stands.

    Examples
    --------
    >>> Grade(id="serious", share=1.0, years=3.0, source="assumed, because it is").years
    3.0
    """

    units: ClassVar[dict[str, str]] = {"share": "share of listings", "years": "years"}

    id: Name
    share: Share
    """Of the listings that are of this grade."""
    years: Annotated[Number, Field(gt=0)] | None = None
    """How long it stands; without an end when absent."""
    source: Source


class ListRule(Part):
    """A list, who comes on it and in which grade.

    Examples
    --------
    >>> grade = {"id": "all", "share": 1.0, "years": 2.0, "source": "S8"}
    >>> ListRule(id="courts", by="orders", office="courts", grades=[grade], source="S8").by
    'orders'
    """

    units: ClassVar[dict[str, str]] = {
        "threshold": "points",
        "share": "share of people",
        "critics": "share of critics a year",
    }

    id: Name
    by: Literal["orders", "score", "will", "record"]
    """An order of a court; few points of an agency; the will of an office (S17); or a record that
    one has at the start, whatever follows (S11)."""
    office: Name
    """Whose list it is; its own sanctions follow whether or not others join."""
    agency: str | None = None
    """By score: whose points."""
    threshold: Number | None = None
    """By score: points under which one is listed."""
    share: Share | None = None
    """By score: share of people with the fewest points who are listed."""
    critics: Share | None = None
    """By will: chance a year that a critic of the authorities is listed, whatever they did."""
    record: str | None = None
    """By record: the column that lists whoever has more than 0 in it before the first year."""
    grades: tuple[Grade, ...] = Field(min_length=1)
    source: Source

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(grade.share for grade in self.grades)
        even = abs(total - 1.0) < 1e-9
        PolicyError.unless(
            even, "grades", f"have shares that sum to {total:g}", "let them sum to 1"
        )
        _need_single("grades", [grade.id for grade in self.grades])
        needs = {"orders": (), "score": ("agency",), "will": ("critics",), "record": ("record",)}[
            self.by
        ]
        for key in needs:
            problem = f"is missing, and the list is by {self.by}"
            PolicyError.unless(getattr(self, key) is not None, key, problem, "give it")
        keys = ("agency", "threshold", "share", "critics", "record")
        given = [key for key in keys if getattr(self, key)]
        allowed = {"score": ("agency", "threshold", "share")}.get(self.by, needs)
        for key in given:
            problem = f"is given, and the list is by {self.by}"
            PolicyError.unless(key in allowed, key, problem, "leave it out")
        if self.by == "score":
            one = (self.threshold is None) != (self.share is None)
            PolicyError.unless(
                one, "threshold", "and share are both given or both absent", "give one"
            )
            self._check_schedule()
        if self.record is not None:
            counted = [name for name, column in COLUMNS.items() if not column.categories]
            need_known(PolicyError, "record", self.record, counted)
        return self

    def _check_schedule(self) -> None:
        """Refuse a list that takes people whom its agency grants something at the same time."""
        agency = load_agency(str(self.agency))
        for granted in agency.privileges if self.threshold is not None else ():
            points = float(self.threshold or 0.0)
            problem = f"is {points:g}, and '{granted.id}' is granted from {granted.threshold:g}"
            remedy = (
                f"give at most {granted.threshold:g}, or people are listed and favoured at once"
            )
            PolicyError.unless(points <= granted.threshold, "threshold", problem, remedy)


class Sanction(Part):
    """Something that is closed to, or taken from, somebody on a list.

    Examples
    --------
    >>> Sanction(id="jobs", office="personnel", moves="capacity", size=0.3, worth=0.3,
    ...          source="S8; assumed, because no size is known").moves
    'capacity'
    """

    units: ClassVar[dict[str, str]] = {"worth": "share of own yearly income"}

    id: Name
    office: Name
    """Who imposes it."""
    moves: str
    """What it moves: one of `MOVES`; "worth" for what is only felt."""
    size: Amount = 0.0
    """By how much, in the unit of `MOVES`."""
    worth: Amount
    """Share of own yearly income that a year of it costs a person."""
    grades: tuple[str, ...] = ()
    """Grades that it falls on; all when empty."""
    source: Source

    @model_validator(mode="after")
    def _known(self) -> Self:
        need_known(PolicyError, "moves", self.moves, MOVES)
        most = float(MOVES[self.moves].get("most", "inf"))
        problem = f"is {self.size:g}, in {MOVES[self.moves]['unit']}"
        PolicyError.unless(self.size <= most, "size", problem, f"give at most {most:g}")
        return self


class LimitedPlaces(Part):
    """Places that as many people hold each year, those with the most points of an agency (S23).

    They are worth something to who holds one, and move nothing.

    Examples
    --------
    >>> LimitedPlaces(id="schools", agency="national", share=0.1, worth=0.1,
    ...               source="S9; assumed, because no number is known").share
    0.1
    """

    units: ClassVar[dict[str, str]] = {
        "share": "share of people",
        "worth": "share of own yearly income",
    }

    id: Name
    agency: str
    """Whose points rank people."""
    share: Annotated[Number, Field(gt=0, lt=1)]
    """Of people who hold a place; rounded to whole places."""
    worth: Amount
    """Share of own yearly income that a place is worth for a year."""
    source: Source

    @model_validator(mode="after")
    def _known(self) -> Self:
        load_agency(self.agency)
        return self


class Answering(Part):
    """How people respond to an agency's score within each year.

    Examples
    --------
    >>> told = Answering(agency="council", regime="full", source="S3; assumed, because it is asked")
    >>> told.fade, told.learns
    (0.0, False)
    """

    units: ClassVar[dict[str, str]] = {"fade": "share still there a year later"}

    agency: str
    """Whose score they answer; what it grants and imposes is their incentive, beside the policy's
    lists and places by its points."""
    regime: str = "full"
    """What they are told of it (`credit_ml.disclosure.REGIMES`)."""
    menu: str = "default"
    """What they can do: a menu of the package, or a TOML file."""
    bundle: Annotated[int, Field(ge=1)] | None = 2
    """Actions done together at most."""
    fade: Annotated[Number, Field(ge=0, lt=1)] = 0.0
    """Share of what last year's actions moved, in records and in the odds of keeping, that still
    stands; what is done lasts for its year when 0."""
    learns: bool = False
    """Whether the agency's scorer is fitted again each year, on the records and obligations of
    the year; published rules stay."""
    source: Source

    @model_validator(mode="after")
    def _usable(self) -> Self:
        agency, menu = load_agency(self.agency), load_menu(self.menu)
        checked_regimes(self.regime)
        menu.visible(list(agency.columns))
        for column in menu.needed:
            numbers = not COLUMNS[column].categories if column in COLUMNS else False
            problem = f"moves '{column}', which is no record of numbers"
            PolicyError.unless(numbers, "menu", problem, "move records that hold numbers")
        return self


class Policy(Part):
    """Which lists are kept, what they close, who joins in, and how a listing ends.

    Examples
    --------
    >>> from credit_ml.dynamics import load_policy
    >>> load_policy("joined")
    Policy(joined: 1 list, 11 sanctions, every office joins in)
    """

    units: ClassVar[dict[str, str]] = {
        "joined": "share of other offices",
        "repair": "chance a year",
    }

    id: Name
    title: Text
    rows: tuple[Row, ...]
    description: Text
    lists: tuple[ListRule, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    """In the order in which offices join."""
    joined: Share = 0.0
    """Degree of joint punishment: share of the other offices whose sanctions follow a listing."""
    family: bool = False
    """Whether sanctions on children follow the partner's listing as well as one's own (S9)."""
    places: tuple[LimitedPlaces, ...] = ()
    response: Answering | None = None
    """How people answer a score within the years; not at all when absent."""
    repair: Share = 0.0
    """Chance a year that all listings of one who kept the year's obligation are lifted."""
    source: Source = "assumed, because a policy is what is asked about"

    def __repr__(self) -> str:
        many = [f"{len(self.lists)} list{'s' * (len(self.lists) != 1)}"]
        many += [f"{len(self.sanctions)} sanctions"]
        if self.response is not None:
            many += [f"people answer {self.response.agency} ({self.response.regime})"]
        joins = {0.0: "no other office joins in", 1.0: "every office joins in"}
        many += [joins.get(self.joined, f"{self.joined:.0%} of other offices join in")]
        return f"{type(self).__name__}({self.id}: {', '.join(many)})"

    def __str__(self) -> str:
        return repr(self)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _need_single("lists", [each.id for each in self.lists])
        _need_single("sanctions", [each.id for each in self.sanctions])
        _need_single("places", [each.id for each in self.places])
        grades = {grade.id for each in self.lists for grade in each.grades}
        for sanction in self.sanctions:
            for grade in sanction.grades:
                need_known(PolicyError, f"sanctions, {sanction.id}, grades", grade, grades)
        return self

    def follows(self, rule: ListRule) -> tuple[bool, ...]:
        """Whether each sanction follows a listing on one list.

        Those of the list's own office do; of the others, the first ``joined`` of the offices, in
        the order of the file, rounded to whole offices.
        """
        others = list(dict.fromkeys(each.office for each in self.sanctions))
        others = [office for office in others if office != rule.office]
        joining = {rule.office, *others[: round(self.joined * len(others))]}
        return tuple(each.office in joining for each in self.sanctions)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Agencies whose points decide anything: lists, places, or what people answer."""
        named = [each.agency for each in self.lists if each.agency]
        named += [each.agency for each in self.places]
        named += [] if self.response is None else [self.response.agency]
        return tuple(dict.fromkeys(named))

    def describe(self) -> pd.DataFrame:
        """One row a number: name, value, unit and source."""
        parts: list[tuple[str, Part]] = [("", self)]
        parts += [(f"lists.{each.id}.", each) for each in self.lists]
        parts += [
            (f"lists.{rule.id}.{each.id}.", each) for rule in self.lists for each in rule.grades
        ]
        parts += [(f"sanctions.{each.id}.", each) for each in self.sanctions]
        parts += [(f"places.{each.id}.", each) for each in self.places]
        parts += [] if self.response is None else [("response.", self.response)]
        rows = [
            {
                "name": f"{place}{key}",
                "value": float(value),
                "unit": unit,
                "source": getattr(part, "source", ""),
            }
            for place, part in parts
            for key, unit in part.units.items()
            if (value := getattr(part, key)) is not None
        ]
        rows += [
            {
                "name": f"sanctions.{each.id}.size",
                "value": float(each.size),
                "unit": MOVES[each.moves]["unit"],
                "source": each.source,
            }
            for each in self.sanctions
        ]
        return pd.DataFrame(rows, columns=["name", "value", "unit", "source"])

    @classmethod
    def from_dict(cls, given: dict[str, Any], *, place: str = "policy") -> Self:
        """Make a policy from nested plain values, such as those of a TOML file.

        Raises
        ------
        PolicyError
            When a key is unknown or missing, or a value cannot be used.
        """
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=PolicyError) from None


def _need_single(place: str, ids: Sequence[str]) -> None:
    for each in ids:
        PolicyError.unless(ids.count(each) == 1, place, f"name '{each}' twice", "rename one")
