"""What a user gave with a table: bands, factors, the good outcome, a column of scores."""

import math
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.core import Dataset, TableError, bands, need_known
from credit_ml.core.errors import Remedy
from credit_ml.core.tables.blocks import check_lists, read_blocks
from credit_ml.core.tables.columns import dropped, left_out, need_columns
from credit_ml.core.tables.frames import with_columns
from credit_ml.studies.own_table.spec import PATHS, TableAudit

Factors = dict[str, list[str]]
Scale = str | tuple[float, float]


def table_name(path: str | Path) -> str:
    """Return what a file's table is called: the file's name without endings of its kind.

    Examples
    --------
    >>> table_name("loans/loanapp.csv.bz2"), table_name("v1.2.parquet")
    ('loanapp', 'v1.2')
    """
    where = Path(path)
    return where.stem.removesuffix(".csv").removesuffix(".tsv")


def banded(
    frame: pd.DataFrame, sensitive: Sequence[str], place: str
) -> tuple[pd.DataFrame, list[str]]:
    """Cut columns asked for as ``age:25,40`` into bands, in a column named ``age band``.

    Raises
    ------
    TableError
        When no feature is named, a column is absent, or edges are not rising numbers.
    """
    remedy = Remedy("name at least one in sensitive", "name at least one with --sensitive")
    TableError.unless(sensitive, place, "has no sensitive feature", remedy)
    names, features = [str(column) for column in frame.columns], []
    for asked in map(str, sensitive):
        column, _, edges = asked.partition(":") if asked not in names else (asked, "", "")
        need_columns(frame, [column], place)
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
        made = f"{column} band"
        problem = f"makes a column '{made}', which is there already"
        own = made not in [*frame.columns, *features]
        TableError.unless(own, f"{place}, '{asked}'", problem, "name that one, or cut once")
        frame = with_columns(frame, {made: cut})
        features.append(made)
    return frame, features


def reference_groups(dataset: Dataset, asked: TableAudit) -> dict[str, str]:
    """Return the reference group of each feature that one is named for, as ``race:Caucasian``.

    Raises
    ------
    TableError
        When the feature or the group is unknown.
    """
    found: dict[str, str] = {}
    for each in asked.reference:
        features = map(str, dataset.sensitive)
        names = [name for name in features if each.startswith(f"{_feature(name)}:")]
        name = names[0] if names else each.partition(":")[0]
        need_known(TableError, f"{dataset.name}, reference", name, dataset.sensitive.columns)
        found[name] = each.removeprefix(f"{_feature(name)}:").strip()
        groups = dataset.groups(name).unique().tolist()
        need_known(TableError, f"{dataset.name}, reference '{name}'", found[name], groups)
    return found


def _feature(name: str) -> str:
    """What a feature is called where it is asked for: a band by the column that is cut."""
    return name.removesuffix(" band")


def columns_left(frame: pd.DataFrame, asked: TableAudit, features: Sequence[str]) -> list[str]:
    """Columns that are nothing else: what numbers were cut into bands from is no factor either."""
    cut = {each.partition(":")[0] for each in asked.sensitive if each not in features}
    taken = {*features, *cut, asked.target, asked.score, asked.weights, asked.cluster}
    return [str(column) for column in frame.columns if column not in taken]


def read_factors(
    given: str | Path | Mapping[str, Sequence[str]] | None, left: Sequence[str], place: str
) -> Factors:
    """Return named blocks of columns, from a TOML file, a mapping, or one a column that is left.

    Raises
    ------
    TableError
        When the file cannot be used, or no column is left for a factor.
    """
    if given is None:
        TableError.unless(left, place, "has no column left for a factor", "give factors")
        return {column: [column] for column in left}
    told = read_blocks(given, place)
    check_lists(told, str(given))
    return {str(factor): list(columns) for factor, columns in told.items()}


def checked_scores(frame: pd.DataFrame, column: str, scale: Scale | None, place: str) -> pd.Series:
    """Return given scores as float64, whole and on their scale.

    Raises
    ------
    TableError
        When the column is absent, not numbers, missing somewhere, or outside its scale.
    """
    where = f"{place}, score '{column}'"
    numbers = numbers_in(frame, column, "score", place)
    scores: pd.Series = numbers.reset_index(drop=True).rename("points")
    if scale is None:
        return scores
    low, high = scale_ends(scale, where)
    outside = scores[(scores < low) | (scores > high)]
    if len(outside):
        first = f"is {outside.iloc[0]:g} in row {int(outside.index[0]) + 1}"
        problem = f"{first}, and outside the scale in {len(outside)} rows"
        raise TableError(where, problem, f"give scores from {low:g} to {high:g}")
    return scores


