"""Scorers are found by walking their folder, and say what an agency's file may set."""

import inspect

import pytest

from credit_ml.agencies.scorer_parts import SCORER_TABLES
from credit_ml.scoring import scorers

OLD = {
    "lightgbm": {"trees": 7},
    "ebm": {"rounds": 7, "bags": 2},
    "neural": {"epochs": 7},
    "tree": {"leaves": 7},
    "blend": {"folds": 7},
}


@pytest.mark.parametrize("kind", scorers())
def test_every_setting_is_a_parameter_with_a_default(kind):
    scorer = scorers()[kind]
    own = inspect.signature(scorer).parameters
    assert scorer.settings.keys() <= own.keys()
    assert all(own[name].default is not inspect.Parameter.empty for name in scorer.settings)
    assert set(scorer.old_settings.values()) <= scorer.settings.keys()


@pytest.mark.parametrize("kind", sorted(set(scorers()) - {"rules"}))
def test_its_table_makes_it_with_the_defaults_of_its_class(kind):
    made = SCORER_TABLES[kind]().make(seed=3)
    assert type(made) is scorers()[kind]
    stated = made.get_params(deep=False)
    expected = scorers()[kind]().get_params(deep=False)
    assert stated == expected | ({"random_state": 3} if "random_state" in stated else {})


@pytest.mark.parametrize("kind", OLD)
def test_old_names_of_parameters_warn_in_calls_and_in_files(kind):
    new = {scorers()[kind].old_settings[name]: value for name, value in OLD[kind].items()}
    with pytest.warns(FutureWarning, match="is called"):
        called = scorers()[kind](**OLD[kind])
    with pytest.warns(FutureWarning, match="is called"):
        table = SCORER_TABLES[kind](**OLD[kind])
    for made in (called, table.make(seed=0)):
        assert {name: getattr(made, name) for name in new} == new
