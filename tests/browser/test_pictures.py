"""Labels of a page's pictures: none is cut off and none runs into another, on any screen."""

import pytest

from credit_ml.fairness.audit.pictures import Hundred
from credit_ml.grammar.numbers import Amount
from credit_ml.reports import write_report
from credit_ml.reports.figures import drawing
from credit_ml.reports.templates import packaged
from tests.browser.conftest import SCREENS
from tests.unit.conftest import study
from tests.unit.fairness.places.test_score_map import city, drawn


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Write the page of the made study, whose pictures are drawn."""
    return write_report(study(), tmp_path_factory.mktemp("pictures") / "report.html")


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_no_label_is_cut_off_or_runs_into_another(opened, page, width, scheme):
    with opened(page, width, scheme) as there:
        there.unfold()
        assert there.clashes() == []
        assert there.small_numbers() == []
        assert there.violations() == []


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Write pictures whose labels are long: people of groups, and a city of 100 districts."""
    names = ("Rural citizens at sesame (scorecard)", "Women of a minority at the national register")
    strips = tuple((name, Amount(0.56)) for name in names)
    plots = {"hundred": Hundred(strips=strips).plot, "map": drawn(*city(100, 3)).plot}
    made = {name: drawing(plot, prefix=name) for name, plot in plots.items()}
    figures = "".join(
        f'<figure id="{name}"><div class="plot two"><div class="wide">{each.wide}</div>'
        f'<div class="narrow">{each.narrow}</div></div></figure>'
        for name, each in made.items()
    )
    path = tmp_path_factory.mktemp("alone") / "pictures.html"
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    style = f"<style>{packaged('style.css')}</style>"
    path.write_text(f"<!doctype html><meta charset=utf-8>{viewport}{style}<main>{figures}</main>")
    return path


@pytest.mark.parametrize("width", [390, 1280])
def test_long_labels_stand_alone_too(opened, alone, width):
    with opened(alone, width) as there:
        assert there.page.locator("svg:visible").count() == 2
        assert there.clashes() == []
        assert there.small_numbers() == []
