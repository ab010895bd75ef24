"""What a result was made from: canonical JSON, digests, versions."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

#: Packages that compute with arrays.
ARRAYS = ("numpy", "scipy", "pandas", "scikit-learn", "numba")
#: Packages whose version can change a number in a report.
TRACKED_PACKAGES = ("credit-ml", *ARRAYS, "fairlearn", "shap", "matplotlib", "mlflow")

#: The folder of the package's own files.
PACKAGE = "credit_ml"


def canonical_json(value: Any) -> str:
    """Write `value` as JSON with sorted keys and no spare space, always the same way.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": (2.5, None)})
    '{"a":[2.5,null],"b":1}'
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits.

    Examples
    --------
    >>> digest({"seed": 1, "people": 5}) == digest({"people": 5, "seed": 1})
    True
    """
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def array_digest(arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 over named arrays: names, types, shapes and bytes, in the order given."""
    whole = hashlib.sha256()
    for name, array in arrays.items():
        whole.update(canonical_json([name, str(array.dtype), list(array.shape)]).encode())
        whole.update(np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()


def versions(packages: Iterable[str] = TRACKED_PACKAGES) -> dict[str, str]:
    """Versions of Python and of every installed package that can change a number in a report."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


@cache
def code_state() -> dict[str, Any]:
    """Return the commit that runs, its day, and whether files of the package have been changed.

    Nothing where the package is no part of a git repository of its own, as when it is installed.
    """
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return {}
    try:
        commit, day = _git(root, "log", "-1", "--format=%H %cs").split()
        changed = bool(_git(root, "status", "--porcelain", "--", PACKAGE))
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}
    return {"commit": commit, "date": day, "changed": changed}


def _git(root: Path, *asked: str) -> str:
    return subprocess.run(
        ["git", "-C", str(root), *asked], capture_output=True, text=True, timeout=10, check=True
    ).stdout


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical JSON")
