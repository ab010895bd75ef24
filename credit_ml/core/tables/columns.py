"""One column of a user's table as a feature, an outcome or a sensitive feature; or why not."""

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from credit_ml.core.errors import Remedy, TableError, TableErrors, known_names

#: More distinct numbers than this in a sensitive feature are values, not groups.
MOST_GROUPS = 20

#: Group of those whose sensitive value is missing, where they are a group of their own.
MISSING = "(missing)"
#: What becomes of missing sensitive values.
Missing = Literal["refuse", "group"]

#: Text of which this share looks like numbers, or dates, was meant as such.
WRITTEN_SHARE = 0.5
#: How the column of a row's number is called.
_ROW = re.compile(r"unnamed.*|index|id|row.*|.*[_ ]id", re.IGNORECASE)
_MARKS = r"[\s.,'%$€£]"
_WRITTEN = r"[+-]?\d+(?:[eE][+-]?\d+)?"
_DATE = r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
#: Texts of which more are different than this share of the people are no categories.
IDENTITY_SHARE = 0.5
#: From so many people on, consecutive whole numbers that occur once each are a key, in any order.
NUMBERED = 500

#: What to do about people for whom a value beside a Dataset is missing.
KNOWN_ALONE = (
    "leave those people out of both: known = pd.notna(values), then values[known] and "
    "dataset.take(np.flatnonzero(known))"
)

#: Kinds of object columns, as pandas infers them, that are numbers; and those that are names.
_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal")
_NAMES = ("string", "boolean", "mixed-integer", "mixed", "empty", "categorical")


def need_columns(frame: pd.DataFrame, columns: Iterable[str], place: str) -> None:
    """Raise TableError for a column that a table has not, or for all of them at once."""
    names = [str(column) for column in frame.columns]
    absent = [column for column in dict.fromkeys(columns) if column not in names]
    errors = [
        TableError(place, f"column '{column}' is absent", known_names(column, names))
        for column in absent
    ]
    if errors:
        raise errors[0] if len(errors) == 1 else TableErrors(place, errors)


def outcome_of(target: pd.Series, favourable: object, place: str) -> tuple[pd.Series, Any]:
    """Return the outcome as int8, 1 where favourable, and the value that is not."""
    where = f"{place}, target '{target.name}'"
    _refuse_missing(target, where, left_out(target.name))
    _refuse_mixed(target, where)
    values = sorted(target.unique().tolist(), key=str)
    if len(values) != 2:
        shown = ", ".join(map(repr, values[:5])) + (", ..." if len(values) > 5 else "")
        raise TableError(where, f"has {len(values)} values ({shown})", "give a target with two")
    if favourable not in values:
        one, other = values
        remedy = Remedy(
            f"give favourable={one!r} or {other!r}", f"say --favourable {one} or {other}"
        )
        raise TableError(where, f"has no value {favourable!r}", remedy)
    kept = (target == favourable).to_numpy(dtype="int8")
    other = values[1 - values.index(favourable)]
    return pd.Series(kept, name="kept", index=target.index), other


def groups_of(column: pd.Series, place: str, missing_sensitive: Missing) -> pd.Series:
    """Return a sensitive feature as a categorical of labels, one group a value.

    Text of nothing but blanks says of nobody what they are: it is missing.
    """
    where = f"{place}, sensitive feature '{column.name}'"
    column = without_blanks(column)
    if missing_sensitive == "group" and column.isna().any():
        known = column.dropna()
        found = groups_of(known, place, "refuse") if len(known) else known.astype("category")
        if MISSING in found.cat.categories:
            raise TableError(where, f"has a group '{MISSING}' and missing values", "rename it")
        return found.cat.add_categories([MISSING]).reindex(column.index).fillna(MISSING)
    own = Remedy(
        f"drop those rows ({dropped(column.name)}) or make them their own group "
        "(missing_sensitive='group')",
        "make them a group of their own (--missing-sensitive group), or leave those rows out, "
        "counted on the page (--incomplete leave_out)",
    )
    _refuse_missing(column, where, own)
    _refuse_mixed(column, where)
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.cat.remove_unused_categories()
        return column.cat.rename_categories(_labels(column.cat.categories.tolist(), where))
    codes, values = _numbered(column, where)
    labels = pd.Index(_labels(values, where), dtype="str")
    return pd.Series(pd.Categorical.from_codes(codes, labels), column.index, name=column.name)


