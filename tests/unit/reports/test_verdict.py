from dataclasses import replace

import pytest

from credit_ml.core import InputError
from credit_ml.reports import check, render


def claim(**changes):
    return {
        "claim": "friends carry part of the gap",
        "kind": "comparison",
        "where": {"method": "true_carrier", "factor": "relationships"},
        "relation": "below",
        "value": 0.0,
    } | changes


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "held"),
        ({"relation": "above"}, "failed"),
        ({"value": -18.0}, "undecided"),
        ({"rater": "council (rules)"}, "held"),
        ({"relation": "within", "value": 1000.0}, "held"),
        ({"relation": "within", "value": 0.0}, "failed"),
        ({"relation": "within", "value": 18.0}, "undecided"),
    ],
)
def test_a_prediction_is_judged_by_its_interval(results, changes, outcome):
    study = replace(results, settings={"checks": [claim(**changes)]})
    assert [each.outcome for each in check(study)] == [outcome]
    said = {"held": "held", "failed": "did not hold", "undecided": "cannot be decided"}
    assert said[outcome] in check(study)[0].text()


@pytest.mark.parametrize(
    "changes", [{"where": {"factor": "relationships"}}, {"kind": "portrait"}, {"wher": {}}]
)
def test_a_check_that_names_no_row_is_refused(results, changes):
    with pytest.raises(InputError, match="checks"):
        check(replace(results, settings={"checks": [claim(**changes)]}))


def test_the_page_says_what_became_of_the_prediction(table_results, undrawn):
    where = {"factor": "relationships", "method": "block_shapley"}
    checks = [claim(kind="decomposition", where=where)]
    text = render(replace(table_results, prediction="So it is.", settings={"checks": checks}))
    assert 'class="held"' in text
    assert "The prediction held." in text
