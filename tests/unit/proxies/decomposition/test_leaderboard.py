"""The leaderboard holds estimates to the truth: exactly right, biased and noisy ones apart."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from credit_ml.core import InputError, StudyResults, TableError
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.tables import EMPTY
from credit_ml.proxies.decomposition.leaderboard import facts
from credit_ml.proxies.decomposition.leaderboard.compute import Leaderboard, leaderboard
from credit_ml.proxies.decomposition.leaderboard.tables import ranking_tables
from credit_ml.reports import render
from credit_ml.reports.templating import said

FACTORS = {"friends": 5.0, "address": 3.0, "history": -1.0}
LABELS = {"rater": "r", "sensitive": "hukou", "group": "rural"}


def truths(**changes):
    rows = [
        {
            **LABELS,
            "world": world,
            "target": "carrier",
            "factor": factor,
            "truth": truth,
            "spread": 50.0,
        }
        for world in ("one", "two")
        for factor, truth in (FACTORS | changes).items()
    ]
    return pd.DataFrame(rows)


def estimates(estimator, *, off=0.0, noise=0.0, half=1.0, seeds=6, people=(100, 1000)):
    random = np.random.default_rng(1)
    rows = []
    for world, size, seed, factor in itertools.product(
        ("one", "two"), people, range(seeds), FACTORS
    ):
        told = FACTORS[factor] + off + noise * random.normal()
        rows.append(
            {
                **LABELS,
                "world": world,
                "people": size,
                "seed": seed,
                "estimator": estimator,
                "factor": factor,
                "estimate": told,
                "low": told - half,
                "high": told + half,
            }
        )
    return pd.DataFrame(rows)


def whole(found, measure, estimator):
    return found.metrics()[f"leaderboard.carrier.{measure}.{estimator}"]


def test_a_perfect_estimator_has_no_error_and_the_right_order():
    found = leaderboard(estimates("right"), truths())
    assert whole(found, "error", "right") == whole(found, "bias", "right") == 0.0
    assert whole(found, "coverage", "right") == pytest.approx(1.0)
    assert whole(found, "top", "right") == pytest.approx(1.0)
    assert whole(found, "rank", "right") == pytest.approx(1.0)


def test_a_lasting_error_is_bias_and_chance_is_not():
    found = leaderboard(
        pd.concat([estimates("off", off=2.0), estimates("noisy", noise=2.0, seeds=400)]), truths()
    )
    # 2 of 50 points are 4 hundredths of the score's standard deviation.
    assert whole(found, "error", "off") == whole(found, "bias", "off") == pytest.approx(4.0)
    assert whole(found, "error", "noisy") == pytest.approx(4.0, rel=0.15)
    assert whole(found, "bias", "noisy") < 0.6
    assert whole(found, "coverage", "off") == 0.0


def test_saying_nothing_misses_the_whole_truth():
    found = leaderboard(estimates("right"), truths())
    size = 100 * np.sqrt(np.mean(np.square(list(FACTORS.values())))) / 50
    assert whole(found, "error", "nothing") == pytest.approx(size)


def test_coverage_counts_only_estimators_that_give_intervals():
    silent = estimates("silent").assign(low=np.nan, high=np.nan)
    assert np.isnan(whole(leaderboard(silent, truths()), "coverage", "silent"))


def test_the_top_factor_is_the_true_one_or_not():
    found = leaderboard(estimates("right"), truths(address=9.0))
    assert whole(found, "top", "right") == 0.0


def test_it_is_stored_and_drawn_with_a_dot_a_world():
    found = leaderboard(
        pd.concat([estimates("right"), estimates("off", off=1.0)]),
        truths(),
        kinds={"off": "intervention"},
        titles={"off": "leaving out"},
    )
    again = Leaderboard.from_dict(found.to_dict())
    axes = again.plot()
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "right",
        "leaving out",
        "saying nothing",
    ]


def test_bad_input_is_named():
    with pytest.raises(TableError, match="column 'seed' is absent"):
        leaderboard(estimates("right").drop(columns="seed"), truths())
    with pytest.raises(TableError, match="lack factor 'history' of world 'one'"):
        leaderboard(estimates("right"), truths()[lambda t: t["factor"] != "history"])
    with pytest.raises(InputError, match="fewer than two seeds"):
        leaderboard(estimates("right", seeds=1), truths())


def test_proxies_are_the_factors_of_friends_and_address():
    said = estimates("late")
    said["estimate"] += np.where(said["factor"] == "friends", 2.0, 0.0)
    names = {"friends": "relationships", "address": "personal"}
    said, known = (each.replace({"factor": names}) for each in (said, truths()))
    found = leaderboard(said, known)
    for options in ({}, {"proxies": ["relationships", "personal"]}):
        table = leaderboard(said, known, **options).table
        rows = table[
            (table[["sensitive", "size", "world", "rater"]] == "(all)").all(axis=1)
            & (table["measure"] == "error")
            & (table["estimator"] == "late")
        ].set_index("factors")["estimate"]
        # One of three factors, and one of two, is off by four hundredths.
        assert rows["(all)"] == pytest.approx(np.sqrt(16 / 3))
        assert rows["(proxies)"] == pytest.approx(np.sqrt(16 / 2))
    alone = leaderboard(said, known, proxies="personal").table
    own = alone[(alone["factors"] == "(proxies)") & (alone["estimator"] == "late")]
    assert (own[own["measure"] == "error"]["estimate"] == 0).all()
    none = leaderboard(said, known, proxies="nobody").table
    assert set(none["factors"]) == {"(all)"}
    assert found.title == "Which estimator to believe"
    assert found.parameters["titles"] == {"nothing": "saying nothing"}
    assert found.parameters["kinds"] == {"nothing": "baseline"}
    assert found.parameters["worlds"] == ["one", "two"]
    assert found.parameters["raters"] == ["r"]
    assert found.parameters["sensitive"] == ["hukou"]
    assert found.parameters["people"] == [100, 1000]
    assert found.parameters["seeds"] == 6
    assert found.parameters["samples"] == 24
    assert found.notes


def test_every_dimension_has_rows_of_its_own():
    said = estimates("off", off=1.0)
    said["estimate"] += np.where((said["world"] == "two") & (said["people"] == 100), 3.0, 0.0)
    table = leaderboard(said, truths()).table
    errors = table[(table["measure"] == "error") & (table["estimator"] == "off")]
    errors = errors[errors["factors"] == "(all)"]
    at = {
        (row.sensitive, row.size_, row.world, row.rater): row.estimate
        for row in errors.rename(columns={"size": "size_"}).itertuples()
    }
    assert at["(all)", "(all)", "one", "(all)"] == pytest.approx(2.0)
    assert at["(all)", "1000", "(all)", "(all)"] == pytest.approx(2.0)
    small, large = np.sqrt((2.0**2 + 8.0**2) / 2), 2.0
    assert at["(all)", "100", "(all)", "(all)"] == pytest.approx(small)
    # Every cell counts alike, of whatever size.
    both = np.sqrt((small**2 + large**2) / 2)
    assert at["(all)", "(all)", "(all)", "(all)"] == pytest.approx(both)
    assert at["hukou", "(all)", "(all)", "(all)"] == at["(all)", "(all)", "(all)", "r"]
    assert set(errors["samples"]) == {24, 12, 6}
    assert (table["quantity"] == "value").all()


def test_errors_have_ends_of_a_chi_square_over_seeds_that_worlds_share():
    """As uncertain as Student's says the mean of squares is, and skewed as such means are."""
    said = estimates("noisy", noise=2.0, seeds=9, people=(100,))
    row = leaderboard(said, truths(), intervals=0.9).table
    row = row[(row["measure"] == "error") & (row["estimator"] == "noisy")].iloc[0]
    miss = said.assign(off=100 * (said["estimate"] - said["factor"].map(FACTORS)) / 50)
    seeds = miss.assign(square=miss["off"] ** 2).groupby("seed")["square"].mean()
    half = stats.t.ppf(0.95, 8) * seeds.std(ddof=1) / 3
    degrees = 2 * (seeds.mean() * stats.norm.ppf(0.95) / half) ** 2
    ends = np.sqrt(seeds.mean() * degrees / stats.chi2.ppf([0.95, 0.05], degrees))
    assert (row["low"], row["high"]) == pytest.approx(tuple(ends))


