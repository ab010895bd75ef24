"""Regimes of disclosure by name: a file of this folder each, or a module that declares REGIME."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from credit_ml.agencies.problems import readable
from credit_ml.core import MenuError, read_toml, refuse_unknown
from credit_ml.core.discovery import declared_in
from credit_ml.core.renamed import renamed_keys, warn_renamed
from credit_ml.disclosure.regime import Disclosed, Regime

_READ = TypeAdapter(Disclosed)
_OLD_KEYS = {"prose": "description", "tells": "discloses"}


class _Catalogue(Mapping[str, Regime]):
    """Regimes of the package, read when first asked for, from the least disclosed to the most."""

    @cached_property
    def _read(self) -> dict[str, Regime]:
        made: list[Any] = declared_in(__name__, "REGIME")
        own = (each for each in files(__name__).iterdir() if each.name.endswith(".toml"))
        made += [regime_of(tomllib.loads(each.read_text("utf-8")), each.name) for each in own]
        return {each.id: each for each in sorted(made, key=lambda each: getattr(each, "rank", 0.0))}

    def __getitem__(self, name: str) -> Regime:
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


#: Named regimes, from the least that is disclosed to the most.
REGIMES: Mapping[str, Regime] = _Catalogue()


def regime_of(given: Mapping[str, Any], place: str) -> Disclosed:
    """Make a regime from the plain values of a file.

    Raises
    ------
    MenuError
        When a key is unknown or missing, or a value cannot be used.

    Examples
    --------
    >>> regime_of({"id": "half", "description": "", "discloses": ["weights"]}, "half.toml").id
    'half'
    """
    values = renamed_keys(given, _OLD_KEYS, place)
    if isinstance(items := values.get("discloses"), list) and "cut_off" in items:
        warn_renamed("the item 'cut_off'", "'threshold'")
        values["discloses"] = ["threshold" if item == "cut_off" else item for item in items]
    try:
        return _READ.validate_python(values)
    except ValidationError as error:
        raise readable(error, Disclosed, place=place, kind=MenuError) from None


def load_regime(path: str | Path) -> Regime:
    """Read a regime of the package by its name, or one of one's own from a TOML file.

    Raises
    ------
    MenuError
        When the file or anything in it cannot be used.

    Examples
    --------
    >>> load_regime("weights").description
    'Weights are told, beside the own score and the thresholds.'
    """
    if path in REGIMES:
        return REGIMES[str(path)]
    if not str(path).endswith(".toml"):
        refuse_unknown(MenuError, "regimes", str(path), REGIMES)
    return regime_of(read_toml(path, MenuError, "give a TOML file"), Path(path).name)


def checked_regimes(regimes: str | Regime | Sequence[str | Regime]) -> list[Regime]:
    """Return regimes by name, by file or as given; a single one is a list of one.

    Raises
    ------
    MenuError
        When there is none, one is unknown, or one is given twice.

    Examples
    --------
    >>> [regime.id for regime in checked_regimes("full")]
    ['full']
    """
    single = isinstance(regimes, str) or hasattr(regimes, "belief")
    several: Sequence[Any] = [regimes] if single else regimes  # type: ignore[assignment]
    found = [load_regime(each) if isinstance(each, str) else each for each in several]
    ids = [regime.id for regime in found]
    if not ids:
        raise MenuError("regimes", "are empty", f"give some of {', '.join(REGIMES)}")
    for name in ids:
        if ids.count(name) > 1:
            raise MenuError("regimes", f"name '{name}' twice", "give each once")
    return found
