"""A city's columns packed: what others say to the bit is left out, what they nearly say is a rest.

Nothing is assumed of a column. One that would not come back bit for bit is stored as it is.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from credit_ml.society.arrays import Array
from credit_ml.society.mechanisms.platforms import COMPANIES
from credit_ml.society.mechanisms.population import SENSITIVE
from credit_ml.society.ties.friend_records import TOLD

#: Columns that follow from everybody's ties and records; `read_society` makes them again.
FRIENDS = ("friends", *TOLD)
#: Columns that are the same for all who live in a district.
BY_DISTRICT = ("district_price", "district_late", "truth_level", "truth_shock")
#: Key of what a packed file says of itself.
HOW = b"credit_ml.packed"
#: Rows that a prediction is fitted on, and the digits of its weights.
FITTED_ON, DIGITS = 4096, 10
#: A dictionary holds so many integers at most, and floats that stand for so many citizens each.
FEW_INTEGERS, FEW_FLOATS = 16, 16

Columns = Mapping[str, Any] | pd.DataFrame
"""Columns by name."""

_LATENTS = ("truth_trust", "truth_capacity", "truth_shock", "age", *SENSITIVE)
_USED = tuple(f"held_company_{number + 1}" for number in range(COMPANIES))


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """A column as other columns nearly say it: a weighted sum, by pattern where there are some."""

    of: tuple[str, ...]
    """Columns that are weighted; categories by their number."""
    by: tuple[str, ...] = ()
    """Flags whose pattern chooses the weights."""
    floor: bool = False
    """Whether nothing falls below 0."""
    weights: tuple[tuple[float, ...], ...] = ()
    """A row a pattern: weights and, last, the constant."""


#: What nearly follows from other columns by sums and products alone, which every processor rounds
#: alike; exponentials are not among them.
PREDICTED = {
    "truth_habits": Prediction(of=_LATENTS),
    "truth_burden": Prediction(of=_LATENTS),
    "tax_paid": Prediction(of=("income",), floor=True),
    "spending": Prediction(of=("truth_payments",), by=_USED),
}


def packed(frame: pd.DataFrame, start: int) -> pa.Table:
    """Pack the columns of a city, side by side as `society_table` puts them.

    Parameters
    ----------
    frame : DataFrame
        One row a citizen.
    start : int
        Number of the first citizen in the whole society.
    """
    kept: dict[str, Any] = {str(name): frame[name] for name in frame if name not in FRIENDS}
    how: dict[str, Any] = {"order": [str(name) for name in frame], "start": start}
    how |= {"predicted": {}, "by_district": [], "pairs": False, "left_out": []}
    for name, form in PREDICTED.items():
        fitted = _fitted(frame, name, form)
        if fitted is not None:
            kept[name] = _rest(frame[name].to_numpy(), _predicted(frame, fitted))
            how["predicted"][name] = asdict(fitted)
    _, first, place = np.unique(frame["district"], return_index=True, return_inverse=True)
    for name in (each for each in BY_DISTRICT if each in kept):
        values = frame[name].to_numpy()
        if _same(values[first][place], values):
            kept[name] = np.zeros_like(values)
            kept[name][first] = values[first]
            how["by_district"].append(name)
    rows = frame["partner_row"].to_numpy()
    distance = np.maximum(np.where(rows < 0, 0, rows - start - np.arange(len(frame))), 0)
    if _same(_partners(distance.astype(np.int32), start), rows):
        kept["partner_row"], how["pairs"] = distance.astype(np.int32), True
    for name, values in _of_partners(rows, frame["late_payments"].to_numpy(), start).items():
        if name in kept and _same(values, frame[name].to_numpy()):
            del kept[name]
            how["left_out"].append(name)
    table = pa.Table.from_pandas(pd.DataFrame(kept), preserve_index=False)
    said = json.dumps(how, sort_keys=True).encode()
    return table.replace_schema_metadata((table.schema.metadata or {}) | {HOW: said})


def unpacked(table: pa.Table) -> pd.DataFrame:
    """Undo `packed`, but for what friends bring (`FRIENDS`), which is absent."""
    how = json.loads(table.schema.metadata[HOW])
    frame = table.to_pandas()
    whole: dict[str, Any] = {str(name): frame[name] for name in frame}
    _, first, place = np.unique(frame["district"], return_index=True, return_inverse=True)
    for name in how["by_district"]:
        whole[name] = whole[name].to_numpy()[first][place]
    if how["pairs"]:
        whole["partner_row"] = _partners(frame["partner_row"].to_numpy(), how["start"])
    rows = np.asarray(whole["partner_row"])
    late = frame["late_payments"].to_numpy()
    partners = _of_partners(rows, late, how["start"])
    whole |= {name: partners[name] for name in how["left_out"]}
    for name, fitted in how["predicted"].items():
        given = _predicted(whole, Prediction(**fitted))
        whole[name] = _with_rest(given, frame[name].to_numpy())
    return pd.DataFrame({name: whole[name] for name in how["order"] if name in whole})


def encodings(table: pa.Table, *, packed: bool) -> dict[str, Any]:
    """How a Parquet file holds each column: by a dictionary where few values are told apart.

    Others are split into streams of bytes, which compress to little more than the bits that differ;
    floats in any folder, and integers in a packed one, as fewer programs read those.
    """
    split = {}
    for name in table.column_names:
        kind, column = table.schema.field(name).type, table[name]
        if pa.types.is_list(kind):
            split[f"{name}.list.element"] = "BYTE_STREAM_SPLIT"
            continue
        floats, integers = pa.types.is_float32(kind), packed and pa.types.is_int32(kind)
        few = len(column) / FEW_FLOATS if floats else FEW_INTEGERS
        if (floats or integers) and len(column.unique()) > few:
            split[name] = "BYTE_STREAM_SPLIT"
    by_dictionary = [name for name in table.column_names if name not in split]
    return {"use_dictionary": by_dictionary or False, "column_encoding": split or None}


def _partners(distance: NDArray[np.int32], start: int) -> NDArray[np.int32]:
    """Partner of each citizen, of the distances that the first of each pair has."""
    partner = np.full(len(distance), -1, dtype=np.int32)
    first = np.flatnonzero(distance > 0)
    other = first + distance[first]
    if len(other) and other.max() >= len(distance):
        return partner
    partner[first], partner[other] = other + start, first + start
    return partner


def _of_partners(
    rows: NDArray[Any], late: NDArray[Any], start: int
) -> dict[str, NDArray[np.generic]]:
    """What a record holds of one's partner."""
    alone = rows < 0
    place = np.clip(np.where(alone, 0, rows - start), 0, max(len(late) - 1, 0))
    bills = np.where(alone, np.nan, late[place]).astype(np.float32)
    return {"partner": (~alone).astype(np.int32), "partner_late": bills}


