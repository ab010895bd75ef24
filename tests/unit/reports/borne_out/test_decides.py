"""A row that decides a claim is said in words."""

import pytest

from credit_ml.reports.borne_out.decides import row_in_words


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"rater": "one", "measure": "mean_score", "quantity": "difference"}, "one; mean score"),
        ({"sensitive": "critic", "group": "yes", "reference_group": "no"}, "critics less people"),
        ({"sensitive": "hukou"}, "by registered residence (hukou)"),
        ({"scorer": "ebm", "world": "close_knit"}, "explainable boosting; world 'close knit'"),
        ({"knob": "world.changes.ties.hukou"}, "homophily by registered residence"),
        ({"policy": "one_list"}, "policy: one list"),
        ({"group": "all", "world": "(all)"}, ""),
    ],
)
def test_a_row_that_decides_a_claim_is_said_without_a_name_of_a_column(where, said):
    told = row_in_words(where, {})
    assert said in told
    assert "_" not in told
