"""Interventions on proxies: what must not change, what must close, whom it is measured on."""

import json
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from fairlearn.postprocessing import ThresholdOptimizer
from fairlearn.preprocessing import CorrelationRemover
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import load_agency
from credit_ml.core import AgencyError, Dataset, InputError, ModelError, StudyResults, TableError
from credit_ml.grammar.numbers import spelled
from credit_ml.proxies import (
    Coarsen,
    DiscriminationFree,
    Drop,
    GroupThresholds,
    Interventions,
    Reduce,
    Residualise,
    RewireFriends,
    Trial,
    intervene,
)
from credit_ml.proxies.interventions.facts import tried
from credit_ml.proxies.interventions.fairlearn_methods import lottery, pandas_4_quiet
from credit_ml.proxies.interventions.finding import _text
from credit_ml.proxies.interventions.kinds import banded, centred
from credit_ml.reports import said
from credit_ml.scoring import LogisticScorer, OpaqueScorer
from credit_ml.society import load_world

ROWS = 6000


@pytest.fixture(scope="module")
def table():
    """`place` is a proxy of the group that says nothing else; `own` is earned."""
    random = np.random.default_rng(5)
    group = random.random(ROWS) < 0.4
    place = random.normal(2.0 * group)
    own = random.normal(size=ROWS)
    odds = 1.2 * own - 1.2 * group
    return pd.DataFrame(
        {
            "place": place,
            "own": own,
            "group": np.where(group, "b", "a"),
            "street": random.integers(0, 60, ROWS),
            "kept": (random.random(ROWS) < 1 / (1 + np.exp(-odds))).astype(int),
        }
    )


@pytest.fixture(scope="module")
def data(table):
    return Dataset.from_frame(table, target="kept", sensitive=["group"], cluster="street")


@pytest.fixture(scope="module")
def found(data):
    return intervene(LogisticScorer(), data, sensitive="group")


def level(found, measure, fact="level"):
    rows = found.table[(found.table["measure"] == measure) & (found.table["fact"] == fact)]
    return rows.set_index("intervention")["estimate"]


def test_every_table_gets_the_interventions_that_need_no_society(found):
    assert list(dict.fromkeys(found.table["intervention"])) == [
        "baseline",
        "drop_place",
        "drop_own",
        "residualise",
        "discrimination_free",
        "reduce_demographic_parity",
        "reduce_equalized_odds",
        "thresholds_demographic_parity",
        "thresholds_equalized_odds",
    ]


def test_taking_the_proxy_away_closes_the_gap_and_taking_the_merit_away_does_not(found):
    gap = level(found, "selection_gap")
    assert gap["baseline"] < -0.15
    for closed in (
        "drop_place",
        "residualise",
        "discrimination_free",
        "thresholds_demographic_parity",
    ):
        assert abs(gap[closed]) < 0.06, closed
    for nearly in ("reduce_demographic_parity", "reduce_equalized_odds"):
        assert abs(gap[nearly]) < 0.15, nearly
    assert gap["drop_own"] < -0.3
    assert level(found, "auc")["drop_own"] < level(found, "auc")["baseline"]


def test_gains_and_losses_balance_for_the_share_is_kept(found, data):
    flips = found.table[found.table["measure"].isin(["gained", "lost"])]
    people = data.take(np.arange(ROWS)).sensitive["group"].value_counts(normalize=True)
    net = flips.pivot_table(index="intervention", columns=["measure", "group"], values="estimate")
    total = sum((net["gained"][group] - net["lost"][group]) * people[group] for group in "ab")
    assert total.abs().max() < 0.02  # groups are weighed by all, not by those held out
    assert (flips["low"] >= 0).all()


def test_a_change_is_the_difference_of_levels_with_a_paired_interval(found):
    for measure in ("auc", "accuracy", "selection_gap"):
        levels = level(found, measure)
        change = found.changes(measure).set_index("intervention")
        np.testing.assert_allclose(change["estimate"], levels.drop("baseline") - levels["baseline"])
        assert ((change["high"] - change["low"]) > 0).all()
    wide = found.table[(found.table["measure"] == "auc") & (found.table["fact"] == "level")]
    wide = wide.set_index("intervention")
    paired = found.changes("auc").set_index("intervention")
    assert (paired["high"] - paired["low"])["drop_place"] < (wide["high"] - wide["low"]).iloc[0]


