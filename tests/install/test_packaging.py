"""What ships, and under which names and versions."""

import ast
import importlib.metadata
import inspect
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import credit_ml

PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def project(repository: Path) -> dict:
    return tomllib.loads((repository / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def pins(repository: Path) -> str:
    return (repository / "constraints.txt").read_text()


@pytest.fixture(scope="module")
def shipped(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", str(folder)], cwd=repository, check=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_every_file_of_the_package(repository: Path, shipped: set[str]) -> None:
    package = repository / "credit_ml"
    files = {
        path.relative_to(repository).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= shipped
    assert "credit_ml/py.typed" in shipped
    assert "credit_ml/__init__.pyi" in shipped  # lazy_loader reads it at run time


def test_the_wheel_holds_every_study(repository: Path, shipped: set[str]) -> None:
    studies = {
        path.relative_to(repository / "experiments").as_posix()
        for path in (repository / "experiments").rglob("*.toml")
    }
    folder = "credit_ml/studies/shipped/"
    assert {name.removeprefix(folder) for name in shipped if name.startswith(folder)} == studies


def test_the_wheel_holds_nothing_but_the_package(shipped: set[str]) -> None:
    assert {name.partition("/")[0] for name in shipped} == {
        "credit_ml",
        f"credit_ml-{credit_ml.__version__}.dist-info",
    }


def test_there_is_one_version(repository: Path) -> None:
    assert importlib.metadata.version("credit-ml") == credit_ml.__version__
    citation = (repository / "CITATION.cff").read_text()
    assert f"\nversion: {credit_ml.__version__}\n" in citation


def test_every_pin_has_a_hash_and_no_address(pins: str) -> None:
    assert "://" not in pins
    assert "--index-url" not in pins
    entries = [entry for entry in re.split(r"\n(?=\S)", pins) if entry.strip()]
    assert all(PIN.match(entry) and "--hash=sha256:" in entry for entry in entries)


def test_every_dependency_is_pinned_within_its_range(project: dict, pins: str) -> None:
    pinned: dict[str, set[str]] = {}
    for pin in PIN.finditer(pins):
        pinned.setdefault(pin["name"], set()).add(pin["version"])
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    for requirement in map(Requirement, [*project["dependencies"], *extras]):
        versions = pinned[requirement.name]
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def imported(package: Path) -> dict[str, Path]:
    """Top-level modules that the package imports anywhere, with one file that does."""
    found: dict[str, Path] = {}
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0]: path for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found[str(node.module).partition(".")[0]] = path
    return found


def test_what_the_package_imports_is_declared(repository: Path, project: dict) -> None:
    extras = project["optional-dependencies"]
    optional = [*extras["cluster"], *extras["notebooks"]]
    declared = {Requirement(line).name.lower() for line in [*project["dependencies"], *optional]}
    providers = importlib.metadata.packages_distributions()
    for module, path in imported(repository / "credit_ml").items():
        if module in sys.stdlib_module_names or module == "credit_ml":
            continue
        names = {name.lower().replace("_", "-") for name in providers.get(module, [module])}
        assert names & declared, f"{path} imports {module}, which pyproject.toml does not declare"


def test_help_opens_with_a_signature_that_is_read_at_a_glance() -> None:
    long = {
        f"{name}({parameter.name})"
        for name in credit_ml.__all__
        if inspect.isfunction(thing := getattr(credit_ml, name))
        for parameter in inspect.signature(thing).parameters.values()
        if len(inspect.formatannotation(parameter.annotation)) > 150
    }
    assert not long