def numbers_in(frame: pd.DataFrame, column: str, role: str, place: str) -> pd.Series:
    """Return a column as float64, or raise TableError where somebody has no number."""
    need_columns(frame, [column], place)
    numbers = pd.to_numeric(frame[column], errors="coerce")
    texts = frame[column][numbers.isna() & frame[column].notna()]
    where, missing = f"{place}, {role} '{column}'", int(numbers.isna().sum())
    if len(texts):
        raise TableError(where, f"is no number in {len(texts)} rows", _as_numbers(texts))
    TableError.unless(not missing, where, f"is missing in {missing} rows", left_out(column))
    return numbers.astype("float64")


def _as_numbers(texts: pd.Series) -> Remedy:
    """What to do about text in place of numbers: it is one written otherwise, or says unknown."""
    common = str(texts.mode().iloc[0])
    if any(map(str.isdigit, common)):
        return Remedy(
            "say how numbers are written: decimal= and thousands= of a file",
            "say how numbers are written: --decimal and --thousands",
        )
    return Remedy(
        f"say what stands for unknown, missing=[{common!r}] of a file, then leave those rows out: "
        f"{dropped(texts.name)}",
        f"say what stands for unknown, --missing {shlex.quote(common)}, and leave those rows out: "
        "--incomplete leave_out",
    )


def scale_ends(scale: Scale, where: str) -> tuple[float, float]:
    """Return the lowest and highest possible score, or raise TableError."""
    parts = scale.split(",") if isinstance(scale, str) else list(scale)
    try:
        low, high = (float(part) for part in parts)
    except ValueError as error:
        raise TableError(where, f"has the scale {scale!r}", "give two numbers: 350,950") from error
    TableError.unless(low < high, where, f"has the scale {scale!r}", "give the lowest number first")
    return low, high


def check_threshold(
    threshold: float | None, *, score: str | None, scale: Scale | None, place: str
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


def short_between(scores: pd.Series, threshold: float) -> float:
    """Return a threshold of as few digits as decide about everybody as this one does.

    Examples
    --------
    >>> short_between(pd.Series([0.612, 0.640421, 0.8]), 0.640421)
    0.64
    """
    below = float(scores[scores < threshold].max())
    for digits in range(16):
        short: float = math.floor(threshold * 10**digits) / 10**digits
        if short <= threshold and not short <= below:
            return short
    return threshold


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


def refuse_like_labels(dataset: Dataset, feature: str) -> None:
    """Raise TableError for groups that only blanks or capitals keep apart: one was mistyped.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": range(4), "sex": ["f", "m", "F", "m "]})
    >>> refuse_like_labels(Dataset.from_frame(frame, target=None, sensitive="sex"), "sex")
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    credit_ml.core.errors.TableError: ..., sensitive feature 'sex': has groups that only blanks or \
    capitals keep apart ('F' and 'f', 'm' and 'm '); join them: labels=['sex:F=F,f=F,m=m']
    """
    alike: dict[str, list[str]] = {}
    for group in map(str, dataset.groups(feature).cat.categories):
        alike.setdefault(" ".join(group.split()).casefold(), []).append(group)
    pairs = [" and ".join(map(repr, several)) for several in alike.values() if len(several) > 1]
    words = {one.strip(): several[0].strip() for several in alike.values() for one in several}
    asked = f"{feature}:{','.join(f'{code}={word}' for code, word in words.items())}"
    joined = Remedy(f"join them: labels=[{asked!r}]", f"join them: --labels {shlex.quote(asked)}")
    plain = not any(sign in word for word in words for sign in ",=:")
    problem = f"has groups that only blanks or capitals keep apart ({', '.join(pairs)})"
    place = f"{dataset.name}, sensitive feature '{feature}'"
    remedy = joined if plain else "write them alike in the table"
    TableError.unless(not pairs, place, problem, remedy)


def refuse_given_scores(score: str | None, place: str) -> None:
    """Raise TableError where people are to respond to scores that nobody can compute again."""
    if score is not None:
        problem = "is given, so what a menu would make of it is unknown"
        raise TableError(f"{place}, score '{score}'", problem, "leave out score or menu")


def shown_command(table: Any, asked: TableAudit) -> str:
    """Return the command that makes the report again, without folders of this machine."""
    name = Path(table).name if isinstance(table, str | Path) else "TABLE"
    words = ["credit-ml", "audit", name]
    for key, flag in TableAudit.flags():
        given, default = getattr(asked, key), getattr(TableAudit, key)
        in_a_file = key not in PATHS or isinstance(given, str | Path)
        if given is not None and given != default and in_a_file:
            for each in given if flag.kind == list[str] else [given]:
                value = [] if flag.kind is bool else [_as_word(key, each)]
                words += [flag.name or f"--{key.replace('_', '-')}", *value]
    return shlex.join(words)


def _as_word(key: str, value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(f"{end:g}" for end in value)
    return (
        Path(value).name
        if key in PATHS and ":/" not in str(value)
        else str(getattr(value, "id", value))
    )
