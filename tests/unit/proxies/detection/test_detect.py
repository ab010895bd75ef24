"""Finding proxies: what tells the feature, what is redundant, what works only together."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.metrics import log_loss, mutual_info_score, roc_auc_score

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError, TableError
from credit_ml.proxies import (
    ClusterSearch,
    Guesses,
    Proxies,
    ProxyClusters,
    detect_proxies,
    proxy_clusters,
)
from credit_ml.proxies.detection.predictability import GroupPredictor
from credit_ml.proxies.detection.proxy_clusters import information, interaction_information
from credit_ml.society import load_world


def people(number=2000, seed=0, shift=1.0):
    """`one` and `two` are copies that follow the group, `luck` follows nothing."""
    random = np.random.default_rng(seed)
    group = random.random(number) < 0.5
    one = random.normal(size=number) + shift * group
    frame = pd.DataFrame(
        {
            "one": one,
            "two": one,
            "luck": random.normal(size=number),
            "sex": np.where(group, "f", "m"),
        }
    )
    return Dataset.from_frame(frame, target=None, sensitive=["sex"])


def score(X):
    return 10.0 * X["one"] + 0 * X["luck"]


@pytest.fixture(scope="module")
def found():
    return detect_proxies(people(), sensitive="sex", model=score)


def measured(found, name, level="factor"):
    rows = found.table[(found.table["name"] == name) & (found.table["level"] == level)]
    return rows.set_index("measure")[["estimate", "low", "high"]]


def test_copies_tell_as_much_alone_and_add_nothing(found):
    for name in ("one", "two"):
        got = measured(found, name)
        # Two normals one apart: AUC is Phi(1 / root 2).
        assert got["low"]["auc"] < norm.cdf(2**-0.5) < got["high"]["auc"] + 0.02
        assert got["low"]["added_auc"] <= 1e-9 <= got["high"]["added_auc"] + 1e-9
        assert got["estimate"]["added_information"] < 0.005
    assert measured(found, "one")["low"]["information"] > 0.05


def test_what_follows_nothing_tells_nothing(found):
    got = measured(found, "luck")
    assert got["low"]["auc"] <= 0.5 <= got["high"]["auc"]
    assert got["low"]["information"] == 0
    assert got["estimate"]["information"] < 0.005
    assert got["low"]["added_information"] == 0


def test_a_proxy_is_used_as_well_as_predicting(found):
    assert measured(found, "two").loc["influence", "estimate"] == 0
    assert measured(found, "luck").loc["decisions", "estimate"] == 0
    own = measured(found, "one")
    # Mean absolute difference of two random people, 10 times.
    x = people().X["one"].to_numpy()
    expected = 10 * np.abs(x[:, None] - x[None, :]).mean()
    assert own["low"]["influence"] < expected < own["high"]["influence"]
    # Half are above the median: half of everybody else's records are on the other side.
    assert own["low"]["decisions"] < 0.5 < own["high"]["decisions"]


def test_auc_of_what_tells_nothing_covers_a_half():
    hits = []
    for seed in range(80):
        random = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {"luck": random.normal(size=240), "sex": random.choice(["f", "m"], 240)}
        )
        data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
        guesser = GroupPredictor.of(data, "sex", folds=2, seed=seed, iterations=10)
        low, high = guesser.predictability(["luck"]).auc.interval()
        hits.append(low <= 0.5 <= high)
    # Three standard errors of a share of 80 are 0.07; without what folds share it was 0.86.
    assert np.mean(hits) > 0.88


def test_judgements_agree_with_scikit_learn():
    data = people(600)
    guesser = GroupPredictor.of(data, "sex", folds=2, seed=0)
    guess = guesser.guessed(["one"])
    found = guesser.judged(guess)
    blind = log_loss(guesser.groups, guesser.guessed([]))
    expected = 1 - log_loss(guesser.groups, guess) / blind
    assert float(found.information) == pytest.approx(expected, abs=1e-3)
    shown = [
        (guesser.fold == f).mean()
        * roc_auc_score(guesser.groups[guesser.fold == f], guess[guesser.fold == f, 1])
        for f in (0, 1)
    ]
    assert float(found.auc) == pytest.approx(sum(shown))


def test_more_than_two_groups_are_told_one_against_the_rest():
    random = np.random.default_rng(3)
    group = random.choice(3, 1500)
    frame = pd.DataFrame(
        {
            "x": group + 0.1 * random.normal(size=1500),
            "luck": random.random(1500),
            "age": np.array(["young", "middle", "old"])[group],
        }
    )
    data = Dataset.from_frame(frame, target=None, sensitive=["age"])
    found = detect_proxies(data, sensitive="age", guesses=Guesses(columns=False))
    assert measured(found, "x")["estimate"]["auc"] > 0.99
    got = measured(found, "luck")
    assert got["low"]["auc"] <= 0.5 <= got["high"]["auc"] + 0.02


def test_an_agency_is_searched_and_its_finding_draws_again():
    society = load_world("segregated", citizens=1200, seed=3).simulate()
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    few = Guesses(columns=False, folds=2)
    found = detect_proxies(rater.agency.view(society), sensitive="hukou", model=rater, guesses=few)
    assert found.parameters["people"] == len(rater.agency.view(society))
    again = Proxies.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.metrics() == pytest.approx(found.metrics())
    axes = again.plot()
    assert "hukou" in axes.get_xlabel()
    bare = detect_proxies(rater.agency.view(society), sensitive="hukou", guesses=few)
    assert "influence" not in set(bare.table["measure"])
    bare.plot()
    plt.close("all")


def test_too_few_people_or_folds_are_refused():
    with pytest.raises(InputError, match="at least 2"):
        detect_proxies(people(100), sensitive="sex", guesses=Guesses(folds=1))
    with pytest.raises(TableError, match="give at least two groups"):
        detect_proxies(people(100).take(range(5)), sensitive="sex")
    with pytest.raises(InputError, match="people: is 0"):
        detect_proxies(people(100), sensitive="sex", guesses=Guesses(people=0))


# Together


def puzzle(number=1500, seed=4):
    """The group is whether a and b have the same sign; c follows it a little; d, e nothing."""
    random = np.random.default_rng(seed)
    a, b, d, e = random.normal(size=(4, number))
    group = (a > 0) ^ (b > 0) ^ (random.random(number) < 0.05)
    c = random.normal(size=number) + 0.5 * group
    frame = pd.DataFrame({"a": a, "b": b, "c": c, "d": d, "e": e, "sex": np.where(group, "f", "m")})
    return Dataset.from_frame(frame, target=None, sensitive=["sex"])


def test_a_pair_that_works_only_together_is_found():
    data = puzzle()
    found = proxy_clusters(data, sensitive="sex", search=ClusterSearch(draws=60))
    assert found.table["set"].tolist() == ["a + b"]
    row = found.table.iloc[0]
    assert row["low"] > 0.3
    assert row["auc"] > 0.9
    assert row["best_auc"] < 0.6
    assert row["p"] == pytest.approx(1 / 61)
    alone = detect_proxies(data, sensitive="sex", guesses=Guesses(columns=False, folds=2))
    for name in ("a", "b"):
        assert measured(alone, name)["estimate"]["auc"] < 0.56
        # Given the other, each is all.
        assert measured(alone, name)["low"]["added_auc"] > 0.25


def test_nothing_is_found_where_nothing_depends_on_the_group():
    few = ClusterSearch(draws=39)
    found = [
        len(proxy_clusters(people(400, seed, shift=0.0), sensitive="sex", search=few).table)
        for seed in range(20)
    ]
    # One in twenty at most, in expectation; five or more have a chance of 0.003.
    assert sum(count > 0 for count in found) < 5


def test_information_of_codes_is_that_of_scikit_learn_less_its_bias():
    random = np.random.default_rng(5)
    codes, groups = random.choice(4, 900), random.choice(2, 900)
    plain = mutual_info_score(codes, groups)
    assert information(codes, groups) == pytest.approx(plain - 3 / 1800)
    copies = interaction_information(groups, groups, groups)
    assert copies == pytest.approx(-np.log(2), abs=0.01)


def test_a_stored_set_draws_again():
    found = proxy_clusters(puzzle(600), sensitive="sex", search=ClusterSearch(draws=20, size=2))
    again = ProxyClusters.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.metrics() == pytest.approx(found.metrics())
    plt.close(again.plot().figure)
    with pytest.raises(InputError, match="size: is 1"):
        ClusterSearch(size=1)
