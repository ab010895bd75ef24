"""Columns of a table made what their owner says they are: names, days, years, or left out."""

from collections.abc import Sequence

import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from credit_ml.core import TableError
from credit_ml.core.errors import Remedy
from credit_ml.core.tables.columns import date_formats, need_columns
from credit_ml.core.tables.frames import with_columns


def converted(
    frame: pd.DataFrame,
    *,
    without: Sequence[str] = (),
    categories: Sequence[str] = (),
    dates: Sequence[str] = (),
    date_format: str | None = None,
    labels: Sequence[str] = (),
    place: str = "table",
) -> pd.DataFrame:
    """Return a table whose columns are what is said of them.

    Parameters
    ----------
    frame : DataFrame
        Its columns are called by text.
    without : sequence of str
        Columns to leave out, such as the number of the row; several in one text with commas.
    categories : sequence of str
        Columns of names, though they are written in numbers, such as codes of a place; several in
        one text with commas.
    dates : sequence of str
        Columns of dates, made days since 1970. ``birth:2020-01-01`` makes whole years before
        that day, as ages are counted.
    date_format : str, optional
        How dates are written, such as ``%d.%m.%Y``; by default year first, as ISO 8601 has them.
    labels : sequence of str
        Words for the codes of columns: ``SEX:1=men,2=women``; one word joins several codes.
    place : str
        What the table is called in errors.

    Raises
    ------
    TableError
        When a column is absent, holds something else than dates written so, or codes without words.

    Examples
    --------
    >>> people = pd.DataFrame({"id": [7, 8], "birth": ["1980-02-01", "1999-12-31"]})
    >>> converted(people, without=["id"], dates=["birth:2020-01-01"])["birth"].tolist()
    [39.0, 20.0]
    >>> converted(pd.DataFrame({"sex": [1, 2]}), labels=["sex:1=men,2=women"])["sex"].tolist()
    ['men', 'women']
    """
    without = [name for each in without for name in _names(each, frame)]
    categories = [name for each in categories for name in _names(each, frame)]
    told = [each if each in frame.columns else each.partition(":")[0] for each in dates]
    named = [each.rpartition(":")[0] for each in labels]
    need_columns(frame, [*without, *categories, *told, *named], place)
    changed = {each: frame[each].astype("category") for each in categories}
    for column, asked in zip(told, dates, strict=True):
        reference = asked.removeprefix(column).removeprefix(":")
        where = f"{place}, date '{column}'"
        day = _days(pd.Series([reference]), None, where).iloc[0] if reference else None
        days = _days(frame[column], date_format, where)
        changed[column] = _since_1970(days) if day is None else _years_before(day, days)
    for column, asked in zip(named, labels, strict=True):
        changed[column] = _labelled(frame[column], asked, f"{place}, column '{column}'")
    return with_columns(frame, changed).drop(columns=without)


def _names(text: str, frame: pd.DataFrame) -> list[str]:
    """Columns that a text names: one, or several with commas between."""
    return [text] if text in frame.columns else [each.strip() for each in text.split(",")]


def _labelled(column: pd.Series, asked: str, where: str) -> pd.Series:
    """Words in place of codes, known by their text; a column may be called by what has colons."""
    pairs = [each.partition("=") for each in asked.rpartition(":")[2].split(",")]
    words = {code.strip(): word.strip() for code, sign, word in pairs if sign and word.strip()}
    usable = len(words) == len(pairs)
    remedy = f"give each of its codes a word, or several one: '{column.name}:1=men,2=women'"
    TableError.unless(usable, where, f"cannot be labelled by '{asked}'", remedy)
    codes = column.map(lambda code: f"{code:g}" if isinstance(code, float) else str(code).strip())
    strange = sorted(set(codes[column.notna()]) - set(words))
    more = ", ..." if len(strange) > 5 else ""
    problem = f"has codes without a word: {', '.join(strange[:5])}{more}"
    TableError.unless(not strange, where, problem, remedy)
    texts = pd.Series(codes.map(words).where(column.notna(), None), dtype="str")
    return texts.astype(pd.CategoricalDtype(list(dict.fromkeys(words.values()))))


def _days(column: pd.Series, written: str | None, where: str) -> pd.Series:
    # A number such as 20180131 is text to a format that reads it.
    texts = column.astype("Int64") if column.dtype.kind == "f" else column
    texts = texts if is_datetime64_any_dtype(texts) else texts.astype("string")
    try:
        days = pd.to_datetime(texts, format=written or "ISO8601")
    except (ValueError, TypeError, OverflowError) as error:
        wanted = f"written as {written}" if written else "written year first, as in 2020-01-31"
        likely = (date_formats(texts.dropna()) or ["%d.%m.%Y"])[0]
        remedy = Remedy(
            f"say how: date_format='{likely}', and what stands for unknown days: missing=['...']",
            f"say how: --date-format {likely}, and what stands for unknown days: --missing TEXT",
        )
        raise TableError(where, f"holds something else than dates {wanted}", remedy) from error
    local: pd.Series = days.dt.tz_localize(None)
    return local


def _since_1970(days: pd.Series) -> pd.Series:
    seconds: pd.Series = (days - pd.Timestamp("1970-01-01")).dt.total_seconds()
    return seconds / 86_400


def _years_before(day: pd.Timestamp, days: pd.Series) -> pd.Series:
    """Whole years from each date to a day: one less where the birthday is still to come."""
    ahead = (days.dt.month > day.month) | ((days.dt.month == day.month) & (days.dt.day > day.day))
    return pd.Series(day.year - days.dt.year - ahead, dtype="float64")
