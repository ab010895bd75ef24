"""The search for less discriminatory alternatives: who chooses, who measures, what is beaten."""

import json
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError, ModelError, StudyResults
from credit_ml.proxies import Alternatives, AlternativeSearch, Trial, alternatives
from credit_ml.proxies.interventions.candidates import Candidate, factor_sets, on_frontier
from credit_ml.reports import said, write_report
from credit_ml.society import load_world

ROWS = 8000


def people(seed, rows=ROWS):
    random = np.random.default_rng(seed)
    group = random.random(rows) < 0.4
    own = random.normal(size=rows)
    frame = pd.DataFrame(
        {
            "own": own,
            "place": random.normal(1.5 * group),
            "spare": random.normal(size=rows),
            "group": np.where(group, "b", "a"),
            "street": random.integers(0, 80, rows),
            "kept": (random.random(rows) < 1 / (1 + np.exp(-own + 0.4 * group))).astype(int),
        }
    )
    return Dataset.from_frame(frame, target="kept", sensitive=["group"], cluster="street")


@pytest.fixture(scope="module")
def found():
    return alternatives(
        LogisticRegression(), people(1), sensitive="group", search=AlternativeSearch(tolerance=0.02)
    )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
@settings(max_examples=60)
def test_the_frontier_is_what_nobody_beats(points):
    auc, gap = np.array(points, dtype=float).T
    front = on_frontier(auc, gap)
    for here, (a, g) in enumerate(points):
        beaten = any(b >= a and h <= g and (b, h) != (a, g) for b, h in points)
        assert front[here] == (not beaten)
    assert front.any()


