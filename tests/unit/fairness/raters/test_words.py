import pytest

from credit_ml.core import conform
from credit_ml.fairness.raters.agreement import Agreement
from credit_ml.fairness.raters.facts import orders


def agreed(*pairs):
    rows = [
        {
            "measure": "kendall",
            "rater": "a",
            "other": name,
            "estimate": middle,
            "low": low,
            "high": high,
        }
        for name, (low, middle, high) in zip("bcd", pairs, strict=False)
    ]
    return Agreement(table=conform(rows), title="")


@pytest.mark.parametrize(
    ("first", "apart"), [((0.80, 0.85, 0.90), True), ((0.55, 0.65, 0.75), False)]
)
def test_a_pair_is_ordered_most_alike_only_where_its_interval_is_clear_of_the_others(first, apart):
    high, low = orders(agreed(first, (0.5, 0.6, 0.7), (0.1, 0.2, 0.3)))
    assert (high["other"], high["apart"]) == ("b", apart)
    assert (low["other"], low["apart"]) == ("d", True)


def test_one_pair_alone_is_the_most_of_nothing():
    (only,) = orders(agreed((0.5, 0.6, 0.7)))
    assert only["other"] == "b"
