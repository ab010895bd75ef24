"""What intervals run over is told of the rows that have one."""

import pandas as pd

from credit_ml.core import Finding
from credit_ml.grammar.cited import ROW, cited, marked
from credit_ml.grammar.phrases import all_run_over, runs_over


def finding(*rows: tuple[str, float, float, str]) -> Finding:
    table = pd.DataFrame(list(rows), columns=["measure", "low", "high", "over"])
    return Finding(table=table.assign(estimate=0.0), title="t")


def test_what_cannot_move_says_nothing_of_the_others():
    told = finding(("acts", 0, 0, "clusters"), ("gap", 1, 2, "societies"))
    assert runs_over(told) == " over societies"


def test_of_one_measure_only():
    told = finding(("acts", 0, 1, "clusters"), ("gap", 1, 2, "societies"))
    assert runs_over(told, "acts") == " over clusters"
    assert runs_over(told, "gap") == " over societies"


def test_rows_that_count_something_else_are_said():
    told = finding(*[("gap", 1, 2, "societies")] * 2, ("harmed", 0, 1, "clusters"))
    assert runs_over(told) == " over societies, or over clusters for some rows"


def test_nothing_is_told_of_a_table_without_intervals():
    assert runs_over(finding(("gap", 0, 0, ""))) == ""


def test_what_an_answer_does_not_quote_is_not_said_of_its_intervals():
    """Shares over the points of a design are over no societies, whatever other rows count."""
    told = finding(("gap", 1, 2, "societies"), ("share", 0, 1, ""), ("count", 3, 3, ""))
    told.table[ROW] = [1, 2, 3]
    assert all_run_over([told], marked("1", cited(1.0, 1))) == " over societies"
    assert all_run_over([told], marked("0.5", cited(0.5, 2))) == ""
    # Where nothing that is quoted has an interval, those of the finding are the ones meant.
    assert all_run_over([told], marked("3", cited(3.0, 3))) == " over societies"
    assert all_run_over([told]) == " over societies"
