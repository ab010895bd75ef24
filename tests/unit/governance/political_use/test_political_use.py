"""Power over societies: off is off, more is found of more, and the page says what is unseen."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import Context, InputError, StudyResults
from credit_ml.governance import PoliticalOptions, PoliticalUse, political_use
from credit_ml.governance.political_use import facts
from credit_ml.governance.political_use.abuse import Audited
from credit_ml.governance.political_use.detected import abuse_detected, abuse_is_defined
from credit_ml.governance.political_use.facts import political_tables
from credit_ml.governance.political_use.instrument import POLITICAL_USE, PoliticalUseOption
from credit_ml.governance.political_use.options import named_rates
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.sections import MOST_WORDS, abstract, cards
from credit_ml.reports.templating import said
from credit_ml.society import Population, World
from credit_ml.studies import load_study

FEW = PoliticalOptions(sizes=(500, 2_000), rates=(0.0, 0.5, 1.0), societies=24, cities=12)


@pytest.fixture(scope="module")
def society():
    return World(citizens=2_000, seed=6).simulate()


@pytest.fixture(scope="module")
def rater(society):
    return load_agency("sesame").with_scorer("logistic").fit(society)


@pytest.fixture(scope="module")
def found(rater, society) -> PoliticalUse:
    return political_use(rater, society, options=FEW, sensitive="hukou", seed=1)


def test_a_rate_of_zero_leaves_every_byte(rater, society) -> None:
    case = Audited.of(rater, society, FEW, [], 1)
    own = rater.score(rater.agency.view(society).X).to_numpy(dtype=np.float64)
    assert case.marked_down([0.0], 500.0).tobytes() == own.tobytes()
    assert np.array_equal(case.listed([0.0])[:, 0], case.ordered | case.mistaken)


def test_rates_share_their_chance(rater, society) -> None:
    case = Audited.of(rater, society, FEW, [], 1)
    hit = case.hit([0.0, 0.2, 0.7, 1.0])
    assert (hit[:, :-1] <= hit[:, 1:]).all()
    assert np.array_equal(hit[:, -1], case.critic)
    points = case.marked_down([0.0, 0.2, 0.7, 1.0], 10.0)
    assert np.allclose(points[:, :1] - points, 10.0 * hit)


def test_nothing_of_rate_zero_hangs_on_the_penalty(found, rater, society) -> None:
    harsher = replace(FEW, penalty=3.0, worse=0.0)
    again = political_use(rater, society, options=harsher, sensitive="hukou", seed=1)

    def honest(finding):
        rows = finding.table.query("setting == 'alike' and rate == '0' and measure == 'power'")
        # What an auditor without names weighs scores by is the penalty itself.
        return rows[rows["information"] != "scores"].reset_index(drop=True)

    assert honest(found).equals(honest(again))


@pytest.mark.parametrize("abuse", ["points", "list"])
def test_power_grows_with_the_rate_citizens_and_information(found, abuse) -> None:
    for given in ("posts", "records"):
        small, large = (found.curve(abuse, given, size)["estimate"] for size in FEW.sizes)
        assert small.is_monotonic_increasing
        assert large.is_monotonic_increasing
        assert large[1.0] >= small[1.0]
        assert large[1.0] > 0.5 > large[0.0]
    none, some, most = (
        found.curve(abuse, given, 500)["estimate"] for given in ("scores", "posts", "records")
    )
    assert none[1.0] < some[1.0] <= most[1.0]
    assert some[0.5] < most[0.5]


def test_simulated_powers_are_near_their_closed_form(found) -> None:
    rows = found.table.query("abuse == 'points' and group == 'all' and information != 'scores'")
    wide = rows.pivot_table(
        index=["information", "size", "rate"], columns="measure", values="estimate"
    )
    apart = (wide["power"] - wide["formula"]).dropna()
    # Of 24 societies a share of one half is known within 0.2.
    assert len(apart) == 12
    assert apart.abs().max() < 0.25
    assert abs(apart.mean()) < 0.08


def test_abuse_of_fewer_critics_is_found_less_often(found) -> None:
    urban, rural = (
        found.curve("points", "records", 2_000, group)["estimate"] for group in ("urban", "rural")
    )
    assert urban[0.5] > rural[0.5]


def test_worse_records_deceive_whoever_lacks_them(found) -> None:
    worse = found.table.query("setting == 'worse_records' and abuse == 'points'")
    alarms = worse.set_index("information")["estimate"]
    assert alarms["posts"] > 0.3 > alarms["records"]


def test_smallest_rates_lie_between_and_say_when_there_is_none(found) -> None:
    rows = found.table.query("measure == 'smallest' and group == 'all'")
    known = rows.dropna(subset=["estimate"])
    assert (known["low"] <= known["estimate"]).all()
    assert (known["estimate"] <= known["high"]).all()
    missing = rows[rows["estimate"].isna()]
    assert set(missing["reason"]) == {"not found"}
    assert missing.query("information == 'scores' and abuse == 'points'").shape[0] == 2


def test_of_many_rates_tables_show_a_few(found) -> None:
    assert named_rates(FEW.rates) == list(FEW.rates)
    many = named_rates(np.linspace(0, 1, 101))
    assert many == [0.0, 0.05, 0.1, 0.25, 0.5, 1.0]
    assert len(next(iter(political_tables(found))).head) == 2 + len(FEW.rates)


@pytest.fixture(scope="module")
def results(found) -> StudyResults:
    return StudyResults(id="one", title="One", findings=(found,))


def test_the_page_answers_first_in_words(results, told_words) -> None:
    """A verdict and three sentences that can be quoted: of whom, how much, and what is assumed."""
    answer = said(results, "political_use", "answer")
    assert answer.startswith("**Partly:** in a simulated city of 2,000, ")
    assert "points taken from critics (assumed) are found from records and scores" in answer
    assert "scores alone " in answer
    assert "**A list at will** " in answer
    assert told_words(answer) <= 60
    assert answer.count("**") == 6


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((0.07, 0.09), "hardly, even if all do"),
        ((0.07, 0.13), "in 8\u202f% (7 to 13) of cities where every critic does"),
        ((0.60, 0.70), "of cities where every critic does"),
    ],
)
def test_scores_alone_hardly_show_it_only_where_alarms_are_near_the_false_ones(
    found, ends, words
) -> None:
    estimate = 0.08 if ends[0] < 0.5 else 0.65
    assert words in facts.seldom(found, Amount(estimate, *ends))


def test_a_list_shows_in_its_length_where_scores_alone_show_nothing(found, results) -> None:
    """What scores alone do not show is said of points taken; of lists what their length does."""
    told = said(results, "political_use", "answer").split("**A list at will** ")[1]
    assert told.startswith("does not show by length, not even if all are")
    rows = found.table.assign()
    of_lists = (rows["abuse"] == "list") & (rows["information"] == "scores")
    smallest = of_lists & (rows["measure"] == "smallest")
    rows.loc[smallest, ["estimate", "low", "high"]] = 0.45, 0.4, 0.5
    seen = StudyResults(id="one", title="One", findings=(replace(found, table=rows),))
    told = said(seen, "political_use", "answer").split("**A list at will** ")[1]
    assert told.startswith("shows by length, once 45")
    assert "a list at will shows in its length" in said(seen, "political_use", "headline")


def test_the_abstract_says_of_how_large_a_city_and_how_many_points(results) -> None:
    told = said(results, "political_use", "abstract")
    assert told.startswith("**What can an auditor detect?** In a simulated city of 2,000, if ")
    assert (
        "points are taken (assumed), records and scores show it, four times in five, once" in told
    )
    assert re.search(r"of critics are hit; of 500 once \d+\s% are\.", told)
    assert "scores alone not even if all are." in told
    assert "**What stays unseen?** Silent critics" in told
    assert told.endswith("Silence clears nobody.")
    assert len(told.split()) <= MOST_WORDS
    whole = said(results, "political_use")
    assert "**What none of them can see.** Critics who do not post" in whole
    assert "0.75 standard deviations of the score" in whole
    assert "were all seen" not in told + whole


def test_the_abstract_fits_whole_and_its_cards_name_the_city(results) -> None:
    leading = replace(results, settings={"lead_with": "political_use"})
    assert abstract(leading)[-1].text.endswith("clears nobody.")
    made = cards(leading)
    assert made
    for card in made[:2]:
        assert "in a city of 2,000" in card.meaning
        assert card.reference.startswith("of 500: ")


def test_false_alarms_are_told_of_both_kinds_of_abuse_and_of_what_is_assumed(results) -> None:
    """How much worse lawful records are is chosen, and what posts do of lists is another number."""
    text = " ".join(said(results, "political_use").split())
    told = text.split("Where critics' records are worse")[1].split(": with records")[0]
    assert told.startswith(", lawfully, by ")
    assert "standard deviations (assumed)," in told
    assert told.count(" and of lists in ") == 3


def test_clauses_on_false_alarms_are_held_on_every_abuse() -> None:
    asked = [each for each in load_study("political_use").checks if "false" in str(each.where)]
    assert [(each.every, "abuse" in each.where) for each in asked] == [(True, False)] * 2


def test_tables_and_figure_hold_every_size(found) -> None:
    assert any("falsified" in note for note in found.notes)
    views = list(political_tables(found))
    assert len(views) == 3
    assert len(views[0].bodies) == len(FEW.sizes)
    assert "critics who are hit" in found.plot().get_xlabel()


def test_shares_are_held_against_what_they_should_be(found) -> None:
    alarms, powers = facts.false_alarms_held(found), facts.formulas_held(found)
    tests = found.table.query("setting == 'alike' and measure == 'power' and rate == '0'")
    assert int(alarms.number) == len(tests)
    # Of everybody: two abuses, two sets of information, two sizes, two rates above 0.
    assert int(powers.number) == 16
    assert 0 <= int(powers.outside) <= 8
    assert facts.often(found, Amount(0.05, 0.03, 0.08)) == "as often as meant"
    assert facts.often(found, Amount(0.98, 0.95, 1.0)) == "nearly always"
    assert facts.often(found, Amount(0.3, 0.2, 0.4)) == "too often"


NOTHING = float("nan")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"rates": (0.0, 1.2)}, r"rates: are \[0.0, 1.2\]; give rising shares from 0 to 1"),
        ({"rates": (-0.1, 0.5)}, "give rising shares from 0 to 1"),
        ({"rates": (0.1, 0.5)}, "rates: lack 0"),
        ({"rates": ()}, r"rates: are \[\]; give finite numbers that rise"),
        ({"rates": (0.0, NOTHING)}, "rates: are"),
        ({"rates": (0.0, "half")}, "rates: are"),
        ({"rates": 0.5}, "rates: are 0.5"),
        ({"sizes": (500, 100)}, "sizes: are"),
        ({"sizes": (3,)}, "sizes: are"),
        ({"sizes": ()}, "sizes: are"),
        ({"sizes": (500.5,)}, "sizes: are"),
        ({"penalty": 0.0}, "penalty: is 0"),
        ({"penalty": float("inf")}, "penalty: is inf"),
        ({"posts": 0}, "posts: is 0"),
        ({"posts": 2.5}, "posts: is 2.5; give a whole number"),
        ({"mistakes": 1.5}, "mistakes: is 1.5"),
        ({"mistakes": 0}, "mistakes: is 0; give a number above 0 and under 1: without"),
        ({"worse": NOTHING}, "worse: is nan; give 0 to 5"),
        ({"worse": -1.0}, "worse: is -1"),
        ({"alpha": 0}, "alpha: is 0; give a number above 0 and under 0.5"),
        ({"alpha": NOTHING}, "alpha: is nan"),
        ({"power": 0}, "power: is 0; give a number above 0.05 and under 1"),
        ({"power": 1.0}, "power: is 1"),
        ({"societies": 3}, "societies: is 3"),
        ({"societies": -8}, "societies: is -8"),
        ({"societies": 8}, "cities: are 20 beside 8 societies"),
        ({"cities": 1}, "cities: is 1; give a whole number of at least 2"),
    ],
)
def test_options_that_cannot_be_are_refused(asked, problem) -> None:
    with pytest.raises(InputError, match=problem):
        PoliticalOptions(**asked)


@pytest.mark.parametrize("name", [each.name for each in fields(PoliticalOptions)])
@pytest.mark.parametrize("value", [NOTHING, float("inf"), -1, "x", None, True, ()])
def test_no_field_takes_what_it_cannot_mean(name, value) -> None:
    with pytest.raises(InputError, match=rf"^{name}: ") as told:
        PoliticalOptions(**{name: value})
    assert "\n" not in str(told.value)


def test_a_study_of_an_agency_that_reads_posts_is_refused_before_any_work() -> None:
    def asked(agency):
        given = {"sensitive": ("hukou",), "option": PoliticalUseOption()}
        return Context(agencies=(load_agency(agency),), **given)

    POLITICAL_USE.check(asked("sesame"))
    with pytest.raises(InputError, match="agency 'council': reads 'critical_posts'"):
        POLITICAL_USE.check(asked("council"))


@pytest.mark.parametrize("agency", ["council", "national", "all_in_one"])
def test_where_the_score_counts_posts_there_is_no_chance_to_find_abuse(society, agency) -> None:
    rater = load_agency(agency).with_scorer("scorecard").fit(society)
    with pytest.raises(InputError, match="moves with posts lawfully; give an agency without"):
        abuse_detected(rater, society, "posts")
    with pytest.raises(InputError, match="reads 'critical_posts'"):
        political_use(rater, society, options=FEW)
    assert not abuse_is_defined(rater, society, "posts")
    for given in ("scores", "records"):
        assert abuse_is_defined(rater, society, given)
        assert 0.0 < abuse_detected(rater, society, given) <= 1.0


@pytest.mark.parametrize("given", ["scores", "posts", "records"])
def test_without_critics_no_chance_is_told(rater, given) -> None:
    nobody = World(citizens=500, seed=6, population=Population(critics=0.0)).simulate()
    with pytest.raises(InputError, match="critics: are none; give the world more"):
        abuse_detected(rater, nobody, given)
    assert not abuse_is_defined(rater, nobody, given)


def test_a_society_without_critics_or_posts_is_refused(rater, society) -> None:
    def refused(problem, options=FEW, sensitive=None, **mechanisms):
        one = replace(World(citizens=2_000, seed=6), **mechanisms).simulate()
        with pytest.raises(InputError, match=problem):
            political_use(rater, one, options=options, sensitive=sensitive)

    refused("critics: are none", population=Population(critics=0.0))
    refused("nowhere 2 or more", behaviour=replace(World().behaviour, posts=0.0))
    refused("sizes: are 20,000, and the world has 2,000", options=PoliticalOptions())
    refused("sensitive: 'hukuo' is unknown", sensitive="hukuo")


@pytest.mark.parametrize("rate", [0.0, -0.5, 1.5, "half"])
@pytest.mark.parametrize("options", [None, PoliticalOptions()])
def test_a_rate_that_is_no_share_is_refused_before_any_work(rate, options) -> None:
    with pytest.raises(InputError, match=r"rate: is .*; give a share of critics"):
        abuse_detected(None, None, "records", rate=rate, options=options)


def test_so_many_citizens_as_are_needed_have_the_power(found) -> None:
    """Where the closed form's power is 80 % among all, it takes as many citizens as there are."""
    rows = found.table.query("group == 'all' and size == '2000'").set_index("rate")
    for _, cell in rows.groupby(["abuse", "information"]):
        needed = cell[cell["measure"] == "needed"]["estimate"]
        formula = cell[cell["measure"] == "formula"]["estimate"]
        for rate, citizens in needed.items():
            assert (citizens <= 2_000) == (formula[rate] >= 0.8)
    told = rows[rows["measure"] == "needed"]
    assert set(told["information"]) == {"posts", "records"}
    assert set(told["abuse"]) == {"points", "list"}


