"""What regimes make people believe of single actions, held against the truth."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from credit_ml.core import Dataset, ModelError
from credit_ml.disclosure import REGIMES, Disclosed, Precision
from credit_ml.disclosure.beliefs.learned import own_reasons
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.disclose import known_of, true_effects
from credit_ml.response import Action, Aim, ColumnChange, Menu, ResponseOptions
from credit_ml.scoring import ScoreFunction

WEIGHTS = {"late": -2.0, "books": 1.0, "gifts": 0.0}


def points(X):
    return sum(weight * X[name] for name, weight in WEIGHTS.items()).to_numpy(dtype=float)


@pytest.fixture
def dataset():
    random = np.random.default_rng(1)
    frame = pd.DataFrame({name: random.normal(size=400) for name in WEIGHTS})
    frame["paid"] = (points(frame) + random.normal(size=400) > 0).astype(int)
    frame["sex"] = random.choice(["f", "m"], 400)
    factors = {"bills": ["late"], "habits": ["books", "gifts"]}
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"], factors=factors)


@pytest.fixture
def menu():
    made = tuple(
        Action(
            id=name,
            name=name,
            kind="cosmetic",
            changes=(ColumnChange(column=name, add=step),),
            price=0.1,
            effort=0.0,
            source="assumed, because this is a test",
        )
        for name, step in (("late", -1.0), ("books", 0.5), ("gifts", 1.0))
    )
    return Menu(id="three", description="Three ways.", actions=made)


@pytest.fixture
def problem(dataset, menu):
    def make(model=None):
        rater = model or ScoreFunction(name="linear", unit="points", raw=points)
        aim = Aim(id="a", name="a", threshold=0.4, value=0.1)
        options = ResponseOptions(menu=menu, privileges=[aim], bundle=None)
        return case_of(rater, dataset, options).problem

    return make


def knowledge(problem, regime):
    wrong, total = known_of(regime.belief(problem), problem, true_effects(problem))
    return 1 - wrong.sum() / total.sum()


@pytest.mark.parametrize(("regime", "known"), [("nothing", 0.0), ("weights", 1.0), ("full", 1.0)])
def test_knowledge_is_nothing_of_silence_and_all_of_the_model(problem, regime, known):
    assert knowledge(problem(), REGIMES[regime]) == pytest.approx(known)


def test_knowledge_grows_with_examples_of_a_linear_score(problem):
    few, many = (
        knowledge(
            problem(),
            Disclosed(
                id="e",
                description="",
                discloses={"own_score", "threshold", "examples"},
                precision=Precision(examples=number),
            ),
        )
        for number in (3, 3000)
    )
    assert few < many
    assert many == pytest.approx(1, abs=1e-3)


def test_the_order_of_weights_tells_more_than_their_signs(problem):
    signed, ordered = (knowledge(problem(), REGIMES[name]) for name in ("direction", "ranks"))
    assert 0 < signed < ordered < 1


def test_reasons_sum_to_the_distance_from_the_others(problem):
    """Block Shapley: reasons of a person add up to the own score less the mean of those beside."""
    made = problem()
    reasons = own_reasons(made)
    assert reasons.shape == (400, 2)
    # Of a linear score each factor's reasons have the mean zero over everybody, up to the draw.
    apart = made.scores - reasons.sum(axis=1)
    assert apart.std() < 0.7 * made.scores.std()
    assert np.corrcoef(reasons[:, 0], -2 * made.people.X["late"])[0, 1] > 0.8


def test_a_factor_that_costs_nothing_is_believed_to_give_nothing(problem):
    made = problem()
    belief = REGIMES["reasons"].belief(made)
    gains = belief.effect(made, 1)
    costs = own_reasons(made)[:, 0] < 0
    assert (gains[costs] > 0).all()
    assert (gains[~costs] == 0).all()


@pytest.mark.parametrize("over", ["mean", "worst"])
def test_a_set_of_models_is_believed_on_average_or_at_its_worst(problem, dataset, over):
    model = LogisticRegression().fit(dataset.X, dataset.y)
    made = problem(model)
    regime = Disclosed(
        id="set",
        description="",
        discloses={"own_score", "threshold", "models"},
        precision=Precision(models=3, over=over),
    )
    told = regime.belief(made).score(made.people.X)
    if over == "worst":
        assert (told <= made.scores + 1e-12).all()
    assert np.corrcoef(told, made.scores)[0, 1] > 0.9
    assert not np.array_equal(told, made.scores)


def test_a_function_cannot_be_hidden_among_others(problem):
    with pytest.raises(ModelError, match="cannot be fitted again"):
        REGIMES["models"].belief(problem())