def test_intervals_of_shares_and_orders_stay_in_what_can_be():
    table = leaderboard(estimates("noisy", noise=2.0, seeds=9, people=(100,)), truths()).table
    for measure, (least, most) in {"coverage": (0, 1), "top": (0, 1), "rank": (-1, 1)}.items():
        ends = table[table["measure"] == measure][["low", "high"]].dropna()
        assert ends.to_numpy().min() >= least
        assert ends.to_numpy().max() <= most + 1e-12


def test_bias_is_part_of_the_error_weighted_as_it_is():
    # Many seeds of one size, few of another: each cell counts alike in both.
    many = estimates("mixed", off=2.0, noise=1.0, seeds=30, people=(100,))
    few = estimates("mixed", off=4.0, noise=1.0, seeds=3, people=(1000,))
    found = leaderboard(pd.concat([many, few]), truths())
    lasting = np.sqrt((4.0**2 + 8.0**2) / 2)
    assert whole(found, "bias", "mixed") == pytest.approx(lasting, rel=0.1)
    assert whole(found, "bias", "mixed") < whole(found, "error", "mixed")


def test_worlds_held_out_are_in_no_choice_and_have_a_row_together():
    said = estimates("right")
    said.loc[said["world"] == "two", "estimate"] += 2.0
    found = leaderboard(said, truths(), held_out=["two"])
    assert whole(found, "error", "right") == pytest.approx(0.0)
    errors = found.rows("error").query("estimator == 'right'").set_index("world")["estimate"]
    assert errors["(held out)"] == errors["two"] == pytest.approx(4.0)
    with pytest.raises(TableError, match="tow"):
        leaderboard(said, truths(), held_out=["tow"])