def test_samples_without_two_marked_people_are_counted(rater, society) -> None:
    """No alarm can be raised there, so that false alarms are fewer than said."""
    few = replace(FEW, sizes=(40, 2_000), worse=0.0)
    table = political_use(rater, society, options=few, seed=1).table.query("group == 'all'")
    untested = table[table["measure"] == "untested"].set_index(["information", "abuse", "size"])
    share = untested["estimate"]
    assert share["posts", "points", "40"] > 0.5
    assert share["posts", "points", "2000"] == 0.0
    power = table.query("measure == 'power' and size == '40' and rate == '1'")
    worst = power.query("information == 'posts' and abuse == 'points'")["estimate"].iloc[0]
    assert worst <= 1.0 - share["posts", "points", "40"]


def test_what_shows_abuse_where_there_is_none_is_said_where_the_page_answers(
    found, results
) -> None:
    """Posts raise an alarm without any abuse where critics' records are worse: a false one."""
    worse = (found.table["setting"] == "worse_records") & (found.table["information"] == "posts")
    told = {}
    for alarms in (1.0, 0.05):
        table = found.table.copy()
        ends = {"low": alarms - 0.02, "high": min(alarms + 0.02, 1.0)}
        table.loc[worse, ["estimate", "low", "high"]] = alarms, *ends.values()
        told[alarms] = replace(found, table=table)
    assert [facts.mostly_false(each) for each in told.values()] == [True, False]
    study = replace(results, findings=(told[1.0],))
    assert "if records are alike" in said(study, "political_use", "answer")
    quiet = replace(results, findings=(told[0.05],))
    assert "alike" not in said(quiet, "political_use", "answer")


