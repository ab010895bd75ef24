"""What the commands write: a table of people, and lists for the terminal."""

import os
import shutil
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from credit_ml.core import InputError

if TYPE_CHECKING:
    from credit_ml.society import Society


def write_people(society: "Society", path: Path) -> None:
    """Write people, records, outcome and truth as one parquet file, whole or not at all.

    Columns of the truth are prefixed ``truth_``. The world is in the file's metadata.

    Raises
    ------
    InputError
        When the folder does not exist.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.parent.is_dir():
        raise InputError(str(path), "is in a folder that does not exist", "make the folder first")
    truth = society.truth.add_prefix("truth_")
    frame = pd.concat([society.people, society.records, society.outcome, truth], axis=1)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    world = {b"credit_ml.world": society.world.digest().encode()}
    table = table.replace_schema_metadata((table.schema.metadata or {}) | world)
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        pq.write_table(table, scratch)
        os.replace(scratch, path)
    finally:
        Path(scratch).unlink(missing_ok=True)


def listing(table: pd.DataFrame) -> str:
    """Lay out a catalogue for the terminal: id, title, rows, then its paragraph."""
    width = min(shutil.get_terminal_size((88, 24)).columns, 100)
    entries = []
    for row in table.to_dict("records"):
        rows = f"  [{row['rows']}]" if row["rows"] else ""
        paragraph = textwrap.fill(str(row["paragraph"]), width, initial_indent="    ",
                                  subsequent_indent="    ")  # fmt: skip
        entries.append(f"{row['id']}: {row['title']}{rows}\n{paragraph}")
    return "\n\n".join(entries)