def test_estimators_are_held_against_each_other_in_the_same_cells():
    small = estimates("dear", off=0.5, people=(100,))
    table = leaderboard(pd.concat([estimates("off", off=1.0), small]), truths()).table
    sizes = table[table["estimator"] == "dear"]["size"].unique()
    # Tried with few people alone, it is in no mean over sizes.
    assert set(sizes) == {"100"}


def test_an_error_is_behind_the_best_in_the_same_samples():
    said = pd.concat([estimates("off", off=1.0), estimates("worse", off=2.0)])
    table = leaderboard(said, truths(), kinds={"bad": "intervention"}).table
    dimensions = table[["factors", "sensitive", "size", "world", "rater"]]
    whole_rows = table[(dimensions == "(all)").all(axis=1)]
    behind = whole_rows[whole_rows["measure"] == "behind_best"].set_index("estimator")
    assert behind["estimate"]["off"] == pytest.approx(0.0)
    assert behind["estimate"]["worse"] == pytest.approx(2.0)
    over = whole_rows[whole_rows["measure"] == "over_nothing"].set_index("estimator")["estimate"]
    error = whole_rows[whole_rows["measure"] == "error"].set_index("estimator")["estimate"]
    assert over["off"] == pytest.approx(error["off"] - error["nothing"])


def test_where_the_truth_is_nothing_the_error_over_saying_nothing_is_the_whole_error():
    """Saying nothing is right there without chance, and the other's error is not."""
    nothing = truths(**dict.fromkeys(FACTORS, 0.0))
    table = leaderboard(estimates("off", noise=2.0), nothing).table
    own = table[(table["estimator"] == "off") & (table["target"] == "carrier")]
    over = own[own["measure"] == "over_nothing"].set_index(["size", "world", "factors"])
    error = own[own["measure"] == "error"].set_index(["size", "world", "factors"])
    np.testing.assert_allclose(over["estimate"], error["estimate"])
    assert (over["high"] > over["low"]).all()


