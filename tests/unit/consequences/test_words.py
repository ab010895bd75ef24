"""What the page says of what follows for people."""

from dataclasses import replace

from credit_ml.grammar.numbers import NARROW
from credit_ml.reports.templating import page_block, paragraphs, said


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


def test_what_intervals_count_is_said_of_privileges_and_of_lists_each(page_study):
    """Those of privileges run over districts where those of lists run over societies."""
    rater = page_study.raters[0]
    own = next(each for each in rater.findings if each.kind == "consequences")
    privileges = replace(
        own, table=own.table.assign(over="clusters"), parameters=own.parameters | {"privileges": []}
    )
    beside = {"over": "societies", "low_people": 0.0, "high_people": 1.0}
    lists = replace(
        own,
        table=own.table.assign(**beside),
        parameters={name: told for name, told in own.parameters.items() if name != "privileges"}
        | {"restrictions": []},
    )
    raters = (replace(rater, findings=(privileges,)),)
    study = replace(page_study, raters=raters, findings=(lists,))
    (told,) = paragraphs(page_block("two_intervals", study))
    first, _, alone = told.text.partition("answer the first")
    assert "Intervals of whom the record alone would list" in first
    assert "privileges" not in first
    assert "Those of privileges (over districts) answer the second alone." in alone
    assert "Privileges and whom the record alone would list were in no such check." in alone
    assert said(study, "consequences", "methods").endswith(
        "Intervals of privileges count the districts of the one society that is measured; "
        "those of whom the record alone would list run over other societies."
    )