def test_an_intervention_that_changes_nothing_changes_nothing(data):
    same = Coarsen(what="own", columns=("own",), bands=ROWS)
    found = intervene(LogisticScorer(), data, sensitive="group", interventions=[same])
    assert found.changes("selection_gap")["estimate"].abs().max() < 0.005
    assert found.changes("auc")["estimate"].abs().max() < 0.001


def test_group_means_are_what_correlation_remover_leaves(table):
    groups = pd.Series(pd.Categorical(table["group"]))
    X = table[["place", "own"]].assign(b=(table["group"] == "b").astype(float))
    theirs = CorrelationRemover(sensitive_feature_ids=["b"]).fit_transform(X)
    for number, name in enumerate(("place", "own")):
        ours = centred(table[name], groups, np.arange(ROWS)).to_numpy()
        np.testing.assert_allclose(ours, theirs[:, number], atol=1e-5)


def test_bands_hold_their_mean_and_missing_stays_missing(table):
    values = table["place"].where(table.index % 7 > 0)
    seen = banded(values, np.arange(ROWS), 4)
    assert seen.nunique() == 4
    assert seen.isna().equals(values.isna())
    assert seen.mean() == pytest.approx(values.mean(), abs=1e-5)
    assert np.ptp(banded(values, np.arange(ROWS), 1).dropna()) == 0


def test_the_average_over_groups_forgets_a_feature_that_alone_matters():
    """Lindholm et al.: with the group known, a proxy has nothing left to say."""
    random = np.random.default_rng(1)
    group = random.random(8000) < 0.5
    proxy = random.normal(3.0 * group).astype(np.float32)
    kept = (random.random(8000) < np.where(group, 0.3, 0.8)).astype(int)
    frame = pd.DataFrame({"proxy": proxy, "group": np.where(group, "b", "a"), "kept": kept})
    data = Dataset.from_frame(frame, target="kept", sensitive=["group"])
    found = intervene(
        LogisticScorer(),
        data,
        sensitive="group",
        trial=Trial(threshold=0.55),
        interventions=[DiscriminationFree(), Drop(what="nothing", columns=())],
    )
    gap = level(found, "score_gap")
    assert gap["drop_nothing"] == gap["baseline"] < -0.3
    assert abs(gap["discrimination_free"]) < 0.06