def test_the_one_that_is_right_most_often_is_named_with_whoever_may_be_as_often():
    named = [
        ("a", Amount(0.64, 0.60, 0.68)),
        ("b", Amount(0.66, 0.6, 0.7)),
        ("c", Amount(0.1, 0.0, 0.2)),
    ]
    assert facts.top(named) == ("b", Amount(0.66, 0.6, 0.7), ["a"])
    # Of what has no interval nobody knows.
    assert facts.top([*named, ("d", Amount(0.2))]) == ("b", Amount(0.66, 0.6, 0.7), ["a", "d"])


def test_a_truth_may_be_that_of_one_size():
    large = truths(friends=9.0).assign(people=1000)
    found = leaderboard(estimates("right"), pd.concat([truths().assign(people=100), large]))
    rows = found.table[
        (found.table[["factors", "sensitive", "world", "rater"]] == "(all)").all(axis=1)
        & (found.table["measure"] == "error")
        & (found.table["estimator"] == "right")
    ].set_index("size")["estimate"]
    assert rows["100"] == pytest.approx(0.0)
    assert rows["1000"] == pytest.approx(np.sqrt(8.0**2 / 3))


@pytest.mark.parametrize(("lead", "counts"), [(0.2, False), (0.26, True)])
def test_a_top_factor_leads_by_half_a_hundredth_of_the_spread(lead, counts):
    found = leaderboard(estimates("right"), truths(address=5.0 - lead))
    assert np.isfinite(whole(found, "top", "right")) == counts


def test_a_verdict_follows_the_interval_of_the_error_as_a_share_of_the_truth():
    told = [estimates("close", noise=0.1), estimates("rough", off=1.3), estimates("far", off=9.0)]
    found = leaderboard(pd.concat(told), truths(), proxies=["friends", "address"], foretold="rough")
    at = {"size": "1000", "factors": "(proxies)"}
    said = {name: facts.measured(found, name, **at).verdict for name in ("close", "rough", "far")}
    assert said == {"close": "Yes", "rough": "Partly", "far": "No"}
    assert facts.samples(found, **at, estimator="close") == 2 * 6
    became = facts.foretold(found, **at)
    assert (became.place, became.of, became.said) == (2, 3, "errs more")
    assert facts.answer(found).plain == "close"  # as it has no plainer name
    tiny = leaderboard(pd.concat(told), truths(friends=0.1, address=0.1), proxies=["friends"])
    assert facts.measured(tiny, "close", **at) is None  # too little to be a share of
    with pytest.raises(TableError, match="foretold"):
        leaderboard(pd.concat(told), truths(), foretold="absent")


def test_the_answer_says_ties_sizes_that_are_too_small_and_what_was_foretold():
    """What cannot be told from the best is tied with it; where nothing helps, that is said."""
    many, little = {"people": (1000,)}, {"people": (100,)}
    told = [estimates(name, noise=0.1, **many) for name in ("close", "near")]
    told.append(estimates("far", off=9.0, **many))
    few = [estimates("close", off=30.0, **little), estimates("far", off=40.0, **little)]
    found = leaderboard(
        pd.concat([*told, *few]), truths(), proxies=["friends", "address"], foretold="far"
    )
    assert [each.size for each in facts.vain(found)] == [100]
    study = StudyResults(
        id="one", title="One", findings=(found,), settings={"lead_with": "leaderboard"}
    )
    answer = said(study, "leaderboard", "answer")
    assert "with 1,000 people the error is " in answer
    assert "; with 100 no method surely helps in any of 2 worlds." in answer
    assert ", tied with one other; the one foretold errs more." in answer
    assert "at place" not in answer
    assert "at place 3 of 3 over friends and address, by the estimates." in said(
        study, "leaderboard"
    )
    abstract = said(study, "leaderboard", "abstract")
    assert "; over all together every method surely errs more." in abstract


