from dataclasses import replace
from itertools import product
from math import prod

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Dataset, conform
from credit_ml.fairness.raters.agreement import Agreement, agreement
from credit_ml.fairness.raters.facts import (
    divided_at_least,
    divided_by_chance,
    forced,
    orders,
    widest_split,
)
from credit_ml.reports.templating import said


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


@given(st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_no_people_are_divided_by_less_than_pass_rates_force(raters, seed):
    """Whichever way round: as many as two raters pass more or fewer of must meet both answers."""
    random = np.random.default_rng(seed)
    accepted = random.random((60, raters)) < random.random(raters)
    divided = (accepted.any(axis=1) & ~accepted.all(axis=1)).mean()
    shares = accepted.mean(axis=0).tolist()
    assert divided >= divided_at_least(shares) - 1e-12
    nested = np.arange(60)[:, np.newaxis] < accepted.sum(axis=0)
    best = (nested.any(axis=1) & ~nested.all(axis=1)).mean()
    assert best == pytest.approx(divided_at_least(shares))  # no larger share is forced


@given(st.lists(st.floats(0, 1), min_size=2, max_size=4))
def test_independent_raters_divide_all_whom_not_every_one_answers_alike(shares):
    def chance(answers):
        return prod(p if yes else 1 - p for p, yes in zip(shares, answers, strict=True))

    mixed = [each for each in product((0, 1), repeat=len(shares)) if 0 < sum(each) < len(shares)]
    assert divided_by_chance(shares) == pytest.approx(sum(map(chance, mixed)), abs=1e-12)
    if len(shares) == 2:
        p, q = shares
        assert divided_by_chance(shares) == pytest.approx(p * (1 - q) + q * (1 - p), abs=1e-12)


def decided(study, accepted):
    """A study of two raters with these decisions, each with its pass rate in its audit."""
    names = [rater.name for rater in study.raters]
    people = len(accepted[0])
    hukou = np.where(np.isin(np.arange(people) % 5, (0, 2)), "rural", "urban")
    frame = pd.DataFrame({"x": range(people), "hukou": hukou})
    data = Dataset.from_frame(frame, target=None, sensitive=["hukou"])
    told = dict(zip(names, accepted, strict=True))
    found = agreement({name: np.arange(people) for name in names}, told, data)
    raters = []
    for rater, own in zip(study.raters, accepted, strict=True):
        findings = []
        for each in rater.findings:
            table = each.table.copy()
            if each.kind == "audit":
                passing = (table["measure"] == "selection_rate") & (table["sensitive"] == "overall")
                table.loc[passing, ["estimate", "low", "high"]] = np.mean(own)
            findings.append(replace(each, table=table))
        raters.append(replace(rater, findings=tuple(findings)))
    return replace(study, raters=tuple(raters), findings=(found,)), found


def test_disagreement_stands_beside_what_pass_rates_force_both_ways_round(page_study):
    first, second = np.arange(100) < 55, np.arange(100)[::-1] < 50
    study, found = decided(page_study, [first, second])
    assert forced(study) == pytest.approx((0.05, 0.55 * 0.5 + 0.45 * 0.5))
    split = widest_split(found)
    assert (split.accepted.estimate, split.refused.estimate) == pytest.approx((0.5, 0.45))
    text = said(study, "agreement").replace("\u202f", " ")
    assert "are accepted by sesame (opaque) and refused by council (rules), 45 %" in text
    assert "the other way round" in text
    arithmetic = "forces 5.0 % to be divided, and raters who judged independently would divide 50 %"
    assert arithmetic in text
    assert arithmetic in said(study, "agreement", "headline").replace("\u202f", " ")


def test_that_no_difference_can_be_told_is_not_called_alike(page_study):
    study, found = decided(page_study, [np.arange(100) % 4 < 2, np.zeros(100, dtype=bool)])
    gap = found.table[found.table["measure"] == "mixed_difference"].iloc[0]
    assert gap["low"] < 0 < gap["high"]
    text = said(study, "agreement")
    assert "cannot be told" in text
    assert "about as often" not in text
