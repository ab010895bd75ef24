"""Labels of a page's pictures: none is cut off and none runs into another, on any screen."""

import pytest

from credit_ml.reports import write_report
from tests.browser.conftest import SCREENS
from tests.unit.conftest import study


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Write the page of the made study, whose pictures are drawn."""
    return write_report(study(), tmp_path_factory.mktemp("pictures") / "report.html")


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_no_label_is_cut_off_or_runs_into_another(opened, page, width, scheme):
    with opened(page, width, scheme) as there:
        there.unfold()
        assert there.clashes() == []
        assert there.violations() == []