def test_intervals_that_hold_the_truth_too_seldom_in_worlds_held_out_are_said():
    found = leaderboard(estimates("right", noise=0.1), truths(), held_out=["one"])
    covered = facts.covered_unseen(found)
    assert covered is not None
    rows = (found.table["measure"] == "coverage") & (found.table["world"] == "(held out)")
    table = found.table.copy()
    table.loc[rows, ["estimate", "low", "high"]] = 0.91, 0.90, 0.92
    told = StudyResults(id="one", title="One", findings=(found.told_as(table=table),))
    assert "where 95\u202f% are meant: too seldom." in said(told, "leaderboard")


def held(found, **more):
    return StudyResults(id="one", title="One", findings=(found,), settings=more)


def test_every_number_of_its_page_leads_to_a_row():
    told = [estimates("right", noise=0.1), estimates("near", noise=0.1), estimates("off", off=20.0)]
    found = leaderboard(
        pd.concat(told), truths(), proxies=["friends", "address"], held_out=["two"], foretold="off"
    )
    words = {"question": "Q?", "prediction": "P.", "refutation": "R."}
    results = StudyResults(
        id="one", title="One", findings=(found,), settings={"lead_with": "leaderboard"}, **words
    )
    page = render(results)  # and each number is held to have a row
    assert "the 1 world that choices look at" in re.sub("<[^>]+>", "", page)


def test_what_no_method_can_with_few_people_is_said_beside_what_they_can_in_worlds_held_out():
    """In 'two' the harm is a hundred times as large, and an error of 30 is little."""
    told = [estimates("close", noise=0.1, people=(1000,))]
    few = [
        estimates(name, off=off, people=(100,)) for name, off in (("close", 30.0), ("far", 40.0))
    ]
    harm = truths()
    harm.loc[harm["world"] == "two", "truth"] *= 100
    told = pd.concat([*told, *few])
    told.loc[told["world"] == "two", ["estimate", "low", "high"]] += (
        99 * told["factor"].map(FACTORS).to_numpy()[told["world"] == "two", np.newaxis]
    )
    found = leaderboard(told, harm, proxies=["friends", "address"], held_out=["two"])
    answer = said(held(found, lead_with="leaderboard"), "leaderboard", "answer")
    assert "; with 100 some method surely helps in one of 2 worlds." in answer
    abstract = said(held(found, lead_with="leaderboard"), "leaderboard", "abstract")
    assert (
        "With 100 people some method surely errs less on this harm than saying nothing in one of "
        "2 worlds; over those that choices look at together every method surely errs more."
    ) in abstract
    text = " ".join(said(held(found), "leaderboard").split())
    assert "; over those held out 2 of 2 methods surely err less." in text


def test_a_mean_over_worlds_says_between_what_it_lies_and_where_there_is_no_harm():
    """An error alike everywhere is little of a large harm, much of a small one, found of none."""
    worlds = ("large", "small", "void", "out")
    names = dict(zip(worlds, (10.0, 1.0, 0.0, 3.0), strict=True))
    told, harm = [], []
    for world, times in names.items():
        true = truths().query("world == 'one'").assign(world=world)
        harm.append(true.assign(truth=times * true["truth"]))
        one = estimates("off", off=1.0, noise=0.1).query("world == 'one'").assign(world=world)
        shift = (times - 1.0) * one["factor"].map(FACTORS)
        told.append(one.assign(**{end: one[end] + shift for end in ("estimate", "low", "high")}))
    found = leaderboard(
        pd.concat(told), pd.concat(harm), proxies=["friends", "address"], held_out=["out"]
    )
    own = facts.shares(found)
    assert own.most.estimate == pytest.approx(10.0 * own.least.estimate, rel=0.2)
    assert facts.shares(found, "(held out)") is None  # of one world there is no range
    chosen, some = facts.harmless(found)
    assert (chosen, [each.world for each in some]) == ("off", ["void"])
    study = held(found, lead_with="leaderboard")
    assert ", by world " in unmarked(said(study, "leaderboard", "answer"))
    note = unmarked(said(study, "leaderboard", "answer_note"))
    assert "in one of 4 worlds there is none of this harm" in note
    assert "off surely finds some in one world without any." in said(
        study, "leaderboard", "abstract"
    )
    tables = {each.caption.split(" (")[0]: each for each in ranking_tables(found)}
    by_world = tables[
        "The estimator with the least error over the worlds that choices look at, "
        "friends and address, by world"
    ]
    lines = {line[0]: line for line in dict(by_world.bodies)["off, 1,000 people"]}
    assert lines["void"][4] == EMPTY
    assert lines["large"][4] != EMPTY


