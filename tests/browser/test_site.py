"""The site of documents in a browser: a page of each kind is for everybody, on every screen.

Skipped where `make docs` has not built it.
"""

import pytest

from tests.browser.conftest import SCREENS

#: A page of each kind.
PAGES = (
    *("index", "gallery", "estimands", "how_to/bank"),
    *("experiments/notebooks/01_first_look", "reference/credit_ml.fairness"),
)


@pytest.fixture(scope="module")
def site(repository):
    """Return the folder of the built site, or skip the test."""
    folder = repository / "build" / "docs" / "html"
    if not (folder / "index.html").is_file():
        pytest.skip("the site is not built: make docs")
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(opened, site, name):
    for width, scheme in SCREENS:
        with opened(site / f"{name}.html", width, scheme) as there:
            assert there.overflow <= 0
            assert all(each.startswith("file:") for each in there.requests)
            assert there.messages == []
            assert there.violations() == []
