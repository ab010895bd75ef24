"""Any table of one's own: csv, parquet, feather, JSON lines, Excel, or a known public file."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack, get_args

import pandas as pd
from pandas.api.types import is_object_dtype, is_string_dtype

from credit_ml.core import TableError, need_known
from credit_ml.core.errors import Remedy
from credit_ml.core.renamed import other_keywords
from credit_ml.core.tables.changes import TableChange, changes_of, with_changes
from credit_ml.core.tables.frames import with_columns
from credit_ml.datasets.german import german_credit
from credit_ml.datasets.give_me_some_credit import give_me_some_credit
from credit_ml.datasets.local import READERS, read_local
from credit_ml.datasets.taiwan import taiwan_credit

Format = Literal["table", "german", "give_me_some_credit", "taiwan"]
FORMATS: tuple[Format, ...] = ("table", "german", "give_me_some_credit", "taiwan")
#: What becomes of columns that have one name.
Repeated = Literal["refuse", "first", "number"]


class Marks(TypedDict, total=False):
    """Marks in numbers."""

    decimal: str
    thousands: str | None


#: Signs of amounts, of which a column may have one.
_SIGN = r"(?:[$€£¥₹%]|USD|EUR|GBP|CHF|CNY|JPY)"
#: What a mark that no keyboard writes is called.
_MARKS = {"\\t": "\t"}


@other_keywords
def read_table(
    path: str | Path,
    *,
    layout: Format = "table",
    separator: str | None = None,
    encoding: str = "utf-8",
    missing: Sequence[str] = (),
    columns: Sequence[str] = (),
    repeated: Repeated = "refuse",
    **marks: Unpack[Marks],
) -> pd.DataFrame:
    r"""Read a table of people.

    Parameters
    ----------
    path : str or Path
        By its ending parquet, feather or arrow, JSON lines (``.jsonl``, ``.ndjson``), Excel's
        first sheet (``.xlsx``, ``.xls``), or csv: plain or compressed (gz, bz2, xz, zip, zst).
    layout : {"table", "german", "give_me_some_credit", "taiwan"}
        The three public data sets get their documented column names and codes.
    separator, encoding : str
        How a csv is written; by default with commas (tabs in ``.tsv``) in UTF-8. Blanks after a
        separator belong to it. Nothing is guessed: a file that looks otherwise is refused.
        Amounts that all have one sign, such as ``$1200`` or ``12 %``, are numbers without it.
    missing : sequence of str
        Texts that stand for what is unknown, such as ``n.d.``, beside pandas' own.
    columns : sequence of str
        Names of the columns of a csv whose first line is a person; by default that line has them.
    repeated : {"refuse", "first", "number"}
        What becomes of columns of a csv that have one name: of the later ones, left out or called
        ``name.1`` and so on.
    **marks
        ``decimal`` and ``thousands``, as they stand in numbers of a csv and of text in other files;
        by default a point, and none.

    Raises
    ------
    TableError
        When the file is absent, empty or cannot be read, a csv seems to have another separator or
        encoding than said, has no header or a name twice, or more or fewer columns than names.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "people.csv"
    >>> file.write_text("late;income\n0;1.250,5\n3;n.d.\n")
    29
    >>> said = {"separator": ";", "decimal": ",", "thousands": ".", "missing": ["n.d."]}
    >>> read_table(file, **said)["income"].tolist()
    [1250.5, nan]
    """
    decimal, thousands = _numbers_of(**marks)
    need_known(TableError, "format", layout, FORMATS)
    need_known(TableError, "repeated", repeated, get_args(Repeated))
    if layout == "german":
        return german_credit(path)
    if layout == "give_me_some_credit":
        return give_me_some_credit(path)
    if layout == "taiwan":
        return taiwan_credit(path)
    remedy = "give csv, parquet, feather, jsonl or xlsx under its own ending, with people in it"
    if Path(str(path)).suffix.lower() in READERS:
        return _with_numbers(read_local(path, remedy), decimal, thousands, missing)
    mark = separator or ("\t" if ".tsv" in str(path)[-8:] else ",")
    written: dict[str, Any] = {"encoding": encoding, "na_values": list(missing)}
    # With marks of thousands pandas makes numbers of dates such as 31.12.1960.
    written |= {"dtype": "string"} if thousands else {"decimal": decimal}
    written |= {"header": None} if columns else {}
    written |= {"sep": _MARKS.get(mark, mark), "skipinitialspace": True, "repeated": repeated}
    try:
        frame = read_local(path, remedy, **written)
    except TableError as error:
        raise _known(path, error) from error
    frame = _with_numbers(frame, decimal, thousands, () if thousands is None else missing)
    if columns:
        problem = f"has {frame.shape[1]} columns, and {len(columns)} names are given"
        TableError.unless(frame.shape[1] == len(columns), str(path), problem, "name each once")
        frame.columns = pd.Index(list(columns))
    return frame


def _numbers_of(*, decimal: str = ".", thousands: str | None = None) -> tuple[str, str | None]:
    return decimal, thousands


def _known(path: str | Path, error: TableError) -> TableError:
    """Say of a file that cannot be read as it stands when it is a known public one."""
    try:
        german_credit(path)
    except TableError:
        return error
    known = Remedy("it is German credit: layout='german'", "it is German credit: --format german")
    return TableError(error.place, error.problem, known)


def _with_numbers(
    frame: pd.DataFrame, decimal: str, thousands: str | None, missing: Sequence[str]
) -> pd.DataFrame:
    """Read text as numbers wherever all that is known of a column is one, as a csv's is read.

    Amounts that all have one sign, such as ``$1,200`` or ``12 %``, are read without it.
    """
    plain = decimal == "." and thousands is None and not missing
    head = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+" if thousands else r"\d+"
    like = rf"\s*[+-]?(?:{head})?(?:{re.escape(decimal)}\d*)?(?:[eE][+-]?\d+)?\s*"
    changed: dict[Any, pd.Series] = {}
    signs: dict[str, str] = {}
    for name, column in frame.items():
        if not (is_object_dtype(column) or is_string_dtype(column)):
            continue
        if plain and not _may_be_signed(column):
            continue
        known = column.mask(column.isin(list(missing))) if missing else column
        texts, sign = _unsigned(known.astype("string"))
        if plain and not sign:
            continue
        if not texts.dropna().str.fullmatch(like).all():
            changed |= {name: known} if missing else {}
            continue
        digits = texts.str.replace(thousands, "", regex=False) if thousands else texts
        digits = digits.str.replace(decimal, ".", regex=False)
        changed[name] = pd.to_numeric(digits, errors="coerce").astype("float64")
        signs |= {str(name): sign} if sign else {}
    made = with_columns(frame, changed) if changed else frame
    return _said_of_signs(made, signs)


def _may_be_signed(column: pd.Series) -> bool:
    """Whether the first value that is known has a sign: most columns are not read for it."""
    first = column.first_valid_index()
    return first is not None and bool(re.search(_SIGN, str(column[first])))


def _unsigned(texts: pd.Series) -> tuple[pd.Series, str]:
    """Amounts without the one sign that all of them have, before or after; and that sign."""
    known = texts.dropna()
    if known.empty or not re.search(_SIGN, known.iloc[0]):
        return texts, ""
    parts = known.str.extract(rf"^\s*([+-]?)\s*({_SIGN})?\s*(.*?)\s*({_SIGN})?\s*$").fillna("")
    signs = set(parts[1] + parts[3])
    before = parts[1] != ""
    if len(signs) != 1 or before.any() != before.all():
        return texts, ""
    return (parts[0] + parts[2]).reindex(texts.index), str(*signs)


def _said_of_signs(frame: pd.DataFrame, signs: Mapping[str, str]) -> pd.DataFrame:
    if not signs:
        return frame
    named = ", ".join(f"'{name}' ({sign})" for name, sign in signs.items())
    said = f"column{'s' * (len(signs) > 1)} of amounts read without their sign: {named}"
    return with_changes(frame, [*changes_of(frame), TableChange(len(signs), said)])