def test_who_says_nothing_names_no_factor():
    """The first of a list of zeros is no factor that was named."""
    found = leaderboard(estimates("right"), truths())
    own = found.table[(found.table["estimator"] == "nothing") & (found.table["measure"] == "top")]
    assert (own["estimate"].dropna() == 0.0).all()
    ranked = ranking_tables(found)[0]
    at = ranked.head.index("Largest part right")
    cells = {line[0]: line[at] for _, lines in ranked.bodies for line in lines}
    assert cells["saying nothing"] == EMPTY
    assert cells["right"] != EMPTY


def test_that_the_one_foretold_errs_more_is_said_of_no_rater_where_it_is_not_sure():
    both = [estimates(name, noise=0.1).assign(rater=rater) for name in ("a", "b") for rater in "rs"]
    true = pd.concat([truths().assign(rater=rater) for rater in "rs"])
    found = leaderboard(pd.concat(both), true, proxies=["friends", "address"], foretold="b")
    table = found.table.copy()
    behind = (table["measure"] == "behind_best") & (table["estimator"] == "b")
    for rater, ends in {
        "(all)": (1.0, 0.5, 1.5),
        "r": (1.5, 0.9, 2.1),
        "s": (0.5, -0.1, 1.1),
    }.items():
        table.loc[behind & (table["rater"] == rater), ["estimate", "low", "high"]] = ends
    told = held(found.told_as(table=table), lead_with="leaderboard")
    note = said(told, "leaderboard", "answer_note")
    assert "That the one foretold errs more is not sure at s." in note


def test_an_answer_of_names_as_long_as_the_study_s_is_short():
    """Sixty words, however many of its clauses there are."""
    told = [estimates(name, noise=0.1, people=(1000,)) for name in ("swap_shapley", "near")]
    told.append(estimates("block_shapley", off=20.0, people=(1000,)))
    few = [estimates(name, off=30.0, people=(100,)) for name in ("swap_shapley", "near")]
    found = leaderboard(
        pd.concat([*told, *few]),
        truths(),
        proxies=["friends", "address"],
        held_out=["two"],
        foretold="block_shapley",
    )
    answer = unmarked(said(held(found), "leaderboard", "answer"))
    assert "swapping each kind of record between the groups, tied with one other" in answer
    assert "no method surely helps in any of 2 worlds" in answer
    assert len(re.sub(r"\([^()]*\d to [^()]*\)|\*\*", "", answer).split()) <= 60


def test_no_method_is_said_to_err_more_where_one_may_err_less():
    few = [estimates("unsure", noise=4.0, people=(100,)), estimates("bad", off=30.0, people=(100,))]
    found = leaderboard(pd.concat(few), truths(), proxies=["friends", "address"])
    beside = facts.against_nothing(found, "100")
    assert (beside.better, beside.worse, beside.tried) == (0, 1, 2)
    abstract = said(held(found), "leaderboard", "abstract")
    assert "; over all together no method surely errs less." in abstract
    nowhere = (
        "over all factors, none of 2 methods surely errs less than saying nothing in all worlds."
    )
    assert nowhere in said(held(found), "leaderboard")


