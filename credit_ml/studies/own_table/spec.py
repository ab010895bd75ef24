"""What an audit of one's own table is asked for, said once: for Python, a TOML file, a command."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self, get_args, get_type_hints


@dataclass(frozen=True)
class Flag:
    """How a key is given on the command line, and what it means."""

    help: str
    kind: Any = str
    name: str = ""
    """Of the option; the key's own by default."""


#: What is told by default, from the least to the most.
TOLD = ("nothing", "factors", "weights", "reasons", "counterfactual", "recommendation", "full")
#: Keys that hold paths, which lie beside the file that names them.
PATHS = ("factors", "menu", "model", "privileges")
#: How files of models end: those of skops, and pickles.
MODELS = (".skops", ".joblib", ".pkl", ".pickle")
#: Keys that say how a file is read (`credit_ml.datasets.read_table`).
FILE_KEYS = (
    *("layout", "separator", "decimal", "thousands", "encoding", "missing", "columns", "repeated"),
)
#: Keys that say what columns are (`credit_ml.datasets.converted`).
COLUMN_KEYS = ("without", "categories", "dates", "date_format", "labels")
#: Keys of several names; one alone may stand without a list.
_LISTS = (
    *(
        "sensitive",
        "reference",
        "regimes",
        "missing",
        "columns",
        "without",
        "categories",
        "dates",
        "labels",
        "mute",
    ),
)