def test_a_page_says_how_many_sets_were_tried(found, tmp_path):
    page = write_report(found, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "every set of factors" in " ".join(page.split())


def test_all_sets_of_factors_are_tried_and_the_proxy_is_left_out(found):
    assert found.parameters["candidates"] == 7
    assert found.parameters["baseline"] == "LogisticRegression: own + place + spare"
    assert "own" in found.parameters["chosen"]
    assert "place" not in found.parameters["chosen"]
    wide = found.wide("test")
    assert abs(wide.loc[found.parameters["chosen"], "gap"]) < 0.06
    assert "the change" in found.notes[0]
    assert "on the validation part" in found.notes[1]


def test_it_is_chosen_on_the_validation_part_alone(found):
    seen = found.wide("validation")
    near = seen[seen["auc"] >= seen["auc"].max() - 0.02]
    assert near["gap"].abs().idxmin() == found.parameters["chosen"]
    front = on_frontier(seen["auc"].to_numpy(), seen["gap"].abs().to_numpy())
    assert seen["frontier"].tolist() == front.tolist()
    assert seen["chosen"].sum() == 1
    parts = found.parameters["people"]
    assert parts == {"train": ROWS // 2, "validation": ROWS // 4, "test": ROWS // 4}


def test_the_change_is_the_difference_of_levels(found):
    levels = found.wide("test")
    chosen, baseline = (levels.loc[found.parameters[name]] for name in ("chosen", "baseline"))
    metrics = found.metrics()
    for measure, name in (("auc", "auc"), ("selection_gap", "gap")):
        change = metrics[f"alternatives.chosen.{measure}.change"]
        assert change == pytest.approx(chosen[name] - baseline[name])


class _Noisy(ClassifierMixin, BaseEstimator):
    """A good score with noise of its own: all of them are equally good and equally unfair."""

    def __init__(self, salt=0):
        self.salt = salt

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        own = X["own"].to_numpy(dtype=float)
        noise = np.sin(1e4 * own + self.salt) + np.sin(3e4 * own + 7 * self.salt)
        chance = 1 / (1 + np.exp(-own - 0.7 * noise))
        return np.column_stack([1 - chance, chance])


def test_what_was_best_of_many_is_no_better_on_people_who_did_not_choose():
    """The winner's curse is in the validation part and not in the test part."""
    validation, test = [], []
    for seed in range(12):
        data = people(seed, rows=1200)
        one = Dataset.from_frame(
            data.X[["own"]].assign(group=data.sensitive["group"], kept=data.y),
            target="kept",
            sensitive=["group"],
        )
        settings = {f"salt {salt}": _Noisy(salt) for salt in range(1, 15)}
        search = AlternativeSearch(tolerance=1.0, settings=settings)
        trial = Trial(seed=seed)
        found = alternatives(_Noisy(), one, sensitive="group", search=search, trial=trial)
        for part, sizes in (("validation", validation), ("test", test)):
            sizes.append(abs(found.wide(part).loc[found.parameters["chosen"], "gap"]))
    assert np.mean(validation) < 0.5 * np.mean(test)


def test_where_nothing_is_better_it_says_so():
    frame = people(2).X[["own"]].assign(group=people(2).sensitive["group"], kept=people(2).y)
    data = Dataset.from_frame(frame, target="kept", sensitive=["group"])
    search = AlternativeSearch(by="score_gap")
    found = alternatives(LogisticRegression(), data, sensitive="group", search=search)
    assert found.parameters["chosen"] == found.parameters["baseline"]
    assert "No candidate within" in found.notes[0]
    metrics = found.metrics()
    assert metrics["alternatives.chosen.score_gap.change"] == 0
    assert metrics["alternatives.baseline.auc.level"] == metrics["alternatives.chosen.auc.level"]


def test_an_agency_tries_the_card_and_the_sum_beside_its_own():
    society = load_world("segregated", citizens=1500, seed=3).simulate()
    agency = load_agency("sesame").with_scorer("scorecard")
    search = AlternativeSearch(by="score_gap", group="rural")
    found = alternatives(agency, society, sensitive="hukou", search=search)
    assert found.parameters["settings"] == ["scorecard", "logistic"]
    assert found.parameters["candidates"] == 2 * 31
    assert found.parameters["unit"] == "points"


def test_a_stored_search_draws_again(found):
    again = Alternatives.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.metrics() == pytest.approx(found.metrics())
    axes = again.plot()
    assert "b minus a" in axes.get_xlabel()
    plt.close(axes.figure)


def test_what_does_not_fit_is_refused():
    data, model = people(1, rows=400), LogisticRegression()
    with pytest.raises(InputError, match="did you mean 'score_gap'"):
        AlternativeSearch(by="score")
    with pytest.raises(InputError, match="at least 0"):
        AlternativeSearch(tolerance=-0.1)
    with pytest.raises(InputError, match="compared with 'a'"):
        alternatives(model, data, sensitive="group", search=AlternativeSearch(group="a"))
    own = AlternativeSearch(settings={"LogisticRegression": model})
    with pytest.raises(ModelError, match="the model's own"):
        alternatives(model, data, sensitive="group", search=own)


def test_a_candidate_is_named_by_what_it_reads():
    one = Candidate(setting="sum", factors=("history", "capacity"), scores=np.zeros(1))
    assert one.id == "sum: history + capacity"


def many_factors(rows=3000, factors=8):
    random = np.random.default_rng(4)
    own = random.normal(size=(rows, factors))
    group = random.random(rows) < 0.5
    own[:, : factors // 2] += 0.5 * group[:, None]
    X = pd.DataFrame(own).rename(columns="f{}".format)
    kept = random.random(rows) < 1 / (1 + np.exp(-X.sum(axis=1) / 2))
    frame = X.assign(kept=kept.astype(int), group=np.where(group, "a", "b"))
    return Dataset.from_frame(frame, target="kept", sensitive="group")


def test_some_sets_of_many_factors_are_about_as_good_as_all():
    data, told = many_factors(), {"sensitive": "group"}
    tolerance = {"tolerance": 0.03}
    whole = alternatives(
        LogisticRegression(), data, **told, search=AlternativeSearch(sets=255, **tolerance)
    )
    some = alternatives(
        LogisticRegression(), data, **told, search=AlternativeSearch(sets=80, **tolerance)
    )
    assert whole.parameters["candidates"] == 255
    assert len(whole.notes) == 2
    assert some.parameters["candidates"] == 80
    assert some.parameters["baseline"] == whole.parameters["baseline"]
    # What was tried of one set says the same: who is in which part hangs on the seed alone.
    both = some.wide("validation").join(whole.wide("validation").add_suffix("_whole"))
    np.testing.assert_allclose(both["gap"], both["gap_whole"])
    # The note's bound, on the whole: so few sets are as near the best tried and have less gap.
    seen, chosen = whole.wide("validation"), some.parameters["chosen"]
    near = seen["auc"] >= some.wide("validation")["auc"].max() - 0.03
    better = near & (seen["gap"].abs() < abs(seen.loc[chosen, "gap"]))
    assert better.mean() <= some.parameters["share_missed"]
    assert "80 of 255 sets of factors were tried" in some.notes[2]
    assert f"at most {some.parameters['share_missed']:.1%} of all sets" in some.notes[2]


@given(st.integers(1, 12), st.integers(1, 60), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_sets_are_distinct_begin_with_all_and_are_as_many_as_asked(factors, most, seed):
    names = [f"f{k}" for k in range(factors)]
    sets = factor_sets(names, most, seed)
    assert sets.of[0] == tuple(names)
    assert len(set(sets.of)) == len(sets.of) == min(most, 2**factors - 1)
    assert (sets.missed == 0) == (sets.drawn == 0)
    if sets.drawn:
        assert (1 - sets.missed) ** sets.drawn == pytest.approx(0.05)


def test_nine_factors_are_searched_and_no_set_is_refused():
    found = alternatives(
        LogisticRegression(),
        many_factors(400, 9),
        sensitive="group",
        search=AlternativeSearch(sets=20),
    )
    assert found.parameters["every_set"] == 511
    with pytest.raises(InputError, match="sets: is 0; give at least 1"):
        AlternativeSearch(sets=0)


def test_an_answer_says_whether_another_score_is_as_good(found):
    text = said(StudyResults(id="a", title="A", findings=(found,)), "alternatives", "answer")
    assert text.startswith(("**Another score, nearly best:", "**No other score**"))
    assert "AUC" not in text


def test_a_gap_that_may_grow_or_shrink_says_so_at_both_ends(found):
    table, told = found.table.copy(), {**found.parameters, "baseline": "all", "chosen": "best"}
    test = table[table["part"].eq("test") & table["measure"].eq(told["by"])]
    rows = test.iloc[[0, 0, 0]].assign(
        candidate=["all", "best", "best"],
        fact=["level", "level", "change"],
        estimate=[-0.19, -0.18, 0.01],
        low=[-0.26, -0.23, -0.01],
        high=[-0.12, -0.12, 0.04],
    )
    auc = table["part"].eq("test") & table["measure"].eq("auc") & table["fact"].eq("change")
    table = pd.concat([table[auc].iloc[:1].assign(candidate="best"), rows], ignore_index=True)
    page = StudyResults(id="a", title="A", findings=(replace(found, table=table, parameters=told),))
    for block in ("answer", "paragraphs"):
        text = said(page, "alternatives", block)
        assert "1 percentage point smaller (1 larger to 4 smaller)" in text
    assert "(below 0 " in said(page, "alternatives")
