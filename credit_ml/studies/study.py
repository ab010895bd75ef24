"""A study file: the question, the prediction, and everything that a run depends on."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from credit_ml.agencies import Agency, ScorerKind, load_agency
from credit_ml.agencies.problems import readable
from credit_ml.consequences.price_of_interpretability import KINDS
from credit_ml.core import AgencyError, StudyError, WorldError, refuse_unknown
from credit_ml.core.provenance import digest
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.inference import checked_societies
from credit_ml.reports.stored import FINDING_CLASSES
from credit_ml.response import load_menu
from credit_ml.society import SENSITIVE, World, load_world
from credit_ml.studies.part import Part
from credit_ml.studies.proxy_parts import (
    AlternativesPart,
    ContagionPart,
    FriendsPart,
    InterventionsPart,
)

Kind = ScorerKind


class Header(Part):
    """What is asked, what is expected, and what would show the expectation wrong."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    prediction: str = Field(min_length=1)
    refutation: str = Field(min_length=1)
    seed: int = Field(ge=0)
    """Of samples and bootstraps; the world has its own."""


class WorldPart(Part):
    """A named world, or a TOML file beside the study, with knobs changed."""

    name: str
    citizens: int = Field(ge=2)
    seed: int | None = Field(default=None, ge=0)
    changes: dict[str, Any] = Field(default_factory=dict)
    """Knobs by mechanism, as `credit_ml.society.World.from_dict` takes them."""


class RaterPart(Part):
    """An agency and the scorers that it is tried with; its own when none is named."""

    agency: str
    scorers: tuple[Kind, ...] = ()


class LeadPart(Part):
    """The two groups that the report follows."""

    sensitive: str
    group: str
    reference_group: str


class AuditPart(Part):
    """How decisions are audited."""

    replicates: int = Field(default=1000, ge=100)
    intersections: bool = True


class AnewPart(Part):
    """How many other societies of the world audits and decompositions are met in."""

    societies: int = Field(default=20, ge=0)
    """For intervals over societies; 0 leaves those over people or districts alone."""

    @field_validator("societies")
    @classmethod
    def _none_or_enough(cls, societies: int) -> int:
        return checked_societies(societies) if societies else 0


class DecomposePart(Part):
    """How gaps are taken apart."""

    people: int = Field(default=10_000, ge=10)
    """Members of a group that are given a twin, at most."""


class ExplainPart(Part):
    """How scores are explained."""

    people: int = Field(default=2000, ge=10)


class DisclosurePart(Part):
    """What people are told, and how many are followed."""

    regimes: tuple[str, ...] = ("nothing", "factors", "full")
    menu: str = "default"
    """A menu of the package, or the path of a TOML file."""
    people: int = Field(default=5000, ge=10)


class InterpretabilityPart(Part):
    """Which scorers are compared in which worlds, on societies made for it."""

    worlds: tuple[str, ...] = Field(min_length=1)
    scorers: tuple[Kind, ...] = Field(default=KINDS, min_length=2)
    citizens: int = Field(default=4000, ge=200)
    seeds: int = Field(default=3, ge=2)


class OppositePart(Part):
    """Which agency's punishment is held against the first rater's grants (S18)."""

    agency: str
    penalty: str | None = None


class SelectionPart(Part):
    """Whose companies are asked what they learn from their own users (S4)."""

    agency: str


class ProxiesPart(Part):
    """How the first rater's proxies for the lead feature are looked for."""

    people: int = Field(default=10_000, ge=200)
    columns: bool = True


class CheckPart(Part):
    """A prediction that a machine can check (`credit_ml.reports.Check`)."""

    claim: str
    kind: str
    where: dict[str, str] = Field(min_length=1)
    relation: Literal["above", "below"]
    value: float = 0.0
    rater: str = ""


class ReportPart(Part):
    """Where the report is written, from the folder the command runs in."""

    path: str


