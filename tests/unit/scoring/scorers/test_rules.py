"""Published rules: arithmetic that anybody can check."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import ModelError, TableError
from credit_ml.scoring import PointsToDoubleOdds, Rule, RuleScorer

PEOPLE = pd.DataFrame(
    {
        "late": [0, 3, 50],
        "hours": [np.nan, 10.0, 4.0],
        "job": pd.Categorical(["state", None, "none"], ["none", "state"]),
        "stars": [1.0, 2.0, 3.0],
    }
)
RULES = [
    Rule(column="late", points_per_unit=-2, most=20),
    Rule(column="hours", points_per_unit=0.5),
    Rule(column="job", by_value={"state": 3.0, "monk": 9.0}),
]


@pytest.fixture
def scorer() -> RuleScorer:
    return RuleScorer(RULES).fit(PEOPLE)


def test_points_are_the_start_and_every_rule(scorer: RuleScorer) -> None:
    expected = [100 - 0 + 0 + 3, 100 - 6 + 5 + 0, 100 - 20 + 2 + 0]
    assert scorer.points(PEOPLE).tolist() == expected


def test_terms_add_up_and_unread_columns_add_nothing(scorer: RuleScorer) -> None:
    terms = scorer.point_terms(PEOPLE)
    assert terms["stars"].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_allclose(100 + terms.sum(axis=1), scorer.points(PEOPLE))
    np.testing.assert_allclose(
        scorer.intercept_ + scorer.additive_terms(PEOPLE).sum(axis=1),
        scorer.decision_function(PEOPLE),
    )


def test_points_read_as_odds_on_the_given_scale() -> None:
    odds = PointsToDoubleOdds(base_points=100, base_odds=6, points_to_double=20)
    scorer = RuleScorer(RULES, odds=odds).fit(PEOPLE)
    np.testing.assert_allclose(
        scorer.decision_function(PEOPLE), np.log(6) + np.log(2) * np.array([3, -1, -18]) / 20
    )
    assert scorer.predict_proba(PEOPLE)[0, 1] == pytest.approx(6 * 2**0.15 / (1 + 6 * 2**0.15))


def test_rule_on_an_absent_column_is_refused(scorer: RuleScorer) -> None:
    with pytest.raises(TableError, match="column 'late', which a rule reads, is absent"):
        RuleScorer(RULES).fit(PEOPLE.drop(columns="late"))
    with pytest.raises(TableError, match="did you mean 'lates'"):
        scorer.points(PEOPLE.rename(columns={"late": "lates"}))


def test_number_rule_on_a_category_is_refused() -> None:
    with pytest.raises(TableError, match="column 'job': is not a number"):
        Rule(column="job", points_per_unit=1).points(PEOPLE["job"])


def test_rule_has_one_kind_of_points() -> None:
    with pytest.raises(ModelError, match="rule on 'late': has not one kind of points"):
        Rule(column="late")
    with pytest.raises(ModelError, match="rule on 'late'"):
        Rule(column="late", points_per_unit=1, by_value={"a": 1})
    with pytest.raises(ModelError, match="most = 0"):
        Rule(column="late", points_per_unit=1, most=0)


def test_scorer_needs_rules_and_a_table() -> None:
    with pytest.raises(ModelError, match="has no rules"):
        RuleScorer([]).fit(PEOPLE)
    with pytest.raises(TableError, match="column 'late', which a rule reads, is absent; known: x0"):
        RuleScorer(RULES).fit(PEOPLE.drop(columns="job").to_numpy())  # type: ignore[arg-type]