def test_where_methods_help_in_worlds_held_out_that_is_said():
    """That none helps, said of no worlds, is false of those that no choice looked at."""
    few = [estimates(name, off=30.0, people=(100,)) for name in ("one", "two")]
    told = pd.concat(few)
    told.loc[told["world"] == "two", "estimate"] -= 30.0
    found = leaderboard(told, truths(), proxies=["friends", "address"], held_out=["two"])
    text = " ".join(said(held(found), "leaderboard").split())
    assert (
        "over all factors, none of 2 methods surely errs less than saying nothing in the 1 world "
        "that choices look at, and 2 of 2 in those held out."
    ) in text


def test_one_that_is_of_one_rater_alone_is_held_against_nothing_there():
    both = [estimates("bad", off=30.0).assign(rater=rater) for rater in ("r", "s")]
    own = estimates("own", noise=0.1).assign(rater="s")
    true = pd.concat([truths().assign(rater=rater) for rater in ("r", "s")])
    found = leaderboard(pd.concat([*both, own]), true, proxies=["friends", "address"])
    beside = facts.against_nothing(found, "100")
    assert (beside.better, beside.worse, beside.tried) == (1, 1, 2)
    assert facts.vain(found) == []
    # And it is in a table: a method that the words count and name is in some.
    tables = ranking_tables(found)
    heads = [each.head for each in tables if "By rater" in dict(each.bodies)]
    assert all("own" in head for head in heads)


def test_a_choice_that_looks_at_some_worlds_is_not_said_to_be_over_all():
    told = [estimates("off", off=1.0), estimates("worse", off=2.0)]
    some = leaderboard(pd.concat(told), truths(), held_out=["two"])
    assert "chosen over the 1 world that choices look at" in said(held(some), "leaderboard")
    assert "over the worlds that choices look at, by world" in ranking_tables(some)[1].caption
    every = leaderboard(pd.concat(told), truths())
    assert "chosen over all worlds" in said(held(every), "leaderboard")


@pytest.mark.parametrize(
    ("noise", "words"),
    [
        (0.0, "is surely worse than saying nothing in two of two worlds"),
        (40.0, "is not clearly better than saying nothing in two of two worlds"),
    ],
)
def test_what_is_surely_worse_than_saying_nothing_is_not_called_not_clearly_better(noise, words):
    off = 30.0 if not noise else 0.0
    given = pd.concat([estimates("off", off=off, noise=0.1 + noise / 8)])
    found = leaderboard(given, truths())
    assert words in said(held(found), "leaderboard", "abstract")


def test_that_the_truth_is_nothing_is_said_where_saying_nothing_is_best():
    nothing = truths(**dict.fromkeys(FACTORS, 0.0))
    found = leaderboard(estimates("off", noise=2.0), nothing)
    abstract = said(held(found), "leaderboard", "abstract")
    assert "surely worse than saying nothing in two of two worlds" in abstract
    assert "With 1,000, over all factors, " in abstract
    assert "(in two the truth is nothing)" in abstract


def test_what_ties_and_what_names_the_largest_part_is_shown_in_a_table():
    """That one cannot be told from the best is a row, and not what two intervals look like."""
    said_of = [estimates("right", noise=0.1), estimates("near", noise=0.1), estimates("off", off=5)]
    found = leaderboard(pd.concat(said_of), truths(), proxies=["friends", "address"])
    captions = {each.caption.split(",")[0].split(" (")[0]: each for each in ranking_tables(found)}
    behind = captions["Error less that of the attribution with the least in its place"]
    first = dict(behind.bodies)["1,000 people"][0]
    assert first[0] == "friends and address"
    assert len(first) == 1 + 3
    rightly = captions["How often the largest part is named rightly"]
    assert [line[0] for line in rightly.bodies[0][1]] == ["one", "two"]
