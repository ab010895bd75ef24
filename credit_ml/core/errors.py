"""One tree of errors, each of which says where, what, and what to do about it."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from typing import Any, ClassVar, NoReturn, Self, TypeVar

Key = TypeVar("Key")


class Remedy(str):
    """What to do about an error, in two forms: as text for Python, and for the command line.

    Examples
    --------
    >>> remedy = Remedy("give favourable=0 or 1", "say --favourable 0 or 1")
    >>> remedy, remedy.command
    ('give favourable=0 or 1', 'say --favourable 0 or 1')
    """

    command: str

    def __new__(cls, python: str, command: str) -> Self:
        """Return the text for Python, which knows that of the command line."""
        made = super().__new__(cls, python)
        made.command = command
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Both forms, so that a copy from another process has them."""
        return str(self), self.command


def after(text: str, remedy: str) -> Remedy:
    """Return a remedy, of one form or two, that begins with a text.

    Examples
    --------
    >>> after("or: ", Remedy("seed=1", "--seed 1")).command
    'or: --seed 1'
    """
    return Remedy(text + remedy, text + getattr(remedy, "command", remedy))


#: Nouns that problems count, and what one of them is called.
_ONE = {"rows": "row", "people": "person", "columns": "column", "values": "value"}
_ONE_OF = re.compile(rf"(?<![\w.,])1 ({'|'.join(_ONE)})\b")


def _counted(problem: str) -> str:
    """One row is no rows, whichever module counts it."""
    return _ONE_OF.sub(lambda found: f"1 {_ONE[found[1]]}", problem)


class CreditMLError(Exception):
    """Root of every error this package raises on purpose.

    Examples
    --------
    >>> issubclass(InputError, CreditMLError), CreditMLError.exit_status
    (True, 1)
    """

    #: Exit status of the command line when this error ends a command.
    exit_status: ClassVar[int] = 1


class InputError(CreditMLError, ValueError):
    """Something the user gave cannot be used; nothing was written or tracked.

    Parameters
    ----------
    place : str
        Where the value was given: a file and key, a column, an argument.
    problem : str
        The value and why it cannot be used.
    remedy : str
        What to give instead, or the command that helps.

    Examples
    --------
    >>> print(InputError("world.citizens", "is 0", "give at least 1"))
    world.citizens: is 0; give at least 1
    """

    exit_status: ClassVar[int] = 2

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        problem = _counted(problem)
        self.place, self.problem, self.remedy = place, problem, remedy
        super().__init__(place, problem, remedy)

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}; {self.remedy}"

    def on_command_line(self) -> list[str]:
        """One line a problem, with what to do about it there.

        Examples
        --------
        >>> remedy = Remedy("give favourable=0", "say --favourable 0")
        >>> InputError("target", "has no value 1", remedy).on_command_line()
        ['target: has no value 1; say --favourable 0']
        """
        return [f"{self.place}: {self.problem}; {getattr(self.remedy, 'command', self.remedy)}"]

    def within(self, where: str) -> Self:
        """Return the same error, said to be met inside something larger.

        Examples
        --------
        >>> print(InputError("seed", "is -1", "give at least 0").within("study.toml"))
        study.toml: seed: is -1; give at least 0
        """
        return type(self)(f"{where}: {self.place}", self.problem, self.remedy)

    @classmethod
    def unless(cls, usable: object, place: str, problem: str, remedy: str) -> None:
        """Raise the error unless what was given can be used.

        Examples
        --------
        >>> InputError.unless(2 > 1, "seeds", "are 2", "give more")
        >>> InputError.unless(0 > 1, "seeds", "are 0", "give more")
        Traceback (most recent call last):
        credit_ml.core.errors.InputError: seeds: are 0; give more
        """
        if not usable:
            raise cls(place, problem, remedy)

    @classmethod
    def unless_at_least(cls, least: float, place: str, value: float | None) -> None:
        """Raise the error for a number below the least allowed; None stands for no limit.

        Examples
        --------
        >>> InputError.unless_at_least(0, "budget", -2)
        Traceback (most recent call last):
        credit_ml.core.errors.InputError: budget: is -2; give at least 0
        """
        if value is None:
            return
        remedy = f"give at least {least}"
        cls.unless(isinstance(value, Real), place, f"is {value!r}", remedy)
        cls.unless(value >= least, place, f"is {value}", remedy)


