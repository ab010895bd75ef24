"""Power over societies: off is off, more is found of more, and the page says what is unseen."""

from dataclasses import replace

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, StudyResults
from credit_ml.governance import PoliticalOptions, PoliticalUse, listings_needed, political_use
from credit_ml.governance.political_use.abuse import Audited
from credit_ml.governance.political_use.closed_form import listings_power
from credit_ml.governance.political_use.compute import first_reaching
from credit_ml.governance.political_use.detected import abuse_detected
from credit_ml.governance.political_use.facts import political_tables
from credit_ml.reports.sections import MOST_WORDS
from credit_ml.reports.templating import said
from credit_ml.society import Population, World

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
    assert np.isnan(first_reaching(np.array([0.0, 1.0]), np.array([0.1, 0.7]), 0.8))
    assert first_reaching(np.array([0.0, 1.0]), np.array([0.9, 0.9]), 0.8) == 0.0


def test_the_page_answers_first_in_words(found) -> None:
    results = StudyResults(id="one", title="One", findings=(found,))
    answer = said(results, "political_use", "abstract")
    assert answer.startswith("**What can an auditor detect?**")
    assert "with scores alone, not even all." in answer
    assert "**What stays unseen?** Silenced critics" in answer
    assert answer.endswith("No alarm is no clean bill.")
    assert len(answer.split()) <= MOST_WORDS
    assert "**What none of them can see.** Critics who do not post" in said(
        results, "political_use"
    )
    assert any("falsified" in note for note in found.notes)
    views = list(political_tables(found))
    assert len(views) == 3
    assert len(views[0].bodies) == len(FEW.sizes)
    assert "critics who are hit" in found.plot().get_xlabel()


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"rates": (0.0, 1.2)}, r"rates: are \[0.0, 1.2\]; give rising shares from 0 to 1"),
        ({"rates": (-0.1, 0.5)}, "give rising shares from 0 to 1"),
        ({"rates": (0.1, 0.5)}, "rates: lack 0"),
        ({"rates": ()}, "rates: are"),
        ({"sizes": (500, 100)}, "sizes: are"),
        ({"sizes": (3,)}, "sizes: are"),
        ({"penalty": 0.0}, "penalty: is 0"),
        ({"posts": 0}, "posts: is 0"),
        ({"mistakes": 1.5}, "mistakes: is 1.5"),
        ({"societies": 3}, "societies: is 3"),
        ({"societies": 8}, "cities: are 20 beside 8 societies"),
    ],
)
def test_options_that_cannot_be_are_refused(asked, problem) -> None:
    with pytest.raises(InputError, match=problem):
        PoliticalOptions(**asked)


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


def test_the_number_needed_undoes_the_power_of_listings(rater, society) -> None:
    """Both count critics who are not marked, and so stand among the others."""
    case = Audited.of(rater, society, FEW, [], 1)
    rates, rows = np.asarray(FEW.rates), np.arange(len(society))
    told = case._of_list(FEW, case.listed(FEW.rates), rows)
    law, last = told["law"], float(rates[-1])
    others = law["listed"] + last * law["elsewhere"]
    of = (others, last * law["effect"], law["share"])
    assert listings_power(*of, len(rows), FEW.alpha) == pytest.approx(told["formula"][-1])
    number = listings_needed(*of, power=0.8, alpha=FEW.alpha, sides=1)
    assert listings_power(*of, number, FEW.alpha) >= 0.8 - 1e-9
    assert listings_power(*of, number - 1, FEW.alpha) < 0.8
