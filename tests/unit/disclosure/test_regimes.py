"""What each regime makes people believe and do: limits that must hold, and what may not."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from credit_ml.core import Dataset, MenuError
from credit_ml.disclosure import REGIMES, Advice, Disclosed, Inert, Precision, ScoreBelief
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.disclose import follow
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.response import Aim, Menu, ResponseOptions
from credit_ml.scoring import ScoreFunction

OPTIONS = {each.name for each in fields(ResponseOptions)}
#: Regimes that lead to a bundle by what they tell, at a linear score with three columns.
TOLD = [name for name in REGIMES if name not in ("nothing", "friends", "models")]


@pytest.fixture
def aim():
    """No score is on this line, so that who has the aim is no matter of rounding."""
    return Aim(id="car", name="car", threshold=2.9, value=0.05)


@pytest.fixture
def case(rater, dataset, menu, aim):
    """Make a case of the sketch rater: everybody followed, any bundle open."""

    def make(**changes):
        given = {"menu": menu, "privileges": [aim], "margin": 0.25, "bundle": None} | changes
        options = {name: given.pop(name) for name in OPTIONS & given.keys()}
        others = {"seed": 3} | given
        model, people = others.pop("rater", rater), others.pop("dataset", dataset)
        return case_of(model, people, ResponseOptions(**options), **others)

    return make


def masks(case, regime):
    return follow(case, REGIMES[regime] if isinstance(regime, str) else regime).masks


def ring(people):
    """Everybody knows the next forty."""
    near = sum(np.roll(np.eye(people), step, axis=1) for step in range(1, 41))
    return csr_array(((near + near.T) > 0).astype(np.int8))


def test_nothing_moves_nobody_and_the_truth_moves_as_many_as_it_pays(case):
    assert not masks(case(), "nothing").any()
    assert masks(case(), "full").any()


@pytest.mark.parametrize(
    "regime",
    [
        "weights",
        Disclosed(
            id="many",
            description="",
            discloses={"own_score", "threshold", "examples"},
            precision=Precision(examples=200_000),
        ),
        Disclosed(
            id="one",
            description="",
            discloses={"own_score", "threshold", "models"},
            precision=Precision(models=1),
        ),
        Disclosed(id="clear", description="", discloses={"model"}, precision=Precision(noise=0.0)),
        Disclosed(id="free", description="", advice=Advice(price=0.0), prior="inert"),
    ],
    ids=lambda regime: regime if isinstance(regime, str) else regime.id,
)
def test_what_tells_as_much_as_the_model_is_answered_as_the_model_is(case, regime):
    """Limits: exact weights, endless examples, a set of one, no noise, advice for nothing.

    The score is linear and people keep a margin, so that small errors decide nothing.
    """
    assert (masks(case(), regime) == masks(case(), "full")).all()


@pytest.mark.parametrize("tells", ["weights", "model"])
def test_noise_that_goes_to_nothing_changes_nothing(case, tells):
    whole = masks(case(), "full")
    base = Disclosed(id="told", description="", discloses={"own_score", "threshold", tells})
    apart = [
        (masks(case(), base.with_precision(noise=noise)) != whole).mean() for noise in (1, 1e-6)
    ]
    assert apart[0] > 0
    assert apart[1] == 0


@pytest.mark.parametrize("regime", TOLD)
def test_costs_without_end_keep_everybody_where_they_are(case, regime, action):
    dear = Menu(id="dear", description="", actions=(action("pay", add=-1, price=np.inf),))
    assert not masks(case(menu=dear), regime).any()


@pytest.mark.parametrize("regime", ["direction", "ranks", "rounded", "weights", "full"])
def test_a_column_of_no_weight_is_never_gamed_by_those_who_know_its_sign(case, regime):
    """Reading (the third action) moves no score, and the sign of nothing is told."""
    assert not (masks(case(), regime) & 4).any()


def test_told_only_the_factors_people_read_for_their_score(case):
    assert (masks(case(), "factors") & 4).any()


def test_a_counterfactual_is_followed_only_when_it_pays(case, aim):
    told = masks(case(), "counterfactual")
    refused = case().problem.scores < aim.threshold
    assert told.any()
    assert not told[~refused].any()
    worthless = replace(aim, value=0.0)
    assert not masks(case(privileges=[worthless]), "counterfactual").any()


def test_only_improving_actions_are_recommended(case):
    found = follow(case(), REGIMES["recommendation"])
    assert found.masks.any()
    assert not (found.masks & ~1).any()
    assert (found.improving == found.actions).all()


def test_friends_who_are_everybody_teach_as_examples_do(case, dataset):
    """With forty friends and a linear score, weights come close to the true ones."""

    class Tied:
        ties, records = ring(len(dataset)), None

        def __len__(self):
            return len(dataset)

    whole = masks(case(), "full")
    learned = masks(case(society=Tied()), "friends")
    guessed = masks(case(), "factors")
    assert (learned != whole).mean() < (guessed != whole).mean()


def test_friends_need_ties(case):
    with pytest.raises(MenuError, match="give the society"):
        masks(case(), "friends")


def test_advice_is_bought_by_those_who_can_afford_it(case):
    """The dearer, the fewer buy; nobody who has the aim does; the price is part of spending."""
    bought = [
        follow(case(), Disclosed(id="a", description="", prior="inert", advice=Advice(price=price)))
        for price in (0.01, 0.5, 50.0)
    ]
    takers = [(each.advice > 0).sum() for each in bought]
    assert takers[0] > takers[1] >= takers[2] == 0
    granted = case().problem.scores >= 2.9
    assert not bought[0].advice[granted].any()
    yearly = case().problem.economy.yearly_income
    assert (bought[0].spending >= bought[0].advice / yearly - 1e-12).all()


def test_only_the_informed_pay_for_advice(case):
    people = len(case().problem.people)
    heard = np.arange(people) % 2 == 0
    regime = Disclosed(id="a", description="", prior="inert", advice=Advice(price=0.01))
    everybody, some = follow(case(), regime), follow(case(informed=heard), regime)
    assert some.advice.tolist() == np.where(heard, everybody.advice, 0.0).tolist()
    assert not some.spending[~heard].any()


def test_who_does_not_know_the_line_may_act_above_it_and_below(case):
    """Uncertain of score and line, people who have the aim already spend on it too."""
    unsure = follow(case(), REGIMES["weights_alone"])
    assert unsure.acted[unsure.before >= 2.9].any()
    assert not follow(case(), REGIMES["weights"]).acted[unsure.before >= 2.9].any()


def test_under_full_disclosure_nobody_does_better_by_any_single_action(case):
    problem = case().problem
    found = follow(case(), REGIMES["full"])
    for number, action in enumerate(problem.actions):
        from credit_ml.response import Bundle

        alone = Bundle((action,))
        scores = problem.score(alone.apply(problem.people.X))
        gain = 0.05 * (scores >= 3.15) - alone.cost(problem.economy.yearly_income)
        chosen = (
            np.where(found.masks > 0, 0.05 * (found.believed >= 3.15), found.worth_before)
            - found.spending
        )
        assert (np.where(problem.scores >= 2.9, 0.05, gain) <= chosen + 1e-9).all(), number


def test_who_has_not_heard_does_nothing(case, dataset):
    heard = np.arange(len(dataset)) % 2 == 0
    some = masks(case(informed=heard), "full")
    assert not some[~heard].any()
    assert (some[heard] == masks(case(), "full")[heard]).all()


def test_noise_in_responses_makes_people_act_who_should_not(case):
    calm, hot = (masks(case(temperature=t), "full") for t in (1e-9, 0.1))
    whole = masks(case(), "full")
    assert (calm == whole).mean() > 0.99
    assert (hot != whole).mean() > 0.1


def test_nobody_spends_beyond_a_budget(case):
    found = follow(case(budget=0.003), REGIMES["full"])
    assert found.acted.any()
    assert found.spending.max() <= 0.003


def test_a_subsidy_lets_more_people_act(case, dataset, aim):
    dear = [replace(aim, value=0.006)]
    whole, half = (
        masks(case(privileges=dear, cost_multiplier=np.full(len(dataset), share)), "full")
        for share in (1.0, 0.5)
    )
    assert (half > 0).sum() > (whole > 0).sum()


def test_conditions_keep_actions_to_those_who_meet_them(case, action, dataset):
    from credit_ml.response import Condition

    women = action("shop", "diapers", add=2).model_copy(
        update={"who": (Condition(column="sex", among=("f",)),)}
    )
    menu = Menu(id="women", description="", actions=(women,))
    found = masks(case(menu=menu), "full")
    assert found.any()
    assert not found[(dataset.groups("sex") == "m").to_numpy()].any()


def test_a_menu_that_nobody_may_use_is_refused(case, action):
    from credit_ml.response import Condition

    never = action("shop", "diapers", add=2).model_copy(
        update={"who": (Condition(column="late", low=99),)}
    )
    with pytest.raises(MenuError, match="anybody"):
        case(menu=Menu(id="never", description="", actions=(never,)))


def test_regimes_of_ones_own_need_two_words_and_a_belief(case):
    class Rumour:
        id = "rumour"
        description = "Diapers are said to count for everything."

        def belief(self, problem):
            return ScoreBelief(
                ScoreFunction(
                    name="rumour", unit="points", raw=lambda X: 10 * X["diapers"].to_numpy(float)
                )
            )

    found = masks(case(), Rumour())
    assert found.any()
    assert not (found & ~2).any()


def test_regimes_go_by_name_or_as_objects():
    class Mine:
        id, description = "mine", "Mine."

        def belief(self, problem):
            return Inert()

    assert [regime.id for regime in checked_regimes(["full", Mine()])] == ["full", "mine"]


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [(["ful"], "did you mean 'full'"), ([], "are empty"), (["full", "full"], "give each once")],
)
def test_regimes_that_cannot_be_used_are_refused(wrong, hint):
    with pytest.raises(MenuError, match=hint):
        checked_regimes(wrong)


@pytest.mark.parametrize(
    ("make", "hint"),
    [
        (lambda: Precision(noise=-1), "at least 0"),
        (lambda: Precision(examples=0), "at least 1"),
        (lambda: Advice(price=-1), "at least 0"),
        (lambda: ResponseOptions(temperature=-1), "at least 0"),
        (lambda: ResponseOptions(budget=-1), "at least 0"),
        (lambda: Disclosed(id="a", description="", discloses={"weight"}), "did you mean 'weights'"),
    ],
)
def test_parts_of_a_regime_are_checked_when_made(make, hint):
    with pytest.raises(MenuError, match=hint):
        make()


def test_cosmetic_actions_never_change_the_true_outcome(case, menu):
    show = Menu(id="show", description="", actions=menu.actions[1:])
    for regime in ("factors", "weights", "full"):
        found = follow(case(menu=show), REGIMES[regime])
        assert (found.kept == found.kept_before).all()


def test_what_is_told_may_do_harm_in_the_middle(case):
    """Neither gaming nor error is monotone in what is told: half-knowledge moves more people."""
    share = {name: (masks(case(), name) > 0).mean() for name in ("nothing", "factors", "full")}
    assert share["nothing"] < share["full"]
    waste = {
        name: (found := follow(case(), REGIMES[name])).acted.mean()
        - (found.acted & found.granted).mean()
        for name in ("nothing", "factors", "full")
    }
    assert waste["factors"] > waste["nothing"] == waste["full"] == 0


def test_the_same_seed_gives_the_same_examples(case, dataset):
    regime = Disclosed(
        id="few",
        description="",
        discloses={"own_score", "threshold", "examples"},
        precision=Precision(examples=5),
    )
    one, again, other = (masks(case(seed=seed), regime) for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


def test_missing_and_constant_columns_are_believed_nothing_of(action):
    frame = pd.DataFrame(
        {"a": [1.0] * 6, "b": [np.nan, 3.0, 2.0, np.nan, 1.0, 5.0], "sex": list("fmfmfm")}
    )
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    menu = Menu(id="ab", description="", actions=(action("a", "a", add=1), action("b", "b", add=1)))
    aim = Aim(id="x", name="x", threshold=3.5, value=1.0)
    options = ResponseOptions(menu=menu, privileges=[aim], bundle=None)
    case = case_of(lambda X: X["b"].fillna(0).to_numpy(), dataset, options)
    found = follow(case, REGIMES["factors"])
    assert not (found.masks & 1).any()
    assert found.masks[frame["b"].isna()].sum() == 0


@pytest.mark.parametrize("name", ["Menu", "Aim", "load_menu", "choose_disclosure"])
def test_what_moved_to_another_room_is_found_here_for_one_version(name: str) -> None:
    import credit_ml.disclosure as old

    with pytest.warns(FutureWarning, match=f"credit_ml.disclosure.{name} is called"):
        assert getattr(old, name).__name__ == name
