"""What a user gave with a table: bands, factors, the good outcome, a column of scores."""

import math
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.core import Dataset, TableError, bands, known_names
from credit_ml.studies.own_table.spec import FILE_KEYS

Factors = dict[str, list[str]]


def banded(
    frame: pd.DataFrame, sensitive: Sequence[str], place: str
) -> tuple[pd.DataFrame, list[str]]:
    """Cut columns asked for as ``age:25,40`` into bands, in a column named ``age band``.

    Raises
    ------
    TableError
        When no feature is named, a column is absent, or edges are not rising numbers.
    """
    if not sensitive:
        raise TableError(place, "has no sensitive feature", "name at least one with --sensitive")
    names, features = [str(column) for column in frame.columns], []
    for asked in map(str, sensitive):
        column, _, edges = asked.partition(":") if asked not in names else (asked, "", "")
        if column not in names:
            raise TableError(place, f"column '{column}' is absent", known_names(column, names))
        if not edges:
            features.append(column)
            continue
        try:
            cuts = [float(edge) for edge in edges.split(",")]
            cut = bands(pd.to_numeric(frame[column]), cuts)
        except ValueError as error:
            if isinstance(error, TableError):
                raise
            problem = f"cannot be cut at '{edges}'"
            raise TableError(f"{place}, '{column}'", problem, "give numbers: 25,40,60") from error
        frame = frame.assign(**{f"{column} band": cut})
        features.append(f"{column} band")
    return frame, features


def read_factors(
    given: str | Path | Mapping[str, Sequence[str]] | None,
    frame: pd.DataFrame,
    others: Sequence[str | None],
    place: str,
) -> Factors:
    """Return named blocks of columns, from a TOML file, a mapping, or one a column.

    Raises
    ------
    TableError
        When the file cannot be used, or no column is left for a factor.
    """
    if given is None:
        banded_from = {str(name).removesuffix(" band") for name in others if name}
        taken = {name for name in others if name} | banded_from
        left = [str(column) for column in frame.columns if column not in taken]
        if not left:
            raise TableError(place, "has no column left for a factor", "give factors")
        return {column: [column] for column in left}
    told = given if isinstance(given, Mapping) else _toml(Path(given))
    blocks: Factors = {}
    for factor, columns in told.items():
        if isinstance(columns, str) or not all(isinstance(name, str) for name in columns):
            raise TableError(f"{given}, '{factor}'", "is no list of columns", 'give ["a", "b"]')
        blocks[str(factor)] = list(columns)
    if not blocks:
        raise TableError(str(given), "names no factor", 'give lines such as history = ["late"]')
    return blocks


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(str(path), "cannot be read", "give a TOML file of factors") from error
    except tomllib.TOMLDecodeError as error:
        raise TableError(str(path), f"is not TOML ({error})", "mend that line") from error
    factors = told.get("factors", told)
    if not isinstance(factors, Mapping):
        raise TableError(str(path), "has factors that are no table", 'give name = ["column"]')
    for factor, columns in factors.items():
        if not isinstance(columns, list):
            problem = f"is {columns!r}"
            raise TableError(f"{path}, '{factor}'", problem, 'give a list of columns: ["a", "b"]')
    return factors


def favourable_value(frame: pd.DataFrame, target: str | None, given: object) -> object:
    """Return the value of the target that is good for the person, as the column holds it.

    A command line gives text; it is matched against the values as text.
    """
    if target is None or target not in frame.columns:
        return 1
    values = frame[target].dropna().unique().tolist()
    if given is None:
        return 1 if 1 in values else "1" if "1" in values else _ask(target, values)
    for value in values:
        if value == given or str(value) == str(given):
            return value
        if isinstance(value, float) and f"{value:g}" == str(given):
            return value
    return given


def _ask(target: str, values: list[Any]) -> object:
    if len(values) != 2:
        return 1  # refused with the values when the table is taken apart
    problem = f"has the values {values[0]!r} and {values[1]!r}"
    remedy = "say which is good for the person: favourable, or --favourable"
    raise TableError(f"target '{target}'", problem, remedy)