class _Given(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        return np.column_stack([1 - np.asarray(X)[:, 0], np.asarray(X)[:, 0]])


@pytest.mark.parametrize("constraint", ["demographic_parity", "equalized_odds"])
def test_chances_are_those_that_fairlearn_draws_from(constraint):
    random = np.random.default_rng(3)
    groups, scores = random.choice(["a", "b"], 800), random.random(800)
    kept = (random.random(800) < scores).astype(int)
    optimiser = ThresholdOptimizer(
        estimator=_Given().fit(scores, kept),
        constraints=constraint,
        prefit=True,
        predict_method="predict_proba",
        objective="balanced_accuracy_score",
    )
    with pandas_4_quiet():
        optimiser.fit(scores[:, None], kept, sensitive_features=groups)
        draws = [
            optimiser.predict(scores[:, None], sensitive_features=groups, random_state=seed)
            for seed in range(300)
        ]
    chances = lottery(optimiser, scores, groups)
    error = np.sqrt(np.maximum(chances * (1 - chances), 1e-9) / 300)
    assert (np.abs(np.mean(draws, axis=0) - chances) < 5 * error + 1e-6).all()


def test_an_agency_learns_the_period_before_and_is_measured_on_others():
    society = load_world("segregated", citizens=4000, seed=4).simulate()
    agency = load_agency("sesame").with_scorer("logistic")
    asked = [
        RewireFriends(),
        RewireFriends(refit=False),
        Residualise(columns=("district_price",)),
        Drop(what="friends", columns=("friends_late", "friends_spending")),
    ]
    found = intervene(
        agency,
        society,
        sensitive="hukou",
        interventions=asked,
        trial=Trial(threshold="car_without_deposit"),
    )
    assert found.parameters["trained_on"] + found.parameters["held_out"] == 4000
    assert found.parameters["clusters"] == society.people["district"].nunique()
    assert found.parameters["unit"] == "points"
    assert set(found.table["intervention"]) == {"baseline", *(each.id for each in asked)}
    again = intervene(
        agency.fit(society),
        society,
        sensitive="hukou",
        interventions=asked,
        trial=Trial(threshold="car_without_deposit"),
    )
    pd.testing.assert_frame_equal(found.table, again.table)
    everything = intervene(agency, society, sensitive="hukou")
    assert {"drop_address", "coarsen_address"} <= set(everything.table["intervention"])


def test_boosted_trees_take_the_sensitive_feature_beside_the_records(data):
    found = intervene(
        OpaqueScorer(max_iter=10),
        data,
        sensitive="group",
        interventions=[DiscriminationFree(), GroupThresholds()],
    )
    assert found.table["estimate"].notna().all()


def test_a_stored_finding_draws_again(found):
    again = Interventions.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.metrics() == pytest.approx(found.metrics())
    assert "interventions.drop_place.selection_gap.change.b" in again.metrics()
    for measure, rows in (("selection_gap", 9), ("score_gap", 5)):
        axes = again.plot(measure=measure)
        assert len(axes.get_yticks()) == rows
        plt.close(axes.figure)
    with pytest.raises(InputError, match="did you mean 'score_gap'"):
        found.plot(measure="scores_gap")


@pytest.mark.parametrize(
    "each",
    [
        Drop(what="x", columns=("x",)),
        Residualise(),
        Coarsen(what="x", columns=("x",)),
        RewireFriends(),
        DiscriminationFree(),
        Reduce(),
        GroupThresholds(),
    ],
)
def test_every_intervention_says_what_it_is_and_where_from(each):
    assert each.id.isidentifier()
    assert each.title != each.id
    assert len(each.source) > 20
    assert each.needs == ("society" if isinstance(each, RewireFriends) else "dataset")


def test_what_does_not_fit_is_refused(data):
    society = load_world("baseline", citizens=400, seed=1).simulate()
    model = LogisticRegression()
    with pytest.raises(ModelError, match="sees no society"):
        intervene(model, society, sensitive="hukou")
    with pytest.raises(AgencyError, match="was given a table"):
        intervene(load_agency("sesame"), data, sensitive="group")
    with pytest.raises(AgencyError, match="fixed rules"):
        intervene(load_agency("council"), society, sensitive="hukou")
    with pytest.raises(TableError, match="did you mean 'group'"):
        intervene(model, data, sensitive="grupo")
    with pytest.raises(ModelError, match="needs a society"):
        intervene(model, data, sensitive="group", interventions=[RewireFriends()])
    with pytest.raises(TableError, match="did you mean 'place'"):
        intervene(
            model, data, sensitive="group", interventions=[Drop(what="plaice", columns=("plaice",))]
        )
    with pytest.raises(TableError, match="leaves no column"):
        intervene(
            model,
            data,
            sensitive="group",
            interventions=[Drop(what="all", columns=("place", "own"))],
        )
    with pytest.raises(InputError, match="hold 'residualise' twice"):
        intervene(model, data, sensitive="group", interventions=[Residualise(), Residualise()])
    with pytest.raises(InputError, match="give one that some reach"):
        intervene(model, data, sensitive="group", trial=Trial(threshold=0.9999))
    with pytest.raises(InputError, match="between 0 and 1"):
        intervene(model, data, sensitive="group", trial=Trial(threshold=1.5))
    with pytest.raises(InputError, match="held_out: is 1"):
        Trial(held_out=1.0)
    with pytest.raises(InputError, match="without an agency"):
        intervene(model, data, sensitive="group", trial=Trial(threshold="car_without_deposit"))


def test_old_keywords_are_taken_with_a_warning(data):
    asked = {"sensitive": "group", "interventions": [Drop(what="place", columns="place")]}
    with pytest.warns(FutureWarning, match=r"trial=Trial\(threshold=..., seed=...\)"):
        old = intervene(LogisticRegression(), data, threshold=0.6, seed=2, **asked)
    new = intervene(LogisticRegression(), data, trial=Trial(threshold=0.6, seed=2), **asked)
    pd.testing.assert_frame_equal(old.table, new.table)


def test_a_plain_classifier_is_told_the_group_in_numbers(data):
    found = intervene(
        LogisticRegression(), data, sensitive="group", interventions=[DiscriminationFree()]
    )
    gaps = found.table.query("measure == 'score_gap' and fact == 'change'")
    assert len(gaps) == 1
    # Told the group, the model need not guess it from the place, so that the gap shrinks.
    before = found.table.query("measure == 'score_gap' and intervention == 'baseline'")
    assert gaps["estimate"].item() * before["estimate"].item() < 0


def test_a_column_that_a_scorer_cannot_learn_from_is_named(table):
    frame = table.assign(road=np.where(table["street"] < 30, "broad", "narrow"))
    with pytest.raises(ModelError, match=r"from column 'road', which holds categories; encode"):
        intervene(
            LogisticRegression(),
            Dataset.from_frame(frame, target="kept", sensitive=["group"]),
            sensitive="group",
        )
    frame = table.assign(own=table["own"].where(table["street"] > 3))
    with pytest.raises(ModelError, match=r"from column 'own', which has missing values; fill"):
        intervene(
            LogisticRegression(),
            Dataset.from_frame(frame, target="kept", sensitive=["group"]),
            sensitive="group",
        )


@pytest.mark.parametrize(
    ("estimate", "half", "shown"),
    [
        (0.0, 0.0, "no change"),
        (2e-6, 1e-6, "no change"),
        (0.0001, 0.0002, "+0.0001 ± 0.0002"),
        (0.00004, 0.0021, "0.000 ± 0.002"),
        (-0.0121, 0.0031, "\N{MINUS SIGN}0.012 ± 0.003"),
    ],
)
def test_a_change_is_written_with_digits_that_say_something(estimate, half, shown):
    row = pd.Series({"estimate": estimate, "low": estimate - half, "high": estimate + half})
    assert _text(row.rename("drop_place")) == shown


@pytest.mark.parametrize("kept", [0, 1])
@pytest.mark.parametrize("constraint", ["demographic_parity", "equalized_odds"])
def test_a_group_of_one_outcome_is_named_with_its_column(table, constraint, kept):
    group = table["group"].where(np.arange(len(table)) % 200 > 0, "few")
    frame = table.assign(group=group, kept=table["kept"].where(group != "few", kept))
    data = Dataset.from_frame(frame, target="kept", sensitive=["group"])
    match = f"thresholds_{constraint}, 'group': group 'few' has not both outcomes.*merge it"
    with pytest.raises(TableError, match=match):
        intervene(
            LogisticRegression(),
            data,
            sensitive="group",
            interventions=[f"thresholds_{constraint}"],
        )


def test_people_of_one_outcome_teach_nothing():
    frame = pd.DataFrame({"own": range(300), "group": ["a", "b"] * 150, "kept": [0] + [1] * 299})
    data = Dataset.from_frame(frame, target="kept", sensitive=["group"])
    trial = Trial(held_out=0.9, seed=1)
    with pytest.raises(ModelError, match="people of one outcome; hold fewer people out"):
        intervene(LogisticRegression(), data, sensitive="group", trial=trial)


def test_interventions_may_be_named(data):
    named = intervene(LogisticRegression(), data, sensitive="group", interventions=["drop_place"])
    made = Drop(what="place", columns=("place",))
    own = intervene(LogisticRegression(), data, sensitive="group", interventions=[made])
    pd.testing.assert_frame_equal(named.table, own.table)
    with pytest.raises(InputError, match="did you mean 'drop_place'"):
        intervene(LogisticRegression(), data, sensitive="group", interventions=["drop_plaice"])


def test_an_answer_tells_what_taking_away_and_what_using_the_group_does(found):
    text = said(StudyResults(id="a", title="A", findings=(found,)), "interventions", "answer")
    assert "sing the group itself: " in text
    assert text.count("**") in (0, 2)
    assert "AUC" not in text


def test_no_rule_is_best_among_those_that_leave_no_gap_that_can_be_told(found):
    """Each end says on which side it lies, and what closing it costs."""
    page = StudyResults(id="a", title="A", findings=(found,))
    before = tried(found, page)
    table = found.table.copy()
    pair = (table["group"] == before.pair.group) & (table["reference_group"] != "")

    def put(name, measure, which, middle, half, who):
        at = table["measure"].eq(measure) & table["fact"].eq(which) & table["intervention"].eq(name)
        table.loc[at & who, ["estimate", "low", "high"]] = (middle, middle - half, middle + half)

    put("baseline", "selection_gap", "level", -0.2, 0.05, pair)
    for name in before.names:
        put(name, "selection_gap", "level", -0.2, 0.05, pair)
        put(name, "selection_gap", "change", 0.0, 0.05, pair)
    one, two, *_ = before.using
    for name, left, lost in ((one, -0.09, 0.0), (two, 0.01, -0.02)):
        measure = "decision_auc" if before.decides(name) else "auc"
        put(name, "selection_gap", "level", left, 0.1, pair)
        put(name, "selection_gap", "change", left + 0.2, 0.05, pair)
        put(name, measure, "change", lost, 0.005, table["group"].eq("all"))
    both = replace(page, findings=(replace(found, table=table),))
    text = said(both, "interventions", "answer").replace("\u202f", " ")
    assert "the best such rule" not in text
    assert (
        f"two of {spelled(len(before.using))} rules leave no sure gap (by the estimates, in "
        "percentage points," in text
    )
    does = "decides" if before.decides(two) else "ranks"
    kept = f"{spelled(len(before.using) - 2)} others 20 below, surely"
    assert text.endswith(f" 9 below to 1 above; under {kept}); one {does} worse.")
    assert "leaves none that can be told (as does one other)" in said(
        both, "interventions", "headline"
    )
    put(one, "selection_gap", "level", -0.15, 0.05, pair)
    alone = said(replace(page, findings=(replace(found, table=table),)), "interventions", "answer")
    assert "pass 1 percentage point more often (9 less to 11 more)" in alone
    put(two, "selection_gap", "level", -0.01, 0.1, pair)
    alone = said(replace(page, findings=(replace(found, table=table),)), "interventions", "answer")
    assert "pass 1 percentage point less often (11 less to 9 more)" in alone


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ((), "all {every} rules leave no sure gap ("),
        ((-0.2,), "{rest} of {every} rules leave no sure gap ("),
        ((-0.2, -0.15), "{rest} of {every} rules leave no sure gap ("),
    ],
)
def test_rules_that_leave_no_sure_gap_are_counted_among_all_that_use_the_group(found, left, words):
    """Five rules left none, and a sixth, which closed nothing, was not said."""
    page = StudyResults(id="a", title="A", findings=(found,))
    before = tried(found, page)
    table = found.table.copy()
    pair = table["measure"].eq("selection_gap") & (table["group"] == before.pair.group)

    def put(name, which, middle, half):
        row = pair & table["intervention"].eq(name) & table["fact"].eq(which)
        table.loc[row, ["estimate", "low", "high"]] = (middle, middle - half, middle + half)

    put("baseline", "level", -0.2, 0.05)
    using = before.using
    for place, name in enumerate(using):
        stays = left[place] if place < len(left) else 0.01
        put(name, "level", stays, 0.05)
        put(name, "change", stays + 0.2, 0.05)
    told = said(replace(page, findings=(replace(found, table=table),)), "interventions", "answer")
    every, rest = spelled(len(using)), spelled(len(using) - len(left))
    assert words.format(every=every, rest=rest) in told
    kept = {0: "above)", 1: "; under one other 20 below, surely)"}
    assert kept.get(len(left), "; under two others 20 below to 15 below, surely)") in told
