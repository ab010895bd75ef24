"""Old names that still work for one version, warn, and say the new one; others' names say ours.

The warnings are FutureWarnings, which Python shows to everybody, not DeprecationWarnings, which
it shows to nobody whose call stands in a module of their own. In the tests a warning is an
error, so that nothing of ours uses an old name.
"""

import functools
import inspect
import sys
import tomllib
import warnings
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, cast

_OURS = __name__.partition(".")[0]
_WORDS = Path(__file__).with_name("other_words.toml")
_Target = TypeVar("_Target", bound=Callable[..., Any])
_Arguments = tuple[Any, ...]
_Keywords = dict[str, Any]
_Call = tuple[_Arguments, _Keywords]


def warn_renamed(old: str, new: str) -> None:
    """Warn that `old` is called `new` now, where the old name is written outside this package.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(action="error"):
    ...     warn_renamed("met_anew", "resample_societies")
    Traceback (most recent call last):
    FutureWarning: met_anew is called resample_societies now; the old name goes in 0.3
    """
    message = f"{old} is called {new} now; the old name goes in 0.3"
    warnings.warn(message, FutureWarning, stacklevel=outside())


def outside() -> int:
    """Return the ``stacklevel`` by which a function warns where this package was called.

    However many of our own functions lie between, such as several translations of one call.

    Examples
    --------
    >>> outside() > 1
    True
    """
    frame, level = sys._getframe(1), 1
    while frame.f_back and str(frame.f_globals.get("__name__")).partition(".")[0] == _OURS:
        frame, level = frame.f_back, level + 1
    return level


