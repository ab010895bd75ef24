"""Agreed values: closed forms of the rules, their nulls, and bad input on one line."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, StudyResults
from credit_ml.governance.agreed_values import facts
from credit_ml.governance.agreed_values.agreed import agreed_values, checked_values
from credit_ml.governance.agreed_values.ballots import (
    VoteCount,
    majority_value,
    mean_voter_bound,
    mean_weights,
    median_weights,
    vote,
)
from credit_ml.governance.agreed_values.citizens import CitizenValues, citizen_weights
from credit_ml.governance.agreed_values.election import VoteOptions
from credit_ml.reports.templating import said
from credit_ml.society import World

WEIGHTS = np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.1, 0.8]])


def test_condorcets_triple_runs_in_a_circle_and_two_factors_never_do():
    triple = np.array([[0, 1, 2], [2, 0, 1], [1, 2, 0]]) / 4
    count = VoteCount.of_distances(triple, ["a", "b", "c"])
    assert count.cycle == ("a", "b", "c")
    assert count.top_set == ("a", "b", "c")
    line = citizen_weights(np.ones((501, 2)), seed=3)
    points = {f"p{n}": each for n, each in enumerate(citizen_weights(np.ones((9, 2)), seed=4))}
    on_line = vote(line, points | {"median": median_weights(line)})
    assert on_line.cycle == ()
    assert on_line.winners["pairwise"] == "median"


def test_the_mean_voter_is_beaten_by_five_ninths_at_most_and_nearly_by_so_many():
    weights = citizen_weights(np.ones((200_000, 3)), seed=1)
    middle = mean_weights(weights)
    nearby = {f"{n}": middle + 0.002 * (np.eye(3)[n] - 1 / 3) for n in range(3)}
    away = {f"-{n}": middle - 0.002 * (np.eye(3)[n] - 1 / 3) for n in range(3)}
    count = vote(weights, {"mean": middle} | nearby | away)
    bound = mean_voter_bound(np.ones((1, 3)))
    assert bound == pytest.approx(5 / 9)
    assert count.worst_defeat[0] == pytest.approx(bound, abs=0.01)


@given(st.integers(0, 10_000))
def test_nobody_brings_a_median_nearer_by_naming_another_weight(seed):
    chance = np.random.default_rng(seed)
    weights = chance.dirichlet(np.ones(3), size=7)
    true = weights[0].copy()
    honest = np.abs(median_weights(weights, divide=False) - true)
    weights[0] = chance.dirichlet(np.ones(3))
    assert (np.abs(median_weights(weights, divide=False) - true) >= honest - 1e-12).all()


@given(st.integers(0, 10_000))
def test_the_medians_distance_is_within_its_worst_case(seed):
    """At most sqrt 2 sqrt(n^2 + 1) / (n + 1) times the least (Goel and Hann-Caruthers)."""
    chance = np.random.default_rng(seed)
    size = 2 * int(chance.integers(1, 6)) + 1
    points = chance.normal(size=(size, 2)) ** 3

    def total(place):
        return np.hypot(*(points - place).T).sum()

    least = min(total(each) for each in points)
    place = points.mean(axis=0)
    for _ in range(200):
        far = np.maximum(np.hypot(*(points - place).T), 1e-12)
        place = (points / far[:, None]).sum(axis=0) / (1 / far).sum()
        least = min(least, total(place))
    bound = np.sqrt(2) * np.sqrt(size**2 + 1) / (size + 1)
    assert total(np.median(points, axis=0)) <= bound * least * (1 + 1e-6)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (np.empty((0, 3)), "hold no voter"),
        (np.array([[0.5, 0.4]]), "sum to 0.9"),
        (np.array([[1.5, -0.5]]), "hold -0.5"),
    ],
)
def test_a_vote_that_cannot_be_held_is_refused_on_one_line(weights, said):
    with pytest.raises(InputError, match=said) as caught:
        vote(weights, {"a": WEIGHTS[0]})
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def found():
    society = World(citizens=2_000, seed=5).simulate()
    state = load_agency("council").fit(society)
    card = load_agency("national").with_scorer("scorecard").fit(society)
    before = society.digest()
    made = agreed_values(
        state,
        society,
        card=card,
        values=[CitizenValues(), CitizenValues(dependence=4.0)],
        vote=VoteOptions(draws=3, places=0.2),
        sensitive="hukou",
        reference_groups="urban",
    )
    assert society.digest() == before
    return made


def test_values_that_go_with_no_group_cost_no_group_and_others_cost_the_smaller_more(found):
    rows = found.table.query("measure == 'loss' and rule == 'mean' and quantity == 'value'")
    loss = rows.set_index(["dependence", "group"])["estimate"]
    assert abs(loss["0", "rural"]) < 0.005
    assert loss["4", "rural"] > loss["4", "urban"] > 0


def test_groups_without_values_of_their_own_leave_every_byte_of_what_citizens_hold():
    """The null: without dependence, where groups stand changes nothing."""
    standing = np.random.default_rng(1).normal(size=(500, 4))
    factors = ["a", "b", "c", "d"]
    alone = CitizenValues().pseudo_votes(np.zeros_like(standing), factors)
    grouped = CitizenValues(dependence=0.0).pseudo_votes(standing, factors)
    assert citizen_weights(grouped, seed=3).tobytes() == citizen_weights(alone, seed=3).tobytes()


def test_places_that_some_win_others_lose(found):
    for measure in ("high_over_state", "high_over_accurate", "high_gained_without"):
        rows = found.table[found.table["measure"] == measure]
        everybody = rows[rows["group"] == "all"]["estimate"]
        assert everybody.to_numpy() == pytest.approx(0, abs=1e-12)
    rows = found.table.query("dependence == '0' and group == 'rural' and quantity == 'value'")
    high = rows[rows["measure"] == "ranked_high"].set_index("rule")["estimate"]
    more = rows[rows["measure"] == "high_over_state"].set_index("rule")["estimate"]
    assert more["mean"] == pytest.approx(high["mean"] - high["state"])
    dropped = rows[rows["measure"] == "high_gained_without"]
    assert set(dropped["factor"]) == set(found.parameters["factors"])


def test_the_page_answers_first_in_words(found, in_one_unit):
    results = StudyResults(
        id="one",
        title="One",
        findings=(found,),
        settings={"lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}},
    )
    short = said(results, "agreed_values", "answer")
    assert short.startswith(("**Yes:**", "**No:**", "**Not decided:**"))
    assert len(short.split()) <= 75  # sixty words, and their intervals
    assert "simulated" in short
    assert "assumed" in short
    assert "not asked" in said(results, "agreed_values", "abstract")
    in_one_unit(facts.agreed_tables(found))
    for view in facts.agreed_tables(found):
        assert all(len(row) == len(view.head) for _, rows in view.bodies for row in rows)
    assert found.plot() is not None


@pytest.mark.parametrize(
    ("act", "problem"),
    [
        (lambda: checked_values([]), "values: are none"),
        (lambda: checked_values([CitizenValues(), CitizenValues()]), "twice with one dependence"),
        (lambda: VoteOptions(places=1.0), "places: are 1.0"),
        (lambda: VoteOptions(places=float("nan")), "places: are nan"),
    ],
)
def test_what_no_vote_can_be_is_refused_before_any_work(act, problem):
    with pytest.raises(InputError, match=problem) as caught:
        act()
    assert "\n" not in str(caught.value)


def test_weights_sum_to_one_and_every_rule_gives_as_many_places(found):
    weights = found.table.query("measure == 'weight'").groupby(["dependence", "rule"])["estimate"]
    assert weights.sum().to_numpy() == pytest.approx(1)
    assert (weights.size() == 5).all()
    high = found.table.query("measure == 'ranked_high' and group == 'all'")["estimate"]
    assert high.to_numpy() == pytest.approx(0.2)


@given(st.integers(0, 10_000))
def test_rules_choose_as_a_social_choice_library_does(seed):
    import votelib.convert as convert
    from votelib.component.rankscore import Borda
    from votelib.evaluate.cardinal import MajorityJudgment
    from votelib.evaluate.condorcet import MinimaxCondorcet, SmithSet

    chance = np.random.default_rng(seed)
    distances, names = chance.random((int(chance.integers(3, 30)), 4)), list("abcd")
    count = VoteCount.of_distances(distances, names)
    ranked: dict = {}
    for row in distances:
        order = tuple(names[place] for place in np.argsort(row))
        ranked[order] = ranked.get(order, 0) + 1
    pairs = convert.RankedToCondorcetVotes().convert(ranked)
    for pair in [(one, two) for one in names for two in names if one != two]:
        pairs.setdefault(pair, 0)
    assert set(SmithSet().evaluate(pairs)) == set(count.top_set)
    least = MinimaxCondorcet("winning_votes").evaluate(pairs, 1)[0]
    worst = dict(zip(names, count.worst_defeat, strict=True))
    # A proposal that nothing beats has no defeat, and several may be level.
    for name in least if isinstance(least, frozenset) else {least}:
        assert max(worst[name], 0.5) == pytest.approx(max(min(worst.values()), 0.5))
    points = convert.RankedToPositionalVotes(Borda(base=0)).convert(ranked)
    assert count.borda * len(distances) == pytest.approx([float(points[name]) for name in names])
    grades = np.searchsorted([-0.5, -0.4, -0.3, -0.2, -0.1], -distances)
    assert [list(majority_value(each)) for each in count.grades] == [
        _middles(own) for own in grades.T.tolist()
    ]
    graded: dict = {}
    for row in grades.tolist():
        ballot = frozenset(zip(names, row, strict=True))
        graded[ballot] = graded.get(ballot, 0) + 1
    middle = [_middles(own)[0] for own in grades.T.tolist()]
    # Where several share the best middle grade, the library lets one that fell behind win again.
    if middle.count(max(middle)) == 1:
        assert MajorityJudgment().evaluate(graded, 1) == [count.winners["majority_judgement"]]


def _middles(grades):
    """Take the lower middle grade away until none is left: the definition, plainly."""
    left, found = sorted(grades), []
    while left:
        found.append(left.pop((len(left) - 1) // 2))
    return found


def test_how_steady_a_vote_is_is_said_of_every_vote_the_least_steady_first(found):
    rows = found.table["measure"] == "same_choice"
    table = found.table.copy()
    shares = {"borda": 1.0, "pairwise": 0.7, "majority_judgement": 0.4}
    for rule, share in shares.items():
        table.loc[rows & (table["rule"] == rule), "estimate"] = share
    changed = replace(found, table=table)
    names = [name for name, *_ in facts.drawn_again(changed, "0")]
    assert names == ["majority judgement", "pairwise majority", "Borda"]
    settings = {"lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}}
    results = StudyResults(id="one", title="One", findings=(changed,), settings=settings)
    told = said(results, "agreed_values").replace("\u202f", " ")
    assert "in 40 % of draws by majority judgement" in told
    assert "in every draw by Borda" in told  # 100 % without an interval would say more
    assert "100 % of draws" not in told
    assert told.count("In this one city") == told.count("run in a circle there")
    assert "the vote has those weights" in said(results, "agreed_values", "answer_note")


FOLLOWED = {"lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}}


def test_what_cannot_be_told_from_none_says_on_which_side_each_end_lies(found):
    table = found.table.copy()
    without = table["measure"] == "high_gained_without"
    for factor, estimate in (("relationships", -0.002), ("behaviour", 0.004)):
        at = without & (table["factor"] == factor)
        table.loc[at, ["estimate", "low", "high"]] = (estimate, estimate - 0.009, estimate + 0.009)
    table.loc[table["measure"] == "auc_over_accurate", "estimate"] = -0.004
    table.loc[table["measure"] == "auc_over_accurate", ["low", "high"]] = (-0.01, 0.002)
    changed = replace(found, table=table)
    results = StudyResults(id="one", title="One", findings=(changed,), settings=FOLLOWED)
    told = said(results, "agreed_values", "paragraphs").replace("\u202f", " ")
    assert "0.2 points of 100 fewer (1.1 fewer to 0.7 more), not told from none, would" in told
    assert "0.4 points of 100 more (0.5 fewer to 1.3 more), not told from none, would" in told
    assert "−0.2" not in told
    short = said(results, "agreed_values", "answer").replace("\u202f", " ")
    assert "−0.4 % (−1.0 to 0.2) of pairs more rightly, not certainly" in short


def test_whether_a_majority_knows_its_mind_is_said_of_every_dependence(found):
    circle = [("mean", "state", 0.6), ("state", "mean", 0.51)]

    def told(**cycles):
        own = replace(found, parameters=found.parameters | {"cycles": cycles})
        results = StudyResults(id="one", title="One", findings=(own,), settings=FOLLOWED)
        return said(results, "agreed_values", "abstract").partition("know its mind?")[2].strip("* ")

    none = "between proposals close to each other, majorities run in a circle"
    here = "Not in this one city, "
    favour = "where groups favour what they stand well on (dependence 4)"
    same = "where groups hold the same values"
    assert told(**{"0": circle, "4": []}) == f"{here}{same}: {none}; none do {favour}."
    assert told(**{"0": [], "4": circle}) == f"{here}{favour}: {none}; none do {same}."
    assert told(**{"0": circle, "4": circle}) == f"{here}{same} or {favour}: {none}."
    assert told(**{"0": [], "4": []}).startswith("In this one city it does")


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0.48, 0.58), "; whether most would replace it is open."),
        ((0.40, 0.47), "; no majority would replace it."),
        ((0.52, 0.58), "; a majority would replace it."),
    ],
)
def test_whether_a_majority_would_replace_the_mean_follows_its_interval(found, ends, expected):
    """The page called the mean agreed on, and whether a majority would replace it was open."""
    table = found.table.copy()
    own = (table["measure"] == "worst_defeat") & (table["rule"] == "mean")
    table.loc[own, ["estimate", "low", "high"]] = (sum(ends) / 2, *ends)
    page = StudyResults(
        id="one", title="One", findings=(replace(found, table=table),), settings=FOLLOWED
    )
    short = " ".join(said(page, "agreed_values", "answer").split())
    assert f"would rather have their mean{expected}" in short
    assert "agreed" not in short
