"""Studies that ship with the package: what each asks, and where its file lies."""

import difflib
from pathlib import Path

import pandas as pd

from credit_ml.core import StudyError, known_names
from credit_ml.core.files import near_file
from credit_ml.studies.tables import read_study

#: In an installed package; a clone has them in experiments/ (pyproject.toml maps one to the other).
INSTALLED = Path(__file__).parent / "shipped"
CLONE = Path(__file__).parents[2] / "experiments"


def shipped_files() -> dict[str, Path]:
    """Each study's file by its name: of ``raters/study.toml`` the folder's, else the file's own."""
    folder = CLONE if (CLONE / "wechat.toml").is_file() else INSTALLED
    found = {}
    for path in sorted(folder.rglob("*.toml")):
        # Menus, factors and targets lie beside the studies that read them.
        if "\n[study]\n" in path.read_text(encoding="utf-8"):
            found[_name(path)] = path
    return dict(sorted(found.items()))


def studies() -> pd.DataFrame:
    """List the studies that ship with the package.

    Returns
    -------
    DataFrame
        One row a study: id (what ``credit-ml run`` and `run_study` take), title, and the question
        that its page answers.

    Examples
    --------
    >>> studies().set_index("id").loc["wechat", "title"]
    'Friends, address and the score'
    """
    rows = []
    for name, path in shipped_files().items():
        header = read_study(path)["study"]
        question = " ".join(header["question"].split())
        rows.append({"id": name, "title": header["title"], "description": question})
    return pd.DataFrame(rows, columns=["id", "title", "description"])


def study_file(source: str | Path) -> Path:
    """Return the file of a path, or of the name of a study that ships with the package.

    Raises
    ------
    StudyError
        When it is neither: with the name that is nearest, of a file beside it or of a study.
    """
    path = Path(source)
    if path.exists():
        return path
    known = shipped_files()
    if not path.suffix and len(path.parts) == 1:
        if path.name not in known:
            problem = "is neither a file nor a study of the package"
            raise StudyError(str(source), problem, known_names(path.name, known))
        return known[path.name]
    meant = [near_file(path), *difflib.get_close_matches(_name(path), known, n=1)]
    near = next(filter(None, meant), "")
    remedy = "give the path of a study file, or a name that credit-ml studies lists"
    raise StudyError(str(source), "is not there", f"did you mean '{near}'? " * bool(near) + remedy)


def shipped_name(path: Path) -> str | None:
    """Return the name by which a file was found that ships with the package, if it does.

    A clone's file that was given by its path is called by that.
    """
    found = INSTALLED in path.parents or (path.is_absolute() and CLONE in path.parents)
    return _name(path) if found else None


def _name(path: Path) -> str:
    return path.parent.name if path.stem == "study" else path.stem
