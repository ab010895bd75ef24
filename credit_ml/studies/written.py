"""Results as files: put under a study's question, written whole or not at all, and read back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from credit_ml.core import StudyError, StudyResults
from credit_ml.core.files import (
    refuse_absent,
    refuse_no_file,
    refuse_no_room,
    refuse_replacing,
    write_whole,
)
from credit_ml.core.provenance import code_state, versions
from credit_ml.reports import write_report
from credit_ml.studies.shipped import shipped_name
from credit_ml.studies.stored import refuse_changed

_BEGIN = b'{"data":'


def under_question(
    head: Mapping[str, Any], *, configuration: str, command: str, **found: Any
) -> StudyResults:
    """Put what was found under a study's question, with what makes it again."""
    made: dict[str, Any] = {
        "seed": head["seed"],
        "configuration": configuration,
        "command": command,
    }
    asked = {key: value for key, value in head.items() if key != "seed"}
    made |= {"versions": versions(), "code": code_state()}
    return StudyResults(**asked, provenance=made, **found)


def command_of(source: str, name: str, *, command: str = "run") -> str:
    """Return the command that runs a study's file again."""
    path = Path(source or f"{name}.toml")
    if shipped := shipped_name(path):
        return f"credit-ml {command} {shipped}"
    return f"credit-ml {command} {f'{name}.toml' if path.is_absolute() else path.as_posix()}"


def writable(target: Path, *, overwrite: bool = True) -> Path:
    """Return a report's path when it can be written, before any work starts; nothing is made.

    Raises
    ------
    StudyError
        When the path is a folder or a device, ends in something else than .html, has something
        else's .json beside it, or its folder cannot be made or written.
    InputError
        When a page or its results are there, and may not be replaced.
    """
    checked_page(target)
    place = f"report {target}"
    results = target.with_suffix(".json")
    refuse_no_file(results, StudyError)
    problem, remedy = f"would replace {results}, which holds no results", "give another path"
    StudyError.unless(_holds_results(results), place, problem, remedy)
    refuse_no_room(target.parent, place, StudyError)
    refuse_replacing(target, results, overwrite=overwrite)
    return target


def checked_page(target: Path) -> None:
    """Raise StudyError where a page cannot stand: in the place of a folder, or by another name."""
    refuse_no_file(target, StudyError)
    problem, remedy = f"ends in '{target.suffix}'", "give one ending in .html; .json lies beside it"
    html = target.suffix.lower() in (".html", ".htm")
    StudyError.unless(html, f"report {target}", problem, remedy)


def _holds_results(path: Path) -> bool:
    """Whether a file is absent or begins as results do, whose keys are in order."""
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGIN)) in (_BEGIN, b"")
    except OSError:
        return True


def write_all(results: StudyResults, target: Path | None) -> tuple[Path, ...]:
    """Write a run's results and its report, where one is asked for; return the files."""
    if target is None:
        return ()
    stored = write_results(results, target.with_suffix(".json"))
    return stored, write_report(results, target, overwrite=True)  # was asked before the work


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
    remedy = "give a results file of a run"
    refuse_absent(path, StudyError, remedy)
    try:
        text = Path(path).read_text(encoding="utf-8")
        refuse_changed(text, str(path))
        return StudyResults.from_json(text)
    except StudyError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError(str(path), "holds no results", remedy) from error
