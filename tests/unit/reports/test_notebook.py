"""A finding's picture in a notebook has every letter of its labels."""

import base64
import re
import warnings

import pytest

from credit_ml.core import Finding, conform
from credit_ml.core.figure import axes_or_new
from credit_ml.reports.notebook import shown


class Bars(Finding):
    kind = "bars"

    def plot(self, axes=None):
        axes = axes_or_new(axes, height=1.5)
        axes.barh(self.table["group"], self.table["estimate"])
        return axes


@pytest.mark.parametrize(
    ("group", "kind"), [("rural", "webp"), ("农村", "svg+xml"), ("한국", "svg+xml")]
)
def test_letters_that_no_font_here_has_are_left_to_the_browser(group, kind):
    table = conform([{"measure": "mean", "group": group, "estimate": 1.0}])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = shown(Bars(table=table, title="Bars"))
    ((found, data),) = re.findall(r'<img src="data:image/([^;]+);base64,([^"]+)"', page)
    assert found == kind
    if kind == "svg+xml":
        assert group in base64.b64decode(data).decode()