@dataclass(frozen=True, kw_only=True)
class TableAudit:
    """Everything that the findings of an audit depend on, beside the table.

    The same keys stand in a TOML file, as keywords of `audit_table`, and as options of
    ``credit-ml audit``.

    Examples
    --------
    >>> TableAudit(target="paid", sensitive="sex").sensitive
    ('sex',)
    >>> TableAudit.of({"target": "paid", "sensitve": ["sex"]})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    credit_ml.core.errors.TableError: audit: 'sensitve' is unknown; did you mean 'sensitive'? ...
    """

    target: Annotated[str | None, Flag("Column of the outcome, with two values.")] = None
    sensitive: Annotated[
        tuple[str, ...],
        Flag("Column that must not matter; age:25,40,60 cuts numbers into bands.", list[str]),
    ] = ()
    reference: Annotated[
        tuple[str, ...],
        Flag("Group to hold others against, race:Caucasian; by default the largest.", list[str]),
    ] = ()
    weights: Annotated[
        str | None, Flag("Column of how many people each row speaks for; else 1 each.")
    ] = None
    cluster: Annotated[
        str | None, Flag("Column of who shares chances, such as a branch: intervals count these.")
    ] = None
    factors: Annotated[
        Any, Flag("TOML of factors: name = [columns]; by default each column is one.", Path)
    ] = None
    favourable: Annotated[
        Any, Flag("Value of the target that is good for people; asked for unless its name says.")
    ] = None
    missing_sensitive: Annotated[
        str, Flag("People without a sensitive value: refuse, or group, one of their own.")
    ] = "refuse"
    incomplete: Annotated[
        str, Flag("People without an outcome, a score or such: refuse, or leave_out and count.")
    ] = "refuse"
    without: Annotated[
        tuple[str, ...], Flag("Columns to leave out, such as a key or a name: id,name.", list[str])
    ] = ()
    categories: Annotated[
        tuple[str, ...], Flag("Columns of names, though written in numbers: job,code.", list[str])
    ] = ()
    dates: Annotated[
        tuple[str, ...],
        Flag("Column of dates, made days; birth:2020-01-01 makes years before.", list[str]),
    ] = ()
    labels: Annotated[
        tuple[str, ...], Flag("Words for a column's codes: SEX:1=men,2=women.", list[str])
    ] = ()
    date_format: Annotated[
        str | None, Flag("How dates are written, such as %d.%m.%Y; else year first.")
    ] = None
    score: Annotated[str | None, Flag("Column of given scores; else two scorers are made.")] = None
    model: Annotated[
        Any, Flag("Fitted model to audit instead: m.skops, models:/NAME/VERSION or runs:/RUN/NAME.")
    ] = None
    trust: Annotated[
        bool,
        Flag(
            "Take a model of unknown types; a pickle runs what its maker put there.",
            bool,
            "--trust",
        ),
    ] = False
    scale: Annotated[
        str | tuple[float, float] | None,
        Flag("Lowest and highest possible score: 350,950; scores outside are refused."),
    ] = None
    direction: Annotated[
        str | None,
        Flag("What a high score is: higher_is_better, or lower_is_better, as of a risk."),
    ] = None
    threshold: Annotated[
        float | None,
        Flag("Favourable from this score or probability on; by default as many as kept.", float),
    ] = None
    menu: Annotated[
        Any, Flag("TOML of what people can do: also measure what telling them brings.", Path)
    ] = None
    value: Annotated[
        float,
        Flag("Worth of the favourable decision, share of a year's income; 0.05, assumed.", float),
    ] = 0.05
    privileges: Annotated[
        Any,
        Flag(
            "TOML of what is won: name = {threshold, value}; else one, of value and threshold.",
            Path,
        ),
    ] = None
    regimes: Annotated[
        tuple[Any, ...],
        Flag("What is disclosed: nothing, factors, ..., full; seven.", list[str], "--regime"),
    ] = TOLD
    income: Annotated[
        str | None,
        Flag("Column of incomes a month, in the unit of the menu's prices, which need it."),
    ] = None
    layout: Annotated[str, Flag("table, german, give_me_some_credit, taiwan.", str, "--format")] = (
        "table"
    )
    separator: Annotated[str | None, Flag("Between the columns of a csv; a comma.")] = None
    decimal: Annotated[str, Flag("Mark of decimals in a csv.")] = "."
    thousands: Annotated[str | None, Flag("Mark of thousands in a csv; none.")] = None
    encoding: Annotated[str, Flag("Of a csv's text, such as latin-1 or gb18030.")] = "utf-8"
    missing: Annotated[
        tuple[str, ...], Flag("Text that stands for unknown, such as n.d.", list[str])
    ] = ()
    columns: Annotated[
        tuple[str, ...],
        Flag("Names of the columns, with commas between, of a csv without any.", list[str]),
    ] = ()
    repeated: Annotated[
        str, Flag("Columns of one name: refuse, first (leave the later ones out), or number.")
    ] = "refuse"
    title: Annotated[str | None, Flag("Title of the report.")] = None
    mute: Annotated[
        tuple[str, ...],
        Flag("Audit check not to warn, and why: CM303='the law asks for the ratio'.", list[str]),
    ] = ()
    folds: Annotated[int, Flag("Folds of cross-fitting; 5 by default.", int)] = 5
    seed: Annotated[int, Flag("Seed of folds and samples; 0 by default.", int)] = 0

    def __post_init__(self) -> None:
        for name in _LISTS:
            object.__setattr__(self, name, tuple(map(_called, _texts(getattr(self, name)))))
        for name in ("target", "weights", "cluster", "score", "income"):
            object.__setattr__(self, name, _called(getattr(self, name)))
        if len(self.columns) == 1:
            object.__setattr__(self, "columns", tuple(self.columns[0].split(",")))
        scale: Any = self.scale
        if not isinstance(scale, str) and hasattr(scale, "__iter__"):
            object.__setattr__(self, "scale", tuple(scale))
        for name, hint in get_type_hints(type(self)).items():
            object.__setattr__(self, name, _typed(name, hint, getattr(self, name)))

    @classmethod
    def of(
        cls, given: "TableAudit | str | Path | Mapping[str, Any] | None", **options: Any
    ) -> Self:
        """Return a specification, or what a file or a mapping says; options come before it.

        Mutes of options stand beside those of the file, and come before one of the same check.

        Raises
        ------
        TableError
            When a key is unknown, or the file cannot be read.
        """
        from credit_ml.core import TableError, need_known

        known = [name for name, _ in cls.flags()]
        told, place = {}, "audit"
        if isinstance(given, TableAudit):
            told = {name: getattr(given, name) for name in known}
        elif isinstance(given, Mapping):
            told = dict(given)
        elif given is not None:
            told, place = _read(Path(given)), str(given)
        for key in (*told, *options):
            need_known(TableError, place, key, known)
        if "mute" in options:
            mutes = [each for asked in (told, options) for each in _texts(asked.get("mute", ()))]
            options = options | {"mute": mutes}
        return cls(**(told | options))

    @classmethod
    def flags(cls) -> Iterator[tuple[str, Flag]]:
        """Yield every key with its option of the command line."""
        return flags_of(cls)