def feature_of(column: pd.Series, place: str) -> pd.Series:
    """Return a feature: numbers exactly as they came, else a categorical of the user's values."""
    where = f"{place}, column '{column.name}'"
    _refuse_mixed(column, where)
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if isinstance(column.dtype, pd.CategoricalDtype):
        _labels(column.cat.categories.tolist(), where)
        return column
    if pd.api.types.is_bool_dtype(column):
        # shap's trees crash on a bool column beside numbers.
        return column.astype("float32" if column.isna().any() else "int8")
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_complex_dtype(column):
        return _finite(_plain_numbers(column, where), where)
    if kind in _NUMBERS and not pd.api.types.is_complex_dtype(column):
        return _finite(pd.to_numeric(column.astype("float64")), where)
    if kind not in _NAMES:
        problem = f"holds {kind} values ({column.dtype})"
        raise TableError(where, problem, "turn them into numbers or categories")
    codes, values = _numbered(column, where, most=None)
    _refuse_written_numbers(values, where, str(column.name))
    _labels(values, where)
    own: Any = values
    return pd.Series(pd.Categorical.from_codes(codes, own), column.index, name=column.name)


def bands(values: pd.Series, edges: Sequence[float]) -> pd.Series:
    """Cut numbers into named bands, so that they can be a sensitive feature.

    A value equal to an edge belongs to the band that starts there. Missing stays missing.

    Parameters
    ----------
    values : pandas.Series
        Numbers, such as ages in years.
    edges : sequence of float
        Rising lower ends of every band but the first.

    Raises
    ------
    TableError
        When the edges do not rise.

    Examples
    --------
    >>> bands(pd.Series([18, 25, 61]), [25, 60]).tolist()
    ['under 25', '25 to 60', '60 and over']
    """
    cuts = [float(edge) for edge in edges]
    if not cuts or sorted(set(cuts)) != cuts:
        raise TableError(str(values.name), f"cannot be cut at {list(edges)}", "give rising edges")
    shown = [f"{cut:g}" for cut in cuts]
    between = (f"{low} to {high}" for low, high in itertools.pairwise(shown))
    labels = [f"under {shown[0]}", *between, f"{shown[-1]} and over"]
    return pd.cut(values, [-np.inf, *cuts, np.inf], right=False, labels=labels)


def label_of(value: Any) -> str:
    """What a value is called as a group: its text, of a date or duration without empty hours.

    A code is called as it was written, though a gap in its column has made it a float.

    Examples
    --------
    >>> label_of(pd.Timestamp("1980-01-01")), label_of(np.float32(0.1)), label_of(2), label_of(2.0)
    ('1980-01-01', '0.1', '2', '2')
    """
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")


def plain(value: Any) -> Any:
    """Python's own number or text for numpy's.

    Examples
    --------
    >>> plain(np.int64(1)), plain("a")
    (1, 'a')
    """
    return value.item() if isinstance(value, np.generic) else value


def without_blanks(column: pd.Series) -> pd.Series:
    """Text of nothing but blanks as missing.

    Examples
    --------
    >>> without_blanks(pd.Series(["f", " ", ""])).isna().tolist()
    [False, True, True]
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        known = column.cat.categories
        return column.cat.remove_categories([each for each in known if _is_blank(each)])
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column
    blank = column.map(_is_blank, na_action="ignore").fillna(value=False).astype(bool)
    return column.mask(blank) if blank.any() else column


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _numbered(
    column: pd.Series, where: str, *, most: int | None = MOST_GROUPS
) -> tuple[np.ndarray, list[Any]]:
    """Return each person's value as a number from 0 in their order, and the values."""
    try:
        codes, found = pd.factorize(column)
    except TypeError as error:
        problem = f"holds values of {column.dtype} that are no single values"
        raise TableError(where, problem, "give one number or name a person") from error
    if most is not None and len(found) > most:
        problem = f"has {len(found)} different values"
        raise TableError(where, problem, _bands_offered(column, most))
    # numpy's own scalars keep their short text: float32 0.1 is no 0.10000000149.
    own: Any = found
    values = list(own) if isinstance(own, np.ndarray) else own.tolist()
    try:
        order = sorted(range(len(values)), key=values.__getitem__)
    except TypeError:
        order = sorted(range(len(values)), key=lambda at: label_of(values[at]))
    place = np.empty(len(values) + 1, dtype=np.intp)
    place[order], place[-1] = np.arange(len(values)), -1
    return place[codes], [values[at] for at in order]


