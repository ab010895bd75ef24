"""A study file: the question, the prediction, and everything that a run depends on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar, Self, cast

from pydantic import (
    Field,
    PrivateAttr,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)

from credit_ml.agencies import Agency, load_agency
from credit_ml.agencies.problems import readable
from credit_ml.core import Context, Followed, InputError, StudyError, need_known
from credit_ml.core.instrument import Instrument, instruments
from credit_ml.core.provenance import digest
from credit_ml.core.renamed import warn_renamed
from credit_ml.governance.audit_checks.mutes import read_mutes
from credit_ml.inference import checked_societies
from credit_ml.society import SENSITIVE, World, load_world
from credit_ml.studies.cells.code import every_room, made_by
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.cells.work import file_name
from credit_ml.studies.predictions import refuse_undecidable
from credit_ml.studies.tables import (
    CheckTable,
    Header,
    LeadTable,
    RaterTable,
    ReportTable,
    StudyTable,
    WorldTable,
    agencies_of,
    beside,
    changed_world,
    refuse_repeated,
)

#: Cell of what is found across raters, and of what the report says of the data.
ACROSS = "across.json"


@dataclass(frozen=True)
class StudyPart:
    """A rater of a study of one society, or what is across raters: one cell."""

    name: str

    @property
    def alike(self) -> str:
        """None takes as long as another."""
        return self.name

    def cells(self) -> dict[str, Callable[[], bytes]]:
        """Name of its cell, which is made together with the others."""
        return {self.name: bytes}


class Study(StudyTable):
    """Everything that a run's findings depend on; how many workers is not among it.

    Beside the tables named here it has one for the option of every declared instrument
    (`credit_ml.core.Instrument`).

    Examples
    --------
    >>> study = Study.from_dict({
    ...     "study": {"id": "tiny", "title": "Tiny", "question": "Is there a gap?",
    ...               "prediction": "Yes.", "refutation": "No.", "seed": 1},
    ...     "world": {"name": "baseline", "citizens": 500},
    ...     "raters": [{"agency": "council"}],
    ...     "sensitive": ["hukou"],
    ...     "report": {"path": "reports/tiny.html"},
    ... })
    >>> study.make_world().citizens
    500
    """

    noun: ClassVar[str] = "raters, and what is across them"
    """What cells are."""

    study: Header
    world: WorldTable
    raters: tuple[RaterTable, ...] = Field(min_length=1)
    sensitive: tuple[str, ...] = Field(min_length=1)
    reference_groups: dict[str, str] = Field(default_factory=dict)
    lead: LeadTable | None = None
    intervals: float = Field(default=0.95, gt=0, lt=1)
    resample_societies: int = Field(default=20, ge=0)
    """In how many other societies of the world audits and decompositions are made again, for
    intervals over societies; 0 leaves those over people or districts alone."""
    checks: tuple[CheckTable, ...] = ()
    mute: dict[str, str] = Field(default_factory=dict)
    """Audit checks that are not to warn, each with the reason (`credit-ml checks` lists them)."""
    report: ReportTable
    source: str = Field(default="", exclude=True)
    """File that it was read from; relative worlds and agencies lie beside it."""
    _kinds: frozenset[str] = PrivateAttr(default=frozenset())

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], *, place: str = "study", source: str = "") -> Self:
        """Make a study from nested plain values.

        Raises
        ------
        StudyError, WorldError, AgencyError, MenuError
            With one line that names the key, the value and the remedy.
        """
        told = _with_new_names(given, place) | ({"source": source} if source else {})
        model = with_options(cls)
        try:
            made = model.model_validate(told)
        except ValidationError as error:
            raise readable(error, model, place=place, kind=StudyError) from None
        made.make_world()
        refuse_repeated(made.agencies(), place)
        for each in made.asked():
            made._check_option(each, place)
        read_mutes(made.mute, StudyError, f"{place}: mute")
        asked = list(made.asked())
        report, place_of = made.report, f"{place}: report"
        for name in filter(None, (report.lead_with, *report.answered_by)):
            need_known(StudyError, place_of, name, [each.id for each in asked])
        raters = (f"{each.id} ({each.scorer.kind})" for each in made.agencies())
        told = {**made.study.foretold(), "asked": asked, "raters": raters}
        refuse_undecidable(made.checks, place=place, **told)
        return cast(Self, made)

    @field_validator("sensitive")
    @classmethod
    def _known_features(cls, features: tuple[str, ...]) -> tuple[str, ...]:
        for feature in features:
            need_known(StudyError, "", feature, SENSITIVE)
        return features

    @field_validator("resample_societies")
    @classmethod
    def _none_or_enough(cls, societies: int) -> int:
        try:
            return checked_societies(societies) if societies else 0
        except InputError as error:
            raise InputError("societies", error.problem, f"{error.remedy}, or 0 for none") from None

    @model_validator(mode="after")
    def _groups_exist(self) -> Self:
        named = list(self.reference_groups.items())
        if self.lead is not None:
            named += [(self.lead.sensitive, self.lead.group)]
            named += [(self.lead.sensitive, self.lead.reference_group)]
        for feature, group in named:
            need_known(StudyError, "reference_groups or lead", feature, self.sensitive)
            need_known(StudyError, feature, group, SENSITIVE[feature])
        return self

    def _check_option(self, instrument: Instrument, place: str) -> None:
        if instrument.check is None:
            return
        try:
            instrument.check(self.context(instrument))
        except StudyError as error:
            raise StudyError(f"{place}: {error.place}", error.problem, error.remedy) from None

    @classmethod
    def keys(cls) -> set[str]:
        """Keys that it knows, those of instruments among them."""
        return set(with_options(cls).model_fields)

    def asked(self) -> Iterator[Instrument]:
        """Yield the instruments that the study runs."""
        for each in instruments().values():
            named = self.option(each) is not None if each.table else each.by_default
            wanted = not self._kinds or self._kinds & set(each.kinds)
            if named and wanted and (each.run is not None or each.merging is not None):
                yield each

    def makes_others(self) -> bool:
        """Whether other societies are measured too: what a cluster can share.

        Examples
        --------
        >>> from credit_ml.studies import load_study
        >>> load_study("wechat").makes_others()
        True
        """
        options = map(self.option, self.asked())
        return any((self.resample_societies, *(getattr(each, "societies", 0) for each in options)))

    def asking_for(self, kinds: frozenset[str]) -> Self:
        """Return the same asking for no more than it takes to find some kinds of finding.

        What is across raters reads what was found of each, so that all are asked for it.
        """
        made = self.model_copy()
        wanted = [each for each in self.asked() if kinds & set(each.kinds)]
        if all(each.stage == "rater" for each in wanted):
            made._kinds = kinds
        return made

    def option(self, instrument: Instrument | str) -> Any:
        """Return an instrument's table, or None where the study has none."""
        one = instruments()[instrument] if isinstance(instrument, str) else instrument
        return getattr(self, one.table, None) if one.table else None

    def context(self, instrument: Instrument) -> Context:
        """Return what an instrument is given before anything is run."""
        lead = self.lead
        return Context(
            option=self.option(instrument),
            agencies=self.agencies(),
            load_agency=partial(_agency_beside, self.source),
            sensitive=self.sensitive,
            reference_groups=self.reference_groups,
            lead=None if lead is None else Followed(**lead.model_dump()),
            intervals=self.intervals,
            seed=self.study.seed,
        )

    def make_world(self) -> World:
        """Return the world, or raise WorldError."""
        part = self.world
        world = load_world(self._beside(part.name), citizens=part.citizens, seed=part.seed)
        return changed_world(world, part.changes)

    def agencies(self) -> list[Agency]:
        """Return one agency for each rater to fit, or raise AgencyError."""
        return agencies_of(self.raters, self._beside)

    @property
    def report_path(self) -> Path:
        """Where the report goes unless a run says otherwise."""
        return Path(self.report.path)

    def digest(self) -> str:
        """SHA-256 of everything that the findings depend on."""
        told = [agency.model_dump(mode="json") for agency in self.agencies()]
        own = self.model_dump(mode="json", exclude=set() if self.mute else {"mute"})
        return digest([own, self.make_world().to_dict(), told])

    def cells(self, folder: str | Path | None = None) -> Cells:
        """Return its cells, in a folder named by configuration, code and versions."""
        asked = [each.home.split(".")[0] for each in self.asked()]
        others = [package for package in asked if package != __name__.split(".")[0]]
        made = made_by("studies.measure", "studies.run", *every_room(), packages=others)
        told = self.model_dump(mode="json", exclude={"study", "checks", "mute", "report"})
        agencies = [agency.model_dump(mode="json") for agency in self.agencies()]
        key = digest([told, self.study.seed, self.make_world().to_dict(), agencies, made])
        return Cells(Path(folder or Path("data") / "generated" / "run"), key)

    def blocks(self) -> list[StudyPart]:
        """Return its cells."""
        return [*(StudyPart(cell_of(agency)) for agency in self.agencies()), StudyPart(ACROSS)]

    def _beside(self, name: str) -> str:
        return beside(self.source, name)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as plain values: the class is made where it is needed."""
        return _from_values, (self.model_dump(mode="json"), self.source)


def _from_values(given: dict[str, Any], source: str) -> Study:
    return Study.from_dict(given, source=source)


def _agency_beside(source: str, name: str) -> Agency:
    return load_agency(beside(source, name))


def cell_of(agency: Agency) -> str:
    """Name of the cell of an agency's rater."""
    return f"{file_name(agency.id, agency.scorer.kind)}.json"


@cache
def with_options(base: type[Study]) -> type[Study]:
    """Return the model with a table for every instrument's option."""
    fields: dict[str, Any] = {}
    for each in instruments().values():
        if each.option is None:
            continue
        if each.table in base.model_fields:
            problem = f"takes the key '{each.table}'"
            raise StudyError(f"instrument '{each.id}'", problem, "give it another key")
        default = each.option() if each.by_default else None
        fields[each.table] = (each.option | None, default)
    return create_model(base.__name__, __base__=base, **fields)


def _with_new_names(given: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return a study's keys, ``[anew] societies`` as it is called now."""
    told = dict(given)
    if isinstance(told.get("anew"), Mapping) and set(told["anew"]) <= {"societies"}:
        warn_renamed(f"{place}: anew, societies", "resample_societies")
        told["resample_societies"] = told.pop("anew").get("societies", 20)
    return told