class Study(Part):
    """Everything that a run's findings depend on; how many workers is not among it.

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

    study: Header
    world: WorldPart
    raters: tuple[RaterPart, ...] = Field(min_length=1)
    sensitive: tuple[str, ...] = Field(min_length=1)
    reference_groups: dict[str, str] = Field(default_factory=dict)
    lead: LeadPart | None = None
    intervals: float = Field(default=0.95, gt=0, lt=1)
    anew: AnewPart = AnewPart()
    audit: AuditPart = AuditPart()
    decompose: DecomposePart = DecomposePart()
    explain: ExplainPart = ExplainPart()
    disclosure: DisclosurePart = DisclosurePart()
    interpretability: InterpretabilityPart | None = None
    opposite: OppositePart | None = None
    selection: SelectionPart | None = None
    proxies: ProxiesPart | None = None
    interventions: InterventionsPart | None = None
    alternatives: AlternativesPart | None = None
    friends: FriendsPart | None = None
    contagion: ContagionPart | None = None
    checks: tuple[CheckPart, ...] = ()
    report: ReportPart
    source: str = Field(default="", exclude=True)
    """File that it was read from; relative worlds and agencies lie beside it."""

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], *, place: str = "study", source: str = "") -> Self:
        """Make a study from nested plain values.

        Raises
        ------
        StudyError, WorldError, AgencyError, MenuError
            With one line that names the key, the value and the remedy.
        """
        try:
            made = cls.model_validate({**given, **({"source": source} if source else {})})
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=StudyError) from None
        made.make_world()
        made._check_raters(place)
        for name in made.interpretability.worlds if made.interpretability else ():
            load_world(name)
        made.punishing()
        made.pooling()
        made._check_proxies(place)
        checked_regimes(made.disclosure.regimes)
        load_menu(made.disclosure.menu)
        for check in made.checks:
            if check.kind not in FINDING_CLASSES:
                refuse_unknown(StudyError, f"{place}: checks, kind", check.kind, FINDING_CLASSES)
        return made

    @field_validator("sensitive")
    @classmethod
    def _known_features(cls, features: tuple[str, ...]) -> tuple[str, ...]:
        for feature in features:
            if feature not in SENSITIVE:
                refuse_unknown(StudyError, "", feature, SENSITIVE)
        return features

    @model_validator(mode="after")
    def _groups_exist(self) -> Self:
        named = list(self.reference_groups.items())
        if self.lead is not None:
            named += [(self.lead.sensitive, self.lead.group)]
            named += [(self.lead.sensitive, self.lead.reference_group)]
        for feature, group in named:
            if feature not in self.sensitive:
                refuse_unknown(StudyError, "reference_groups or lead", feature, self.sensitive)
            if group not in SENSITIVE[feature]:
                refuse_unknown(StudyError, feature, group, SENSITIVE[feature])
        return self

    def _check_raters(self, place: str) -> None:
        names = [f"{agency.id} ({agency.scorer.kind})" for agency in self.agencies()]
        for name in names:
            if names.count(name) > 1:
                raise StudyError(f"{place}: raters", f"name {name} twice", "give each once")

    def make_world(self) -> World:
        """Return the world, or raise WorldError."""
        part = self.world
        world = load_world(self._beside(part.name), citizens=part.citizens, seed=part.seed)
        if not part.changes:
            return world
        for key in ("citizens", "seed"):
            if key in part.changes:
                raise WorldError("world.changes", f"holds '{key}'", f"give world.{key}")
        return World.from_dict(_merged(world.to_dict(), part.changes), place="world.changes")

    def agencies(self) -> list[Agency]:
        """Return one agency for each rater to fit, or raise AgencyError."""
        found = []
        for part in self.raters:
            agency = load_agency(self._beside(part.agency))
            found += [agency.with_scorer(kind) for kind in part.scorers] or [agency]
        return found

    def punishing(self) -> Agency | None:
        """Return the agency whose punishment is looked at, or raise AgencyError."""
        if self.opposite is None:
            return None
        agency = load_agency(self._beside(self.opposite.agency))
        if self.opposite.penalty is not None:
            agency.penalty(self.opposite.penalty)
        elif not agency.penalties:
            raise AgencyError(f"opposite, {agency.id}", "imposes nothing", "give another agency")
        return agency

    def pooling(self) -> Agency | None:
        """Return the pool of companies that is looked at, or raise AgencyError."""
        if self.selection is None:
            return None
        agency = load_agency(self._beside(self.selection.agency))
        if not agency.companies:
            raise AgencyError(f"selection, {agency.id}", "is no pool of companies",
                              "give one like bureau")  # fmt: skip
        return agency

    def _check_proxies(self, place: str) -> None:
        first = self.agencies()[0]
        for name in ("interventions", "alternatives"):
            if getattr(self, name) is not None and first.scorer.kind == "rules":
                raise StudyError(f"{place}: {name}, {first.id}",
                                 "scores by fixed rules, which nothing trains anew",
                                 "name a rater that learns first")  # fmt: skip
        if self.contagion is not None:
            self.contagion.check(first, place=f"{place}: contagion")
        if self.interventions is not None:
            self.interventions.check(first, place=f"{place}: interventions, which")

    @property
    def followed(self) -> tuple[str, str | None, str | None]:
        """The sensitive feature that is followed, and its two groups where they are named."""
        if self.lead is not None:
            return self.lead.sensitive, self.lead.group, self.lead.reference_group
        return self.sensitive[0], None, self.reference_groups.get(self.sensitive[0])

    @property
    def report_path(self) -> Path:
        """Where the report goes unless a run says otherwise."""
        return Path(self.report.path)

    def digest(self) -> str:
        """SHA-256 of everything that the findings depend on."""
        told = [agency.model_dump(mode="json") for agency in self.agencies()]
        return digest([self.model_dump(mode="json"), self.make_world().to_dict(), told])

    def _beside(self, name: str) -> str:
        if name.endswith(".toml") and self.source and not Path(name).is_absolute():
            return str(Path(self.source).parent / name)
        return name


def load_study(path: str | Path) -> Study:
    """Read and check a study file; nothing is run.

    Raises
    ------
    StudyError, WorldError, AgencyError
        When the file, a key or a value cannot be used.
    """
    where = Path(path)
    try:
        given = tomllib.loads(where.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(str(path), "cannot be read", "give the path of a study file") from error
    except tomllib.TOMLDecodeError as error:
        raise StudyError(str(path), f"is not TOML ({error})", "mend that line") from error
    if not given:
        raise StudyError(str(path), "is empty", "give at least the tables study, world and raters")
    return Study.from_dict(given, place=str(path), source=str(path))


def _merged(base: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        nested = isinstance(value, Mapping) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if nested else value
    return merged