def _labels(values: Sequence[Any], where: str) -> list[str]:
    by_label: dict[str, Any] = {}
    for value in values:
        label = label_of(value)
        if label in by_label:
            alike = f"holds {plain(by_label[label])!r} and {plain(value)!r}, which print alike"
            raise TableError(where, alike, "make them one kind of value")
        by_label[label] = value
    return list(by_label)


def left_out(column: object) -> Remedy:
    """Return what to do about people of whom a needed value is missing.

    Examples
    --------
    >>> left_out("paid")
    "leave those rows out: frame.dropna(subset=['paid'])"
    """
    command = "leave those rows out, counted on the page: --incomplete leave_out"
    return Remedy(f"leave those rows out: {dropped(column)}", command)


def dropped(column: object) -> str:
    """Return how pandas leaves out rows without a value.

    Examples
    --------
    >>> dropped("paid")
    "frame.dropna(subset=['paid'])"
    """
    return f"frame.dropna(subset=[{str(column)!r}])"


def _refuse_missing(column: pd.Series, where: str, remedy: str) -> None:
    missing = int(column.isna().sum())
    TableError.unless(not missing, where, f"is missing in {missing} rows", remedy)


def _refuse_written_numbers(values: list[Any], where: str, name: str) -> None:
    """Refuse numbers and dates that were read as text: each value would be a category of its own.

    Few values may be codes, and so may those of a categorical, which says that they are meant.
    """
    if len(values) <= MOST_GROUPS or not all(isinstance(each, str) for each in values):
        return
    texts = pd.Series(values)
    kind, like = _written(texts)
    if kind is not None:
        share = _share_of(like)
        # How they are written helps; what stands there is one person's own.
        written = re.sub(r"\d", "9", texts[like].iloc[0])
        problem = f"is text of which {share} are {kind}, written like {written!r}"
        raise TableError(where, problem, _made_numbers(kind, texts, like, name))


def _written(texts: pd.Series) -> tuple[str | None, pd.Series]:
    """Whether texts are dates or numbers for the most part, and which are."""
    dates = texts.str.match(_DATE)
    if dates.mean() >= WRITTEN_SHARE:
        return "dates", dates
    numbers = texts.str.replace(_MARKS, "", regex=True).str.fullmatch(_WRITTEN)
    return "numbers" if numbers.mean() >= WRITTEN_SHARE else None, numbers


def date_formats(texts: pd.Series) -> list[str]:
    """Return the ways in which all of some texts are dates; none where the year stands first.

    Examples
    --------
    >>> date_formats(pd.Series(["31.01.2024", "01.02.2024"]))
    ['%d.%m.%Y']
    >>> date_formats(pd.Series(["01/02/24"])), date_formats(pd.Series(["2024-01-31"]))
    (['%d/%m/%y', '%m/%d/%y'], [])
    """
    some = texts.astype("str").str.strip().drop_duplicates()
    mark = next((each for each in "./-" if some.str.contains(each, regex=False).all()), "-")
    orders = ("%Y %m %d", "%d %m %Y", "%m %d %Y", "%d %m %y", "%m %d %y")
    tried = [order.replace(" ", mark) for order in orders]
    iso = "%Y-%m-%d"
    fits = [
        each for each in tried if pd.to_datetime(some, format=each, errors="coerce").notna().all()
    ]
    return [each for each in fits if each != iso]


def _share_of(like: pd.Series) -> str:
    """A share in per cent that is 100 only when it is all."""
    return "100 %" if like.all() else f"{min(round(100 * like.mean()), 99)} %"


def _made_numbers(kind: str, texts: pd.Series, like: pd.Series, name: str) -> Remedy:
    """What to do about text that is numbers or dates; the commonest text beside them is said."""
    command = f"or that they are names: --categories '{name}'"
    python = 'or say that they are names: .astype("category")'
    if kind == "dates":
        written = " or ".join(formats := date_formats(texts[like]))
        beside = f" with --date-format {written}" if written else ""
        years = f"years before a day, --dates '{name}:2020-01-01'"
        made = f"make them numbers: days, --dates '{name}'{beside}, or {years}{beside}"
        out = f"keep it beside the features, context='{name}'"
        read = f" (pd.to_datetime, format='{formats[0]}')" if formats else ""
        return Remedy(
            f"{out}, make them numbers, such as days{read}, {python}",
            f"leave it out: --without '{name}', {made}, {command}",
        )
    told, options = "decimal= and thousands=", "--decimal and --thousands"
    if not like.all():
        other = min(texts[~like], key=len)
        told, options = f"{told}, and missing=[{other!r}],", f"{options}, and --missing '{other}'"
    return Remedy(
        f"make them numbers ({told} of a file), {python}",
        f"say how they are written ({options}), {command}",
    )


