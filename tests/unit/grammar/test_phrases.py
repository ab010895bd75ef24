"""Which pair of groups a page follows, and how doubt is said."""

from dataclasses import replace

import pytest

from credit_ml.grammar.names import group_label
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair, apart, doubt, lead_pair, worst_pair

HUKOU = GroupPair("hukou", "rural", "urban")
GENDER = GroupPair("gender", "woman", "man")


def test_the_lead_pair_is_the_one_that_was_decomposed(page_study):
    assert lead_pair(page_study) == HUKOU


def test_the_worst_pair_is_the_smallest_ratio(page_study):
    assert worst_pair(page_study.raters[0].of_kind("audit")[0], "hukou") == HUKOU
    assert worst_pair(page_study.raters[0].of_kind("audit")[0], "age_band") is None


def test_doubt_is_said_of_intervals_that_reach_the_reference():
    assert doubt(Amount(1.0, -1.0, 3.0)) == "compatible with no difference"
    assert doubt(Amount(2.0, 1.0, 3.0)) == ""


def test_the_study_chooses_which_pair_leads(page_study):
    lead = {"sensitive": "gender", "group": "woman", "reference_group": "man"}
    assert lead_pair(replace(page_study, settings={"lead": lead})) == GENDER


@pytest.mark.parametrize(
    ("feature", "group", "said"),
    [
        ("age_band", "18-29", "18–29"),
        ("race", "non-white", "Non-white"),
        ("income", "$10k-$20k", "$10k-$20k"),
        ("hukou x age_band", "rural x 18-29", "Rural, 18–29"),
    ],
)
def test_a_hyphen_is_a_range_between_digits_and_else_the_labels_own(feature, group, said):
    assert group_label(feature, group) == said


def test_without_an_interval_nothing_is_compatible_and_nothing_apart():
    assert doubt(Amount(3.0)) == "without an interval"
    assert not apart(Amount(3.0), Amount(5.0))
    assert not apart(Amount(3.0, 3.0, 3.0), Amount(5.0))
    assert apart(Amount(3.0, 3.0, 3.0), Amount(5.0, 4.0, 6.0))
