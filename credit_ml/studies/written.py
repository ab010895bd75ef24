"""Results as a file: canonical JSON, written whole or not at all, and read back."""

import os
import tempfile
from pathlib import Path

from credit_ml.core import StudyError
from credit_ml.reports import StudyResults


def write_whole(text: str, path: Path) -> Path:
    """Write text to `path` so that it is complete or absent."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        part.chmod(0o644)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path


def write_results(results: StudyResults, path: Path) -> Path:
    """Write a study's results; the same results give the same bytes."""
    return write_whole(results.to_json() + "\n", path)


def read_results(path: str | Path) -> StudyResults:
    """Read results that `write_results` wrote.

    Raises
    ------
    StudyError
        When the file is absent or holds something else.
    """
    try:
        return StudyResults.from_json(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError(str(path), "holds no results", "give a results file of a run") from error
