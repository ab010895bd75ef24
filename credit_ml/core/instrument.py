"""What an instrument is: one declaration, from which studies, tracking and reports follow.

Each instrument of the package is declared in a module called ``instrument.py`` that lies beside
what it computes; its words lie there too, in a template. Instruments of other packages come
through the entry point group ``credit_ml.instruments``. Nothing lists instruments by hand.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pandas as pd

from credit_ml.core.discovery import ENTRY_POINTS
from credit_ml.core.errors import StudyError, refuse_unknown
from credit_ml.core.finding import Finding
from credit_ml.core.tables.arrays import Rows
from credit_ml.core.tables.summary import Summary

#: Name of the modules that declare the package's own.
DECLARED_IN = "instrument"

#: Whether an instrument is asked of every rater, or once of all of them together.
Stage = Literal["rater", "across"]
#: How the page shows its figure: in two widths, in one that serves both, or tables alone.
Picture = Literal["both", "wide", "none"]


@dataclass(frozen=True, kw_only=True)
class Followed:
    """The sensitive feature that a study follows, with its two groups where they are named.

    Examples
    --------
    >>> Followed(sensitive="hukou", group="rural").reference_group is None
    True
    """

    sensitive: str
    group: str | None = None
    reference_group: str | None = None


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a study gives an instrument.

    Before a run, when options are checked, nothing is fitted: `society` is None, `raters` are
    empty, and `agencies` say who will rate.

    Examples
    --------
    >>> context = Context(sensitive=("hukou",), reference_groups={"hukou": "urban"})
    >>> context.followed.reference_group
    'urban'
    """

    option: Any = None
    """The instrument's table in the study file, as its own model; None where it takes none."""
    agencies: Sequence[Any] = ()
    """`credit_ml.agencies.Agency`, one a rater."""
    load_agency: Callable[[str], Any] = lambda name: None
    """Returns an agency of the catalogue, or of a file beside the study."""
    sensitive: tuple[str, ...] = ()
    reference_groups: Mapping[str, str] = field(default_factory=dict)
    lead: Followed | None = None
    """The two groups that the report follows; None where the study names none."""
    intervals: float = 0.95
    seed: int = 0
    society: Any = None
    """`credit_ml.society.Society`; None for a table of one's own."""
    raters: Sequence[Any] = ()
    """Fitted `credit_ml.agencies.Rater`; at the stage "rater" the one alone."""
    dataset: Any = None
    """What the first of them sees, with the study's sensitive features alone."""
    points: Any = None
    """Its scores, a pandas Series."""
    chances: Any = None
    """Its probabilities that an obligation is kept; None where nobody has asked for them yet."""
    threshold: float = float("nan")
    """Points of its first privilege, or those that half of all people reach."""
    decision: str = ""
    """What reaching the threshold means, for titles."""
    called: str = ""
    """What the rater is called, where it has no name of its own."""
    resampled: bool = False
    """Whether the society is one of many others: whole intervals will not be read."""
    estimates: Mapping[str, Finding] = field(default_factory=dict)
    """What the instrument's own `estimate` returned, with intervals over societies if asked."""
    findings: Sequence[Finding] = ()
    """At the stage "across": what was found of every rater."""

    @property
    def over(self) -> Literal["auto", "people"]:
        """Whom intervals count; of a resampled society nobody reads them, so the cheapest."""
        return "people" if self.resampled else "auto"

    @property
    def rater(self) -> Any:
        """The rater, or the first of several."""
        return self.raters[0]

    @property
    def name(self) -> str:
        """Of the rater; scores that came with a table have none."""
        return self.called or (str(self.rater.name) if self.raters else "given scores")

    @property
    def followed(self) -> Followed:
        """The lead, or else the first sensitive feature with its reference group."""
        first = self.sensitive[0]
        return self.lead or Followed(
            sensitive=first, reference_group=self.reference_groups.get(first)
        )

    def asking(self, instrument: "Instrument") -> "Context":
        """Return the same for an instrument with its option's defaults."""
        return replace(self, option=instrument.option and instrument.option())

    @property
    def decided(self) -> pd.Series:
        """Who reaches the threshold."""
        decided: pd.Series = self.points >= self.threshold
        return decided


