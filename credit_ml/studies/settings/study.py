"""A sweep: a study of any kind at many settings, kept cell by cell."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

import pandas as pd
from pydantic import Field, ValidationError

from credit_ml.agencies.problems import readable
from credit_ml.core import Finding, StudyError, digest
from credit_ml.studies.cells.code import made_by
from credit_ml.studies.predictions import refuse_no_row, refuse_undecidable
from credit_ml.studies.settings.assumptions import assumptions
from credit_ml.studies.settings.cells import SettingBlock, named
from credit_ml.studies.settings.design import DRAWN, HeadlineTable, SweepTable, changed, plain_value
from credit_ml.studies.settings.finding import setting_sweep
from credit_ml.studies.settings.instrument import SETTINGS
from credit_ml.studies.shipped import study_file
from credit_ml.studies.study import Study
from credit_ml.studies.sweeps.disclosure import SweepStudy
from credit_ml.studies.sweeps.kind_of import kind_of
from credit_ml.studies.sweeps.leaderboard import LeaderboardStudy
from credit_ml.studies.sweeps.resumable import CellStudy, ResumableStudy
from credit_ml.studies.tables import StudyTable, beside, read_study

#: Keys of the file that are the sweep's own and not the varied study's.
_OWN = ("sweep", "checks")


class SettingsStudy(CellStudy):
    """A study of any kind, and the settings at which it is run; a cell is one of them.

    A file is a sweep that has the table ``[sweep]``.

    Examples
    --------
    >>> study = SettingsStudy.from_dict({
    ...     "study": {"id": "tiny", "title": "Tiny", "question": "Is there a gap?",
    ...               "prediction": "Yes.", "refutation": "No.", "seed": 1},
    ...     "world": {"name": "baseline", "citizens": 500},
    ...     "raters": [{"agency": "council"}],
    ...     "sensitive": ["hukou"],
    ...     "report": {"path": "reports/tiny.html"},
    ...     "sweep": {"over": {"study.seed": [1, 2]}, "headlines": [
    ...         {"name": "the gap", "kind": "audit", "where": {"group": "rural"}}]},
    ... })
    >>> len(study.blocks())
    3
    """

    command: ClassVar[str] = "sweep"
    noun: ClassVar[str] = "settings"
    counted: ClassVar[tuple[tuple[str, str], ...]] = (("settings", "settings"),)
    some: ClassVar[bool] = True

    sweep: SweepTable
    varied: dict[str, Any] = Field(default_factory=dict)
    """The study that is varied, as nested plain values."""
    varied_source: str = Field(default="", exclude=True)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], *, place: str = "sweep", source: str = "") -> Self:
        """Make a sweep from nested plain values; the study is made at every setting.

        Raises
        ------
        StudyError, WorldError, AgencyError, MenuError
            With one line that names the key, the value, the setting and the remedy.
        """
        try:
            swept = _SweepOnly.model_validate({"sweep": given["sweep"]}).sweep
            _refuse_design(swept, place)
            varied, beside_it = _varied(given, swept, source)
            own, theirs = _parted(given.get("checks", ()), varied.get("checks", ()))
            for key, value in swept.changes.items():
                varied = changed(varied, key, value)
            told = varied | {"checks": [] if swept.headlines else theirs}
            base = kind_of(varied).from_dict(told, place=place, source=beside_it)
            told = {"study": given.get("study"), "report": given.get("report"), "checks": own}
            told |= {"sweep": _with_headlines(swept, base), "source": source}
            told |= {"varied": varied | {"checks": []}, "varied_source": beside_it}
            made = cls.model_validate(told)
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=StudyError) from None
        asked: dict[str, Any] = {**made.study.foretold(), "asked": [SETTINGS]}
        refuse_undecidable(made.checks, place=place, raters=(), **asked)
        return made._checked(base, place)

    def _checked(self, base: Study | ResumableStudy, place: str) -> Self:
        """Refuse headlines that the study cannot have, and settings that it cannot bear."""
        named = [each.name for each in self.sweep.headlines]
        problem, remedy = "are none", "add [[sweep.headlines]], or checks of the study"
        StudyError.unless(bool(named), f"{place}: sweep, headlines", problem, remedy)
        for name in named:
            problem = f"name '{name}' twice"
            once = named.count(name) == 1
            StudyError.unless(once, f"{place}: sweep, headlines", problem, "name each once")
        kinds, raters = _findable(base)
        for each in self.sweep.headlines:
            where = f"{place}: sweep, headlines, '{each.name}'"
            refuse_no_row(each, kinds=kinds, raters=raters, place=where)
        for block in self._outermost():
            block.study()
        return self

    def _outermost(self) -> list[SettingBlock]:
        """Return the blocks that can be refused before anything is made.

        Of many points those with the least or the largest value of a key: what lies between is
        allowed where its ends are, and one that is not is a cell that fails.
        """
        blocks = self.blocks()
        if self.sweep.design not in DRAWN:
            return blocks
        made = blocks[1:]
        ends = [
            end(made, key=lambda block: _order(block.setting[key]))
            for key in self.sweep.names
            for end in (min, max)
        ]
        return [blocks[0], *{each.name: each for each in ends}.values()]

    def base(self) -> SettingBlock:
        """Return the cell of the study as it stands."""
        return self._block({}, drawn=False)

    def blocks(self) -> list[SettingBlock]:
        """Return the study as it stands, and at every setting."""
        drawn = self.sweep.design in DRAWN
        made = [self._block(each, drawn=drawn) for each in self.sweep.settings()]
        return list({each.name: each for each in [self.base(), *made]}.values())

    def _block(self, setting: dict[str, Any], *, drawn: bool) -> SettingBlock:
        how: dict[str, Any] = {"headlines": self.sweep.headlines, "source": self.varied_source}
        return SettingBlock(given=self.varied, setting=setting, drawn=drawn, **how)

    def findings(self, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, ...]:
        """Return every headline at every setting, and what assumptions do to each."""
        drawn = self.sweep.design in DRAWN
        made = [self._block(each, drawn=drawn).name for each in self.sweep.settings()]
        tables = {name: named(table, self.sweep.headlines) for name, table in tables.items()}
        cells = [tables.get(name) for name in made]
        found = setting_sweep(self.sweep, tables[self.base().name], cells, self._declared())
        told: dict[str, Any] = {"citizens": int(self.base().alike[0]), "draws": self._draws()}
        return (assumptions(self.sweep, found, smaller=self._smaller(), **told), found)

    def _draws(self) -> int:
        """Of how many societies, or samples, intervals of the study as it stands are made."""
        study = self.base().study()
        if isinstance(study, LeaderboardStudy):
            return min(each.samples for each in study.sizes)
        if isinstance(study, SweepStudy):
            return study.societies
        return study.resample_societies if isinstance(study, Study) else 0

    def _smaller(self) -> dict[str, tuple[str, str]]:
        """Return what the sweep changed of the study that it names: a key here, and there."""
        if not self.sweep.study:
            return {}
        whole = read_study(self.varied_source)
        here, there = (
            {key: _at_key(given, key) for key in self.sweep.changes}
            for given in (self.varied, whole)
        )
        return {
            name: _told_apart(mine, theirs)
            for key in here
            for name, mine, theirs in _each_key(key, here[key], there[key])
        }

    def _declared(self) -> dict[str, Any]:
        """Return what the study as it stands says of every varied key; None where it is silent."""
        study = self.base().study()
        given: dict[str, Any] = dict(self.varied)
        if isinstance(study, Study):
            given["world"] = study.world.model_dump() | {"changes": study.make_world().to_dict()}
        else:
            given["changes"] = study.load_world(study.worlds[0]).to_dict()
        return {key: _at_key(given, key) for key in self.sweep.names}

    def digest(self) -> str:
        """SHA-256 of everything that the findings depend on."""
        return digest([self.model_dump(mode="json"), self._key()])

    def _key(self) -> str:
        """Digest of the study that is varied, the rows that are kept of it, and the code.

        What is varied is not in it, nor how many points: more of them are added to those kept. Nor
        is what a headline is called, or where its meaning turns: its number is the same.
        """
        apart = {"name", "value"}
        followed = [each.model_dump(exclude=apart) for each in self.sweep.headlines]
        study = self.base().study()
        return digest([study.cells().key, followed, made_by("studies.settings.cells")])

    def settings(self) -> dict[str, Any]:
        """Return what the page says was chosen."""
        told = self.model_dump(mode="json", include={"sweep", "checks"})
        return told | {"lead_with": SETTINGS.id}


class _SweepOnly(StudyTable):
    """The one table that says what is varied, so that what is wrong with it is found there."""

    sweep: SweepTable


def _refuse_design(swept: SweepTable, place: str) -> None:
    try:
        swept.settings()
    except StudyError as error:
        raise error.within(place) from None


def _findable(base: Study | ResumableStudy) -> tuple[set[str], list[str]]:
    """Return the kinds of finding that a study makes, and its raters that have some each."""
    if not isinstance(base, Study):
        return set(base.instrument().kinds), []
    kinds = {kind for each in base.asked() for kind in each.kinds}
    return kinds, [f"{each.id} ({each.scorer.kind})" for each in base.agencies()]


def _varied(given: Mapping[str, Any], swept: SweepTable, source: str) -> tuple[dict[str, Any], str]:
    """Return the study that is varied, and the file beside which its worlds lie."""
    own = {key: value for key, value in given.items() if key not in _OWN}
    if not swept.study:
        return own, source
    extra = sorted(own.keys() - {"study", "report"})
    problem, remedy = f"holds '{extra[0]}' beside [sweep] study" if extra else "", "use changes"
    StudyError.unless(not extra, source or "sweep", problem, remedy)
    try:
        path = study_file(beside(source, swept.study))
        read = read_study(path)
    except StudyError as error:
        raise error.within(f"{source or 'sweep'}: [sweep] study") from None
    StudyError.unless("sweep" not in read, str(path), "is a sweep itself", "name a plain study")
    return read, str(path)


def _parted(mine: Any, others: Any) -> tuple[list[Any], list[Any]]:
    """Part checks of the sweep from those of the study that is varied."""
    tables = [each for each in mine if isinstance(each, Mapping)]
    own = [each for each in tables if each.get("kind") in SETTINGS.kinds]
    return own, [each for each in [*mine, *others] if each not in own]


def _with_headlines(swept: SweepTable, base: Study | ResumableStudy) -> SweepTable:
    """Return the sweep with the rows of the study's checks where it names none.

    Of checks that are held against one row each: of several none is the number to follow.
    """
    if swept.headlines:
        return swept
    made = []
    for each in base.checks:
        if not each.kind or each.assumed:  # what was assumed makes it true, whatever is varied
            continue
        if each.every or not all(isinstance(value, str) for value in each.where.values()):
            continue
        how: dict[str, Any] = {"kind": each.kind, "where": each.where, "rater": each.rater}
        turns = 0.0 if each.relation == "within" else each.value
        made.append(HeadlineTable(name=each.claim, value=turns, **how))
    return swept.model_copy(update={"headlines": tuple(made)})


def _order(value: Any) -> tuple[float, str]:
    number = isinstance(value, int | float)
    return (float(value) if number else 0.0, "" if number else str(plain_value(value)))


def _each_key(key: str, here: Any, there: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield a key and what it is here and there: of two tables each key that is given here."""
    if not (isinstance(here, Mapping) and isinstance(there, Mapping)):
        yield key, here, there
        return
    for name, value in here.items():
        if value != there.get(name):
            yield from _each_key(f"{key}.{name}", value, there.get(name))


