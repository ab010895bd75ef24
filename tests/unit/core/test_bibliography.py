"""One bibliography: each work once, every key used, every key known."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import credit_ml

PACKAGE = Path(credit_ml.__file__).parent


def test_every_work_stands_once_and_is_cited() -> None:
    works = tomllib.loads((PACKAGE / "core" / "bibliography.toml").read_text(encoding="utf-8"))
    assert [each for each, n in Counter(works.values()).items() if n > 1] == []
    assert list(works) == sorted(works)
    # Numbers of a page are cited too, from a ledger, by a function of the same name.
    paths = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "grammar"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    calls = re.findall(r"\bcited\(([^)]*)\)", code)
    texts = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("estimators/*.toml")]
    calls += [keys for text in texts for keys in re.findall(r"^citations = \[(.*)\]", text, re.M)]
    assert {key for call in calls for key in re.findall(r'"(\w+)"', call)} == set(works)
