"""What the page says of what follows for people."""

from credit_ml.grammar.numbers import NARROW
from credit_ml.reports.templating import said


def test_the_widest_divide_is_the_largest_gap_whatever_its_sign(page_study):
    text = said(page_study, "consequences")
    assert "The widest divide is at 'car', granted to fewer rural citizens than urban" in text
    assert "By the estimates the widest" not in text
    assert f"worth 3.0{NARROW}%† (95{NARROW}% interval 2.6 to 3.4) of a year's own income" in text