def _told_apart(here: Any, there: Any) -> tuple[str, str]:
    """Say what a key is here and there: as many of others are not the same, nor fewer of others."""
    told = _shown(here), _shown(there)
    several = isinstance(here, list | tuple) and isinstance(there, list | tuple)
    some_of_them = several and all(each in there for each in here)
    if here == there or not several or some_of_them:
        return told
    if len(here) == 1 and isinstance(here[0], Mapping) and all(map(_single, here[0].values())):
        return ", ".join(f"{name} {_read(each)}" for name, each in here[0].items()), told[1]
    others = f"another {told[1]}" if told[0] == told[1] else f"others, {told[1]}"
    return told[0], others


def _read(value: Any) -> str:
    """Return a number with its thousands apart, or a name, as it stands in a sentence."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:,}" if whole else _shown(value)


def _single(value: Any) -> bool:
    return not isinstance(value, list | tuple | Mapping)


def _shown(value: Any) -> str:
    """Return a number or a name as text; of a table or several values how many they are."""
    if not _single(value):
        return f"{len(value)} given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(plain_value(value))


def _at_key(given: Any, key: str) -> Any:
    """Return the value at a dotted key, or None."""
    first, _, rest = key.partition(".")
    if isinstance(given, list) and first.isdigit() and int(first) < len(given):
        found = given[int(first)]
    else:
        found = given.get(first) if isinstance(given, Mapping) else None
    return _at_key(found, rest) if rest else found
