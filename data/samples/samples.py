"""Write the sample tables beside this file: 2,000 citizens of two worlds, with ties and truth.

Run with ``make samples``. `tests/spec/test_samples.py` holds the files to the code.
"""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import triu

import credit_ml as cm
from credit_ml.core.files import whole
from credit_ml.society import COLUMNS, Society
from credit_ml.society.society import TABLES
from credit_ml.society.storage.archive import society_table

HERE = Path(__file__).parent
WORLDS = ("baseline", "segregated")
CITIZENS, SEED = 2_000, 2017
#: Digits that stand for a number: fewer than single precision keeps, so that every machine writes
#: the same.
DIGITS = 5


def society_of(world: str) -> Society:
    """Simulate the citizens of a sample."""
    return cm.load_world(world, citizens=CITIZENS, seed=SEED).simulate()


def people_of(society: Society) -> pd.DataFrame:
    """Every table of a society beside each other, a row a citizen, in few digits."""
    frame = society_table({name: getattr(society, name) for name in TABLES}).to_pandas()
    frame = frame.rename_axis("citizen").reset_index()
    numbers = frame.select_dtypes("floating").columns
    return frame.assign(**{name: _rounded(frame[name]) for name in numbers})


def ties_of(society: Society) -> pd.DataFrame:
    """Every friendship once: two numbers of citizens."""
    above = triu(society.ties, k=1).tocoo()
    order = np.lexsort((above.col, above.row))
    return pd.DataFrame({"citizen": above.row[order], "friend": above.col[order]})


def dictionary() -> pd.DataFrame:
    """What every column is: kind, unit, meaning; of records the factor and who holds them."""
    said = tomllib.loads((HERE / "dictionary.toml").read_text(encoding="utf-8"))
    said |= {
        f"held_company_{at}": ["holders", "True or False", f"whether company {at} knows one (S4)"]
        for at in range(1, 9)
    }
    rows = [["citizen", "key", "number", "row of the table, as in the ties", "", ""]]
    rows += [[name, *what, "", ""] for name, what in said.items()]
    rows += [
        [each.name, "record", each.unit, each.meaning, each.factor, each.stream]
        for each in COLUMNS.values()
    ]
    return pd.DataFrame(rows, columns=["column", "kind", "unit", "meaning", "factor", "stream"])


def factors() -> str:
    """The five factors of the commercial score over the records, for ``--factors``."""
    columns: dict[str, list[str]] = {}
    for each in COLUMNS.values():
        columns.setdefault(each.factor, []).append(each.name)
    lines = [f"{factor} = {names}".replace("'", '"') for factor, names in columns.items()]
    return "\n".join(["# Records by factor, of every stream.", *lines, ""])


def _rounded(numbers: pd.Series) -> pd.Series:
    """Keep `DIGITS` digits of each number, whatever its size."""
    return numbers.astype("float64").map(lambda each: float(f"{each:.{DIGITS}g}"))


def _write(frame: pd.DataFrame, path: Path) -> None:
    with whole(path) as part:
        if path.suffix == ".parquet":
            pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), part)
        else:
            frame.to_csv(part, index=False, lineterminator="\n")


def main() -> None:
    """Write people and ties of each world, the dictionary, and the factors."""
    for world in WORLDS:
        society = society_of(world)
        people, ties = people_of(society), ties_of(society)
        for ending in ("csv", "parquet"):
            _write(people, HERE / f"{world}_people.{ending}")
            _write(ties, HERE / f"{world}_ties.{ending}")
    _write(dictionary(), HERE / "dictionary.csv")
    (HERE / "factors.toml").write_text(factors(), encoding="utf-8")


if __name__ == "__main__":
    main()
