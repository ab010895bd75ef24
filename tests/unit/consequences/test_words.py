"""What the page says of what follows for people."""

from credit_ml.grammar.numbers import NARROW
from credit_ml.reports.templating import said


def test_the_widest_divide_is_the_largest_gap_whatever_its_sign(page_study):
    text = said(page_study, "consequences")
    assert "The widest divide is at 'car', granted to fewer rural citizens than urban" in text
    assert "By the estimates the widest" not in text
    assert f"worth 3.0{NARROW}%† (95{NARROW}% interval 2.6 to 3.4) of a year's own income" in text


def test_one_number_has_the_same_digits_above_and_within_a_section(page_study, first_rater):
    def wide(table):
        rows = (table["measure"] == "value_forgone") & (table["reference_group"] == "")
        table.loc[rows, ["estimate", "low", "high"]] = [0.066, 0.03, 0.10]

    study = first_rater(page_study, "consequences", wide)
    brief, whole = (said(study, "consequences", block) for block in ("headline", "paragraphs"))
    assert f"is worth 7{NARROW}%† of a year's own income to them" in brief
    assert f"is worth 7{NARROW}%† (95{NARROW}% interval 3 to 10)" in whole