def checked_scores(
    frame: pd.DataFrame, column: str, scale: str | tuple[float, float] | None, place: str
) -> pd.Series:
    """Return given scores as float64, whole and on their scale.

    Raises
    ------
    TableError
        When the column is absent, not numbers, missing somewhere, or outside its scale.
    """
    where = f"{place}, score '{column}'"
    names = [str(name) for name in frame.columns]
    if column not in names:
        raise TableError(place, f"column '{column}' is absent", known_names(column, names))
    numbers = pd.to_numeric(frame[column], errors="coerce")
    missing = int(numbers.isna().sum())
    if missing:
        raise TableError(where, f"is no number in {missing} rows", "drop or mend those rows")
    scores: pd.Series = numbers.astype("float64").reset_index(drop=True).rename("points")
    if scale is None:
        return scores
    low, high = scale_ends(scale, where)
    outside = scores[(scores < low) | (scores > high)]
    if len(outside):
        raise TableError(
            where,
            f"is {outside.iloc[0]:g} in row {int(outside.index[0]) + 1}, and outside the "
            f"scale in {len(outside)} rows",
            f"give scores from {low:g} to {high:g}",
        )
    return scores


def scale_ends(scale: str | tuple[float, float], where: str) -> tuple[float, float]:
    """Return the lowest and highest possible score, or raise TableError."""
    parts = scale.split(",") if isinstance(scale, str) else list(scale)
    try:
        low, high = (float(part) for part in parts)
    except ValueError as error:
        raise TableError(where, f"has the scale {scale!r}", "give two numbers: 350,950") from error
    if not low < high:
        raise TableError(where, f"has the scale {scale!r}", "give the lowest number first")
    return low, high


def check_threshold(
    threshold: float | None,
    *,
    score: str | None,
    scale: str | tuple[float, float] | None,
    place: str,
) -> None:
    """Raise TableError for a threshold that no score can have, or a scale of no scores."""
    if score is None and scale is not None:
        raise TableError(f"{place}, scale", f"is {scale!r} without scores", "name a score column")
    if threshold is None:
        return
    low, high = (0.0, 1.0) if score is None else (-math.inf, math.inf)
    if scale is not None:
        low, high = scale_ends(scale, f"{place}, score '{score}'")
    if not (math.isfinite(threshold) and low <= threshold <= high):
        what = "a probability" if score is None else "a score"
        ends = f" from {low:g} to {high:g}" if math.isfinite(high) else ""
        raise TableError(f"{place}, threshold", f"is {threshold:g}", f"give {what}{ends}")


def refuse_lone_members(dataset: Dataset, feature: str) -> None:
    """Raise TableError for a group of one: it has no interval, and its row would be named.

    The instruments themselves take such a group, as fairlearn does.
    """
    counts = dataset.groups(feature).value_counts(sort=False)
    for group, people in counts.items():
        if people == 1:
            problem = f"has a group with one member ('{group}')"
            remedy = "join it with another group, or leave that row out"
            raise TableError(f"{dataset.name}, sensitive feature '{feature}'", problem, remedy)


def refuse_given_scores(score: str | None, place: str) -> None:
    """Raise TableError where people are to respond to scores that nobody can compute again."""
    if score is not None:
        problem = "is given, so what a menu would make of it is unknown"
        raise TableError(f"{place}, score '{score}'", problem, "leave out score or menu")


def shown_command(table: Any, settings: Mapping[str, Any], factors: Any, menu: Any = None) -> str:
    """Return the command that makes the report again, without folders of this machine."""
    name = Path(table).name if isinstance(table, str | Path) else "TABLE"
    words = ["credit-ml", "audit", name]
    for key in ("target", "favourable", "score", "scale", "threshold"):
        if settings[key] is not None:
            words += [f"--{key}", str(settings[key])]
    for feature in settings["sensitive"]:
        words += ["--sensitive", feature]
    if isinstance(factors, str | Path):
        words += ["--factors", Path(factors).name]
    if isinstance(menu, str | Path):
        words += ["--menu", Path(menu).name, "--value", f"{settings['value']:g}"]
        words += [] if settings["income"] is None else ["--income", settings["income"]]
        for regime in settings["regimes"]:
            words += ["--regime", regime]
    for key, default in (
        ("folds", 5),
        ("seed", 0),
        *((key, None) for key in ("direction", *FILE_KEYS[1:])),
    ):
        if settings.get(key, default) != default:
            words += [f"--{key}", str(settings[key])]
    if settings["layout"] != "table":
        words += ["--format", str(settings["layout"])]
    return shlex.join(words)