def test_that_a_list_s_length_shows_it_where_records_are_alike_alone_is_said(
    found, results
) -> None:
    longer = (found.table["setting"] == "worse_records") & (found.table["abuse"] == "list")
    longer &= found.table["information"] == "scores"
    for ends, misleads in (((0.07, 0.06, 0.09), True), ((0.06, 0.04, 0.08), False)):
        table = found.table.copy()
        table.loc[longer, ["estimate", "low", "high"]] = ends
        own = replace(found, table=table)
        assert facts.length_misleads(own) == misleads
        told = said(replace(results, findings=(own,)), "political_use", "answer")
        assert told.split("**A list at will**")[1].endswith("alike.") == misleads


def test_that_more_citizens_do_not_help_is_read_from_both_sizes(found, results) -> None:
    scores = (found.table["information"] == "scores") & (found.table["abuse"] == "points")
    few = found.table["size"] == str(facts.fewest_citizens(found))
    every = scores & (found.table["measure"] == "power") & (found.table["rate"] == "1")
    for alarms, said_so in ((0.08, True), (0.5, False)):
        table = found.table.copy()
        table.loc[every, ["estimate", "low", "high"]] = 0.08, 0.07, 0.09
        table.loc[every & few, ["estimate", "low", "high"]] = alarms, alarms - 0.01, alarms + 0.01
        study = replace(results, findings=(replace(found, table=table),))
        told = said(study, "political_use")
        assert ("That more citizens help cannot be told" in told) == said_so
        assert "do not help" not in told


def test_what_a_formula_asks_of_a_small_city_is_held_against_a_small_one(found, results) -> None:
    """In a city of fifteen times as many nearly anything is found, whatever a formula says."""
    rate = facts.told_rate(found)
    assert facts.like_size(found, "points", "scores", rate) is None  # there is no closed form
    table = found.table.copy()
    own = (table["information"] == "posts") & (table["abuse"] == "list") & (table["group"] == "all")
    own &= (table["setting"] == "alike") & (table["rate"] == f"{rate:g}")
    table.loc[own & (table["measure"] == "needed"), "estimate"] = 520.0
    for size, power in (("500", 0.77), ("2000", 1.0)):
        here = own & (table["measure"] == "power") & (table["size"] == size)
        table.loc[here, ["estimate", "low", "high"]] = power, power - 0.04, power
    study = replace(results, findings=(replace(found, table=table),))
    text = " ".join(said(study, "political_use").split())
    assert "which counts who is hit as chance; simulated, in a city of 500, it was found 77" in text