@dataclass(frozen=True, kw_only=True)
class StrictAsked:
    """How a command ends where audit checks fire.

    Examples
    --------
    >>> [flag.name for key, flag in StrictAsked.flags()]
    ['--strict']
    """

    strict: Annotated[
        bool, Flag("End with 1 where an audit check warns and is not muted.", bool, "--strict")
    ] = False

    @classmethod
    def flags(cls) -> Iterator[tuple[str, Flag]]:
        """Yield every key with its option of the command line."""
        return flags_of(cls)


@dataclass(frozen=True, kw_only=True)
class ExhibitAsked:
    """Which exhibits of rules of law are asked of a table, on the command line.

    Examples
    --------
    >>> [flag.name for key, flag in ExhibitAsked.flags() if key == "rules"]
    ['--for']
    """

    rules: Annotated[
        tuple[str, ...], Flag("Write a rule's exhibit instead: nyc-ll144 ...", list[str], "--for")
    ] = ()
    on: Annotated[str | None, Flag("Day of the exhibit, 2026-11-29; today by default.")] = None
    told: Annotated[
        Any, Flag("TOML of what an exhibit needs to be told: docs/rules.md.", Path, "--exhibit")
    ] = None
    even_if_not_in_force: Annotated[
        bool, Flag("Fill in forms of other days' rules too.", bool, "--even-if-not-in-force")
    ] = False

    @classmethod
    def flags(cls) -> Iterator[tuple[str, Flag]]:
        """Yield every key with its option of the command line."""
        return flags_of(cls)


def flags_of(cls: type) -> Iterator[tuple[str, Flag]]:
    """Yield the keys of a specification whose annotations hold their options."""
    hints = get_type_hints(cls, include_extras=True)
    for each in dataclasses.fields(cls):
        yield each.name, get_args(hints[each.name])[1]


def _texts(held: Any) -> Iterable[Any]:
    """Several names as they are, one alone, or ``key=value`` of each of a table."""
    if isinstance(held, Mapping):
        return [f"{key}={value}" for key, value in held.items()]
    return (held,) if isinstance(held, str) or not hasattr(held, "__iter__") else held


def _called(name: Any) -> Any:
    """A column that is called by a whole number is called by its text."""
    return str(name) if isinstance(name, int) else name


def _typed(name: str, hint: Any, given: Any) -> Any:
    """Return a value of the type that a key takes, or raise TableError."""
    from pydantic import TypeAdapter, ValidationError

    from credit_ml.agencies.problems import readable
    from credit_ml.core import TableError
    from credit_ml.core.tables.columns import plain

    try:
        return TypeAdapter(hint).validate_python(plain(given), strict=True)
    except ValidationError as error:
        raise readable(error, TableAudit, place=f"audit, {name}", kind=TableError) from None


def _read(path: Path) -> dict[str, Any]:
    from credit_ml.core import TableError
    from credit_ml.core.files import read_toml

    told = read_toml(path, TableError, "give a TOML file of an audit")
    for key in PATHS:
        if isinstance(told.get(key), str) and told[key].endswith((".toml", *MODELS)):
            told[key] = path.parent / told[key]
    return told
