"""The response from a menu is that of `disclose`, made into tables."""

import numpy as np
import pytest

from credit_ml.agencies import raised
from credit_ml.core import MenuError
from credit_ml.disclosure import Responding, disclose
from credit_ml.disclosure.responding import respond_fully
from credit_ml.response import Aim, Bundle, ResponseOptions, default_menu
from credit_ml.society import World


@pytest.fixture(scope="module")
def sesame():
    from credit_ml.agencies import load_agency

    society = World(citizens=700, seed=12).simulate()
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    return rater, rater.agency.view(society)


def test_people_do_what_disclose_says_they_do(sesame):
    rater, dataset = sesame
    found = respond_fully(default_menu(), bundle=2)(rater, dataset)
    response = ResponseOptions(bundle=2)
    table = disclose(rater, dataset, regimes=["full"], people=None, response=response).table
    overall = table[table["sensitive"] == "overall"].set_index("measure")["estimate"]
    assert found.acted.mean() == pytest.approx(overall["share_who_act"])
    assert found.spending.mean() == pytest.approx(overall["spending"])
    gained = (rater.score(found.X) - rater.score(dataset.X)).mean()
    assert gained == pytest.approx(overall["points_gained"])
    granted = rater.score(found.X) >= rater.agency.privileges[0].threshold
    right = np.where(granted, found.probability, 1 - found.probability)
    assert right.mean() == pytest.approx(overall["accuracy"])


def test_nobody_could_do_better_by_any_bundle(sesame):
    rater, dataset = sesame
    found = respond_fully(default_menu(), bundle=1)(rater, dataset)
    income = 12 * dataset.context["income"].to_numpy(dtype="float64")

    def worth(X):
        scores = rater.score(X).to_numpy()
        return sum(each.value * (scores >= each.threshold) for each in rater.agency.privileges)

    have = worth(found.X) - found.spending
    for action in default_menu().visible(list(dataset.X.columns)):
        bundle = Bundle((action,))
        assert (worth(bundle.apply(dataset.X)) - bundle.cost(income) <= have + 1e-9).all()


def test_only_improvements_move_the_true_chance_and_only_actors_change(sesame):
    rater, dataset = sesame
    found = respond_fully(default_menu(), bundle=1)(rater, dataset)
    before = dataset.context["probability"].to_numpy(dtype="float64")
    assert found.acted.any()
    assert (found.probability[found.cosmetic] == before[found.cosmetic]).all()
    still = dataset.X.loc[~found.acted]
    assert found.X.loc[~found.acted].equals(still)
    assert (found.X.dtypes == dataset.X.dtypes).all()
    assert (found.spending[~found.acted] == 0).all()


def test_who_is_told_nothing_leaves_everything_as_it_is(sesame):
    rater, dataset = sesame
    found = Responding(regime="nothing", response=ResponseOptions(bundle=1))(rater, dataset)
    assert found.X.equals(dataset.X)
    assert not found.acted.any()
    none = [Aim(id="car", name="car", threshold=9999.0, value=1.0)]
    worthless = respond_fully(default_menu(), privileges=none, bundle=1)(rater, dataset)
    assert not worthless.acted.any()


def test_a_score_that_grants_nothing_is_refused(sesame):
    _, dataset = sesame
    with pytest.raises(MenuError, match="privileges"):
        respond_fully(default_menu())(lambda X: np.zeros(len(X)), dataset)


def test_told_late_people_respond_to_the_rater_before(sesame):
    """With a delay of a round, the second rater meets what the first one asked for."""
    rater, dataset = sesame
    harsh = raised(rater, 0.5)
    late = Responding(regime="full", response=ResponseOptions(bundle=1), delay=1)
    first, second = late(rater, dataset), late(harsh, dataset)
    assert (second.acted == first.acted).all()
    assert second.X.equals(first.X)
    prompt = respond_fully(default_menu(), bundle=1)(harsh, dataset)
    assert (prompt.acted != first.acted).any()