Run = Callable[[Context], Iterable[Finding]]


@dataclass(frozen=True, kw_only=True)
class NationPart:
    """Some of the people of a society too large to lie together, such as those of one city.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([0, 0, 2])
    >>> part = NationPart(number=0, parts=1, clusters=codes, within=codes, blocks=codes % 2)
    >>> len(part.clusters)
    3
    """

    number: int
    """Which part, from 0."""
    parts: int
    """How many there are."""
    clusters: Rows
    """Each one's cluster, by its number among those of all parts: the part itself where there are
    enough of them, else one of its clusters, in an order drawn by lot."""
    within: Rows
    """Each one's cluster within the part, numbered so: how sure the part's own numbers are."""
    blocks: Rows
    """Each one's block: whole clusters, or whole parts, thrown together by lot into a few dozen,
    each of which is left out in turn where a number is no sum over people."""


@dataclass(frozen=True, kw_only=True)
class Merging:
    """How an instrument answers for people who never lie together.

    Examples
    --------
    >>> import numpy as np
    >>> def count(context, part):
    ...     return Summary(sums={"people": np.array(len(part.clusters))})
    >>> def told(context, summary):
    ...     yield Finding(table=pd.DataFrame({"estimate": [summary.sums["people"]]}), title="Heads")
    >>> Merging(summarise=count, findings=told, error="exact").error
    'exact'
    """

    summarise: Callable[[Context, NationPart], Summary]
    """What is kept of one part: its context has dataset, points and chances, and no society."""
    findings: Callable[[Context, Summary], Iterable[Finding]]
    """What all parts together say: dataset and points are those of a sample of people, and
    `findings` are what was found of the rater before."""
    error: str
    """"exact", or how far it may be from what everybody in one table would give."""
    names_over: bool = False
    """Whether its findings say themselves whose chance each row counts, as do those that speak of
    each part by itself."""


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """One instrument, declared once.

    Examples
    --------
    >>> def count(context):
    ...     table = pd.DataFrame({"estimate": [float(len(context.dataset))]})
    ...     yield Finding(table=table, title="How many there are")
    >>> heads = Instrument(id="heads", home="my_package", findings=(), run=count)
    >>> heads.stage, heads.by_default
    ('rater', True)
    """

    id: str
    home: str
    """The package that holds its template, and ``facts.py`` if it has one: ``__package__``."""
    findings: tuple[type[Finding], ...]
    """Classes of what it returns, each with its own `kind`."""
    section: str = ""
    """Where it stands on the page; one that the page does not know comes at the end. Without a
    section it is tracked and not shown."""
    section_title: str = ""
    """Of a section that the page does not know."""
    order: int = 0
    """Place among the instruments of a section, the smallest first."""
    stage: Stage = "rater"
    run: Run | None = None
    """What a study calls; None where studies do not ask for it."""
    on_table: Run | None = None
    """What an audit of a table of one's own calls: its context has no society, no agency, and no
    rater where scores are given; `points` and `decided` are there."""
    estimate: Callable[[Context], Mapping[str, Finding]] | None = None
    """What is estimated in every resampled society too, by name; `run` finds it, with intervals
    over societies, as ``context.estimates``. At the stage "across" it is asked of the first rater
    alone."""
    merging: Merging | None = None
    """How it answers for a nation, of whom no table is made; None where it cannot."""
    sampled: Run | None = None
    """What a nation's study calls instead: its context is that of a sample of people, each of whom
    stands for equally many, without a society."""
    option: type[Any] | None = None
    """A pydantic model: the instrument's table in a study file, whose key is `key` or the id."""
    key: str = ""
    by_default: bool = True
    """Whether a study that does not name it runs it, with the option's defaults."""
    check: Callable[[Context], object] | None = None
    """Refuses, before anything is run, an option that the study cannot bear."""
    template: str = "words.md.j2"
    """File of its words beside `home`; one that does not exist leaves figures and tables."""
    tables: Callable[[Finding], Iterable[Any]] | None = None
    """The data behind a figure as `credit_ml.grammar.TableView`; by default a plain one."""
    matrix: Callable[[Any], Any] | None = None
    """Takes a study's results and returns one small `TableView` of all raters, which stands open
    in place of a paragraph for each; block ``matrix`` of the template is its caption."""
    overviews: Callable[[Any], Iterable[Any]] | None = None
    """Takes a study's results and yields `credit_ml.grammar.blocks.Overview`: pictures of all
    raters, before those of single findings."""
    elsewhere: (
        Callable[[Finding, Mapping[str, Any]], Iterable[tuple[str, Mapping[str, Any]]]] | None
    ) = None
    """Takes a finding and the columns that pick a row of it, and yields by name the assumptions
    under which the same was measured too, with the columns that pick it there: what is claimed of
    the one is held against the others."""
    picture: Picture = "both"
    nested_by: str = ""
    """Column of its table whose values each get a nested run in mlflow, such as "regime"."""

    @property
    def table(self) -> str:
        """Key of its option in a study file; empty where it takes none."""
        return (self.key or self.id) if self.option else ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of its findings."""
        return tuple(each.kind for each in self.findings)


@cache
def instruments() -> Mapping[str, Instrument]:
    """Return every instrument by its id, in the order of ids: the package's own and others'.

    Cost: the first call imports every room that holds an instrument.

    Raises
    ------
    StudyError
        When another package's instrument cannot be loaded, or takes a name that is taken.

    Examples
    --------
    >>> "calibration" in instruments()
    True
    """
    found: dict[str, Instrument] = {}
    owners: dict[str, str] = {}
    for owner, each in (*_own(), *_others()):
        names = [f"instrument '{each.id}'", *(f"finding '{kind}'" for kind in each.kinds)]
        names += [f"table '{each.table}'"] if each.table else []
        for name in names:
            if name in owners:
                problem = f"declares the {name}, as {owners[name]} does"
                raise StudyError(owner, problem, "rename one of them")
        owners |= dict.fromkeys(names, owner)
        found[each.id] = each
    return dict(sorted(found.items()))


@cache
def instruments_by_kind() -> Mapping[str, Instrument]:
    """Return the instrument that makes each kind of finding."""
    return {kind: each for each in instruments().values() for kind in each.kinds}


def finding_class(kind: str) -> type[Finding]:
    """Return the class of a kind of finding.

    Raises
    ------
    StudyError
        When no instrument makes that kind.
    """
    if kind == Finding.kind:
        return Finding
    known = instruments_by_kind()
    if kind not in known:
        refuse_unknown(StudyError, "stored findings, kind", kind, sorted(known))
    return next(each for each in known[kind].findings if each.kind == kind)


def finding_from_dict(stored: Mapping[str, Any]) -> Finding:
    """Rebuild a finding from what `Finding.to_dict` wrote."""
    return finding_class(stored["kind"]).from_dict(stored)


def _own() -> Iterator[tuple[str, Instrument]]:
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob(f"{DECLARED_IN}.py")):
        name = ".".join((root.name, *path.relative_to(root).with_suffix("").parts))
        for each in _declared(import_module(name)):
            yield name, each


def _others() -> Iterator[tuple[str, Instrument]]:
    for point in entry_points(group=ENTRY_POINTS):
        owner = f"package '{point.dist.name}'" if point.dist else f"entry point '{point.name}'"
        for each in _loaded(point, owner):
            yield owner, each


def _loaded(point: EntryPoint, owner: str) -> tuple[Instrument, ...]:
    try:
        held = point.load()
    except Exception as error:
        problem = f"cannot be loaded ({type(error).__name__}: {error})"
        remedy = "mend or uninstall that package"
        raise StudyError(f"{owner}, instrument '{point.name}'", problem, remedy) from error
    found = (held,) if isinstance(held, Instrument) else _declared(held)
    if not found:
        remedy = "give a credit_ml.core.Instrument, or a module that holds some"
        raise StudyError(f"{owner}, instrument '{point.name}'", f"is {type(held).__name__}", remedy)
    return found


def _declared(module: object) -> tuple[Instrument, ...]:
    if not isinstance(module, ModuleType):
        return ()
    return tuple(each for each in vars(module).values() if isinstance(each, Instrument))