def refuse_identity(column: pd.Series, place: str, *, alone: bool = False) -> None:
    """Refuse what tells people apart: row numbers, keys, and texts that hardly anybody shares.

    The number of the row of a sorted table says what stands in the other columns.

    Parameters
    ----------
    column : Series
    place : str
        For errors.
    alone : bool
        Whether there is no other feature. Whole numbers without a gap may then be amounts, such as
        balances: only a column that is called as a key is, is taken for one.
    """
    where, text = f"{place}, column '{column.name}'", not pd.api.types.is_numeric_dtype(column)
    remedy = Remedy(
        "leave it out, or name it in factors",
        f"leave it out: --without '{column.name}', or name it in a file of --factors",
    )
    if text and not isinstance(column.dtype, pd.CategoricalDtype):
        _refuse_names(column, where, remedy)
    whole = pd.api.types.is_integer_dtype(column) and not column.isna().any()
    if not whole or not len(column):
        return
    low, high = int(column.min()), int(column.max())
    consecutive = high - low == len(column) - 1 and column.is_unique
    named = _ROW.fullmatch(str(column.name))
    if consecutive and len(column) >= NUMBERED and not (named or alone):
        problem = f"numbers the people, {low} to {high}, each once"
        raise TableError(where, problem, remedy)
    if not named:
        return
    numbered = consecutive and low in (0, 1) and column.is_monotonic_increasing
    TableError.unless(not numbered, where, "is the number of the row", remedy)
    TableError.unless(not (column.is_unique and len(column) > 1), where, "is a key", remedy)


def _refuse_names(column: pd.Series, where: str, remedy: Remedy) -> None:
    known = column.dropna()
    if pd.api.types.infer_dtype(known) != "string":
        return
    different = known.nunique()
    shared = different <= max(MOST_GROUPS, IDENTITY_SHARE * len(known))
    if not shared and _written(known)[0] is None:  # numbers as text have an error of their own
        problem = f"has {different:,} different texts among {len(known):,} people"
        raise TableError(where, problem, remedy)


def _refuse_mixed(column: pd.Series, where: str) -> None:
    """Refuse True beside 1, which are one value to Python, and so to every count."""
    if column.dtype != object:
        return
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind.startswith("mixed") and any(isinstance(value, bool) for value in column):
        raise TableError(where, "mixes True or False with other values", "make them one kind")


def _plain_numbers(column: pd.Series, where: str) -> pd.Series:
    """Numbers as numpy holds them: exactly, with NaN where missing."""
    if isinstance(column.dtype, np.dtype):
        return column
    if not column.isna().any():
        return column.astype(column.dtype.numpy_dtype)  # type: ignore[attr-defined]
    numbers = column.to_numpy(dtype="float64", na_value=np.nan)
    whole = pd.api.types.is_integer_dtype(column)
    if whole and np.nanmax(np.abs(numbers), initial=0.0) > 2.0**53:
        problem = "has whole numbers above 2**53 beside missing ones"
        raise TableError(where, problem, "fill the missing ones")
    return pd.Series(numbers, column.index, name=column.name)


def _finite(numbers: pd.Series, where: str) -> pd.Series:
    infinite = int(np.isinf(numbers).sum())
    if infinite:
        raise TableError(where, f"is infinite in {infinite} rows", "replace those values")
    return numbers


def _bands_offered(column: pd.Series, most: int) -> str:
    """How to cut numbers into bands at their quartiles, to be copied."""
    cut = f"cut it into at most {most} bands"
    if not pd.api.types.is_numeric_dtype(column):
        return f"put its values into at most {most} groups"
    quartiles = column.quantile([0.25, 0.5, 0.75]).astype(float)
    edges = list(dict.fromkeys(float(f"{edge:.3g}") for edge in quartiles))
    named, shown = column.name, ",".join(f"{edge:g}" for edge in edges)
    return Remedy(
        f"{cut}, such as bands(frame['{named}'], {edges}), its quartiles",
        f"{cut}, such as --sensitive '{named}:{shown}', its quartiles",
    )
