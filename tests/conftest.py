"""Fixtures and settings of the tests."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# The same examples on every machine; `--hypothesis-profile=default` explores others.
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
# For mutants, most of which fail: a few examples, and the first that fails is enough.
few = [Phase.explicit, Phase.generate]
settings.register_profile("mutants", settings.get_profile("ci"), max_examples=20, phases=few)
settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def _every_number_leads_to_its_row() -> Iterator[None]:
    """Hold each page that any test renders to it: numbers in its words lead to cells."""
    from credit_ml.reports import page

    place = Path(__file__).with_name("unlinked.py")
    spec = importlib.util.spec_from_file_location("unlinked", place)
    assert spec is not None
    assert spec.loader is not None
    unlinked = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(unlinked)
    with pytest.MonkeyPatch.context() as patch:
        unlinked.hold(page, patch)
        yield


@pytest.fixture(autouse=True)
def _no_open_figures() -> Iterator[None]:
    """Close what a test drew: matplotlib warns of more than twenty open figures."""
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


@pytest.fixture(scope="session")
def repository(pytestconfig: pytest.Config) -> Path:
    """Return the folder that holds pyproject.toml."""
    return pytestconfig.rootpath


@pytest.fixture(scope="session")
def shared_data(repository: Path) -> Path:
    """Return the folder of real data beside the repository, or skip the test."""
    folder = repository.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data (shared/data beside the repository) is absent")
    return folder