def _fitted(frame: pd.DataFrame, name: str, form: Prediction) -> Prediction | None:
    """Weights of a prediction, by least squares on the first rows; by proportion a pattern."""
    needed = {name, *form.of, *form.by}
    if not needed <= set(frame.columns) or frame[name].dtype != np.float32:
        return None
    values = frame[name].to_numpy(dtype=np.float64)
    given = np.column_stack([_numbers(frame[each]) for each in form.of])
    if form.by:
        with np.errstate(all="ignore"):
            share = pd.Series(values / given[:, 0]).groupby(_pattern(frame, form.by)).median()
        rows = share.reindex(range(2 ** len(form.by)), fill_value=np.nan)
        return _with(form, [[each, 0.0] for each in rows])
    told = np.isfinite(values) & np.isfinite(given).all(axis=1)
    some = np.flatnonzero(told & (values > 0) if form.floor else told)[:FITTED_ON]
    design = np.column_stack([given[some], np.ones(len(some))])
    try:
        return _with(form, [np.linalg.lstsq(design, values[some])[0].tolist()])
    except np.linalg.LinAlgError:
        return None


def _with(form: Prediction, weights: list[list[float]]) -> Prediction:
    # Rounded, so that the order in which sums were added does not change the file.
    rounded = tuple(tuple(float(f"{each:.{DIGITS}g}") for each in row) for row in weights)
    return Prediction(of=form.of, by=form.by, floor=form.floor, weights=rounded)


@np.errstate(all="ignore")  # what overflows or is no number is a bad prediction, and as exact
def _predicted(frame: Columns, form: Prediction) -> NDArray[np.float32]:
    weights = np.array(form.weights, dtype=np.float64)
    row = _pattern(frame, form.by) if form.by else 0
    total: Any = weights[row, -1]
    for place, name in enumerate(form.of):
        # One product and one sum at a time: no processor fuses them.
        product = weights[row, place] * _numbers(frame[name])
        total = total + product
    found: NDArray[np.float32] = (np.maximum(total, 0.0) if form.floor else total).astype(
        np.float32
    )
    found[np.isnan(found)] = np.float32(np.nan)  # one of the many, so that its bits are known
    return found


def _pattern(frame: Columns, flags: tuple[str, ...]) -> NDArray[np.intp]:
    found = np.zeros(len(frame[flags[0]]), dtype=np.intp)
    for place, name in enumerate(flags):
        found += np.asarray(frame[name], dtype=np.intp) << place
    return found


def _numbers(values: Any) -> Array:
    coded = isinstance(getattr(values, "dtype", None), pd.CategoricalDtype)
    found: Array = np.asarray(values.cat.codes if coded else values, dtype=np.float64)
    return found


def _rest(values: NDArray[np.float32], given: NDArray[np.float32]) -> NDArray[np.int32]:
    """Floats between a value and its prediction, small numbers first whatever their sign."""
    apart = _ordered(values) - _ordered(given)
    found: NDArray[np.int32] = ((apart << 1) ^ (apart >> 31)).astype(np.int32)
    return found


def _with_rest(given: NDArray[np.float32], rest: NDArray[np.int32]) -> NDArray[np.float32]:
    apart = ((rest.view(np.uint32) >> 1).view(np.int32)) ^ -(rest & 1)
    return _ordered((_ordered(given) + apart).view(np.float32)).view(np.float32)


def _ordered(values: NDArray[np.float32]) -> NDArray[np.int32]:
    """Bits of floats as integers that rise with them; its own inverse."""
    bits = np.ascontiguousarray(values).view(np.int32)
    found: NDArray[np.int32] = np.where(bits < 0, bits ^ np.int32(0x7FFFFFFF), bits)
    return found


def _same(one: NDArray[Any], two: NDArray[Any]) -> bool:
    return one.dtype == two.dtype and one.tobytes() == two.tobytes()