def old_names(
    module: str, names: Mapping[str, str], otherwise: Callable[[str], Any] | None = None
) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a module in which some names have become others.

    Parameters
    ----------
    module : str
        The module's ``__name__``.
    names : mapping
        Old name to new: a name of the same module, or a dotted one of another
        (``"credit_ml.response.Menu"``).
    otherwise : callable, optional
        Finds all other names: the ``__getattr__`` of a package that loads on first use.

    Examples
    --------
    >>> import warnings
    >>> find = old_names("credit_ml.core", {"block_size": "BLOCK"})
    >>> with warnings.catch_warnings(action="ignore"):
    ...     find("block_size") > 0
    True
    """

    def find(name: str) -> Any:
        if name not in names:
            try:
                if otherwise:
                    return otherwise(name)
            except AttributeError:
                if name not in other_words("names"):
                    raise
            raise AttributeError(f"module {module!r} has no attribute {name!r}{_ours(name)}")
        new = names[name] if "." in names[name] else f"{module}.{names[name]}"
        warn_renamed(f"{module}.{name}", new)
        home, _, attribute = new.rpartition(".")
        return getattr(import_module(home), attribute)

    return find


@functools.cache
def other_words(kind: str) -> Mapping[str, str]:
    """Return what to write here in the place of others' words: keywords, names or attributes.

    Examples
    --------
    >>> other_words("attributes")["group_min"]
    'finding.by_group.min()'
    """
    words: dict[str, dict[str, str]] = tomllib.loads(_WORDS.read_text("utf-8"))
    return words[kind]


def _ours(name: str, kind: str = "names") -> str:
    word = other_words(kind).get(name)
    return f", a word of another library; here: {word}" if word else ""


def other_keywords(target: _Target) -> _Target:
    """Let a function that is called with a keyword of another library say what ours is.

    Functions with old names or old orders of arguments do so already (`translated`).

    Raises
    ------
    InputError
        When called so, naming the keyword and what to write.

    Examples
    --------
    >>> @other_keywords
    ... def audit(decisions, dataset): ...
    >>> audit([1], None, sample_weight=[2])
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: audit: sample_weight= is a word of another library; weights \
are a column of the Dataset: Dataset.from_frame(frame, weights=...)
    """
    return translated(target, lambda name, arguments, keywords: (arguments, keywords))


def _refuse_other_words(name: str, keywords: _Keywords, own: Collection[str]) -> None:
    for word in keywords.keys() - set(own):
        if word in other_words("keywords"):
            # Imported late: errors are nothing that names need.
            from credit_ml.core.errors import InputError

            problem = f"{word}= is a word of another library"
            raise InputError(name, problem, other_words("keywords")[word])


def renamed_keywords(**names: str) -> Callable[[_Target], _Target]:
    """Let a function or a class be called with old keywords: ``old="new"``, old to new.

    Raises
    ------
    TypeError
        When called, if both the old and the new keyword are given.

    Examples
    --------
    >>> import warnings
    >>> @renamed_keywords(intervals_over="over")
    ... def audit(*, over="people"):
    ...     return over
    >>> with warnings.catch_warnings(action="ignore"):
    ...     audit(intervals_over="clusters")
    'clusters'
    """

    def translate(name: str, arguments: _Arguments, keywords: _Keywords) -> _Call:
        for old in names.keys() & keywords.keys():
            new = names[old]
            if new in keywords:
                raise TypeError(f"{name}: {old} and {new} are the same; give {new} alone")
            warn_renamed(f"{name}({old}=)", f"{new}=")
            keywords[new] = keywords.pop(old)
        return arguments, keywords

    return lambda target: translated(target, translate)


def grouped_keywords(
    option: str, make: Callable[..., Any], *names: str
) -> Callable[[_Target], _Target]:
    """Let a function be called with keywords that have moved into an object of options.

    Parameters
    ----------
    option : str
        Keyword that takes the object.
    make : callable
        Makes it from the keywords: a class, or a function with defaults of its own.
    *names : str
        Keywords that moved.

    Examples
    --------
    >>> import warnings
    >>> @grouped_keywords("search", dict, "draws", "seed")
    ... def hunt(*, search=None):
    ...     return search
    >>> with warnings.catch_warnings(action="ignore"):
    ...     hunt(draws=3)
    {'draws': 3}
    """

    def translate(name: str, arguments: _Arguments, keywords: _Keywords) -> _Call:
        old = {each: keywords.pop(each) for each in names if each in keywords}
        if old:
            if option in keywords:
                raise TypeError(f"{name}: give {', '.join(old)} in {option} alone")
            shown = ", ".join(f"{each}=..." for each in old)
            new = f"{option}={make.__name__}({shown})"
            warn_renamed(f"{name}({shown})", f"{name}({new})")
            keywords[option] = make(**old)
        return arguments, keywords

    return lambda target: translated(target, translate)


def swapped_arguments(
    new: str, first: type | Callable[[Any], bool]
) -> Callable[[_Target], _Target]:
    """Let a function be called with its first two positional arguments in the old order.

    Parameters
    ----------
    new : str
        The new order, as the warning writes it: ``"rater, society"``.
    first : type or callable
        What the first argument is when the order is the old one.

    Examples
    --------
    >>> import warnings
    >>> @swapped_arguments("rater, society", first=str)
    ... def gap(rater, society):
    ...     return rater(society)
    >>> with warnings.catch_warnings(action="ignore"):
    ...     gap("four", len)
    4
    """
    is_old: Callable[[Any], bool] = (
        (lambda value: isinstance(value, first)) if isinstance(first, type) else first
    )

    def translate(name: str, arguments: _Arguments, keywords: _Keywords) -> _Call:
        if len(arguments) < 2 or not is_old(arguments[0]):
            return arguments, keywords
        warn_renamed(f"{name} with its arguments in the old order", f"{name}({new})")
        return (arguments[1], arguments[0], *arguments[2:]), keywords

    return lambda target: translated(target, translate)


def renamed_keys(given: Mapping[str, Any], names: Mapping[str, str], place: str) -> dict[str, Any]:
    """Return a file's table with its old keys as the new ones, each with a warning.

    Examples
    --------
    >>> renamed_keys({"seed": 3}, {"intervals_over": "over"}, "study.toml")
    {'seed': 3}
    """
    table = dict(given)
    for old in names.keys() & table.keys():
        if names[old] not in table:
            warn_renamed(f"{place}: {old}", names[old])
            table[names[old]] = table.pop(old)
    return table


class OldAttribute:
    """An old name of an attribute or a method: reads the new one and warns.

    Examples
    --------
    >>> import warnings
    >>> class Regime:
    ...     discloses = "weights"
    ...     tells = OldAttribute("discloses")
    >>> with warnings.catch_warnings(action="ignore"):
    ...     Regime().tells
    'weights'
    """

    def __init__(self, new: str) -> None:
        self.new = new

    def __set_name__(self, owner: type, name: str) -> None:
        self.old = name

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            return self
        warn_renamed(f"{owner.__name__}.{self.old}", f"{owner.__name__}.{self.new}")
        return getattr(instance, self.new)


def translated(
    target: _Target, translate: Callable[[str, _Arguments, _Keywords], _Call]
) -> _Target:
    """Return the function, or the class with its ``__init__``, behind a translation.

    What is no keyword of its own then, but one of another library, is said to be that.
    """
    name = target.__name__
    inner: Any = target
    if isinstance(target, type):
        inner = target.__init__  # type: ignore[misc]
    own = inspect.signature(inner).parameters

    @functools.wraps(inner)
    def call(*arguments: Any, **keywords: Any) -> Any:
        arguments, keywords = translate(name, arguments, keywords)
        if not keywords.keys() <= own.keys():
            _refuse_other_words(name, keywords, own)
        return inner(*arguments, **keywords)

    if isinstance(target, type):
        target.__init__ = call  # type: ignore[misc]
        return target
    return cast(_Target, call)