class WorldError(InputError):
    """A world's parameters are out of range or unknown.

    Examples
    --------
    >>> print(WorldError("world 'atlantis'", 'is unknown', 'name one of the catalogue'))
    world 'atlantis': is unknown; name one of the catalogue
    """


class TableError(InputError):
    """A table lacks a column, or holds values that the work cannot use.

    Examples
    --------
    >>> print(TableError("people.csv", "lacks the column 'sex'", 'name one that is there'))
    people.csv: lacks the column 'sex'; name one that is there
    """


class TableErrors(TableError):
    """Everything that is wrong with a table, a line each.

    Parameters
    ----------
    place : str
    errors : sequence of TableError

    Examples
    --------
    >>> one = TableError("people, 'age'", "holds text", "make it numbers")
    >>> print(TableErrors("people", [one, TableError("people, 'id'", "is a row", "drop it")]))
    people: has 2 problems
    people, 'age': holds text; make it numbers
    people, 'id': is a row; drop it
    """

    def __init__(self, place: str, errors: Iterable[TableError]) -> None:
        self.errors = tuple(errors)
        super().__init__(place, f"has {len(self.errors)} problems", "mend them")
        self.args = place, self.errors

    def within(self, where: str) -> Self:
        """Return the same errors, each said to be met inside something larger."""
        return type(self)(where, [each.within(where) for each in self.errors])

    def __str__(self) -> str:
        return "\n".join([f"{self.place}: {self.problem}", *map(str, self.errors)])

    def on_command_line(self) -> list[str]:
        """One line a problem."""
        return [line for each in self.errors for line in each.on_command_line()]


def gathered(place: str, calls: Mapping[Key, Callable[[], Any]]) -> dict[Key, Any]:
    """Return what each call gives; where some raise TableError, raise all of those at once.

    Examples
    --------
    >>> gathered("people", {"a": lambda: 1, "b": lambda: 2})
    {'a': 1, 'b': 2}
    """
    found: dict[Key, Any] = {}
    errors: list[TableError] = []
    for key, call in calls.items():
        try:
            found[key] = call()
        except TableErrors as several:
            errors += several.errors
        except TableError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise TableErrors(place, errors)
    return found


class AgencyError(InputError):
    """An agency's description cannot be used.

    Examples
    --------
    >>> print(AgencyError("agency 'sesam'", 'is unknown', "did you mean 'sesame'?"))
    agency 'sesam': is unknown; did you mean 'sesame'?
    """


class ModelError(InputError):
    """A model cannot answer what was asked of it.

    Examples
    --------
    >>> print(ModelError('pipeline', 'has no probability', 'give a classifier'))
    pipeline: has no probability; give a classifier
    """


class StudyError(InputError):
    """A study file, or a run asked for, cannot be used.

    Examples
    --------
    >>> print(StudyError('study.toml', 'cannot be read', 'give the path of a study file'))
    study.toml: cannot be read; give the path of a study file
    """


class ArchiveError(InputError):
    """A society on disk cannot be written or read.

    Examples
    --------
    >>> print(ArchiveError('people.parquet', 'is damaged', 'delete it and run the command again'))
    people.parquet: is damaged; delete it and run the command again
    """


class MenuError(InputError):
    """A menu of actions, or a disclosure regime, cannot be used.

    Examples
    --------
    >>> print(MenuError("menu 'two', action 'pose'", 'has no price', 'give one, 0 if it is free'))
    menu 'two', action 'pose': has no price; give one, 0 if it is free
    """


def known_names(name: str, known: Iterable[str]) -> str:
    """Say which names exist, the nearest first, as the remedy of an error.

    Examples
    --------
    >>> known_names("hukuo", ["gender", "hukou"])
    "did you mean 'hukou'? known: gender, hukou"
    """
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return f"{hint}known: {', '.join(names)}"


def refuse_unknown(
    error: type[InputError], place: str, name: str, known: Iterable[str]
) -> NoReturn:
    """Raise `error` for a name that does not exist, listing those that do.

    Examples
    --------
    >>> refuse_unknown(InputError, "by", "color", ["colour"])
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: by: 'color' is unknown; did you mean 'colour'? known: colour
    """
    raise error(place, f"'{name}' is unknown", known_names(name, known))


def need_known(error: type[InputError], place: str, name: object, known: Iterable[str]) -> None:
    """Raise the error, with what is known, unless a name is one of those.

    Examples
    --------
    >>> need_known(InputError, "by", "colour", ["colour"])
    """
    names = list(known)
    if name not in names:
        refuse_unknown(error, place, str(name), names)
