"""What no committed file may say, and what the README must not promise in vain."""

import re
import subprocess
from pathlib import Path

import pytest

import credit_ml

# Written in two halves, so that this file does not find itself.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb." + "debian.org"]
PLACES = ["/work" + "/", "/root" + "/", "/Users" + "/"]
FORBIDDEN = re.compile("|".join([*map(re.escape, HOSTS + PLACES), "/home" + "/[a-z]+/"]))


@pytest.fixture(scope="module")
def tracked(repository: Path) -> list[Path]:
    """Every file under version control; skips outside a clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git clone")
    paths = [repository / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_file_names_a_registry_or_a_place_on_one_machine(tracked: list[Path]) -> None:
    found = []
    for path in tracked:
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path}: {match[0]}" for match in FORBIDDEN.finditer(text)]
    assert not found


def test_the_names_in_the_readme_exist(repository: Path) -> None:
    readme = (repository / "README.md").read_text()
    names = set(re.findall(r"\bcm\.([A-Za-z_]+)", readme))
    assert names
    assert names <= set(credit_ml.__all__)


def test_the_targets_in_the_documents_exist(repository: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text(), re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"(?:`|^)make ([a-z]+)", (repository / page).read_text()))
        assert named <= targets, page


def test_every_line_of_continuous_integration_is_a_target(repository: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text(), re.MULTILINE))
    script = (repository / ".ci" / "run").read_text()
    assert set(re.findall(r"make --no-print-directory ([a-z]+)", script)) <= targets
