"""The whole instrument: theory that must hold, storage, comparison, refusals."""

import json
from dataclasses import fields, replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError, MenuError, TableError
from credit_ml.disclosure import Disclosure, DisclosureComparison, compare_disclosures, disclose
from credit_ml.inference import People, comparisons_of
from credit_ml.response import Aim, Menu, ResponseOptions
from credit_ml.scoring import ScoreFunction

OPTIONS = {each.name for each in fields(ResponseOptions)}


@pytest.fixture(scope="module")
def council(society):
    return load_agency("council").fit(society)


@pytest.fixture(scope="module")
def view(council, society):
    return council.agency.view(society)


@pytest.fixture(scope="module")
def found(council, view):
    return disclose(council, view, sensitive=["hukou"], people=None)


@pytest.fixture
def everything(rater, dataset, menu, aim):
    return {"rater": rater, "dataset": dataset, "menu": menu, "privileges": [aim]}


def of(finding, measure, *, sensitive="overall", group="all"):
    """Estimates of a measure by regime."""
    gap = "gap" in measure
    quantity = "difference" if gap else "value"
    at = {"measure": measure, "sensitive": sensitive, "group": group, "quantity": quantity}
    return finding.where(**at).table.set_index("regime")["estimate"]


def ask(everything, **more):
    given = everything | more
    options = {name: given.pop(name) for name in OPTIONS & given.keys()}
    response = ResponseOptions(**options)
    return disclose(given.pop("rater"), given.pop("dataset"), response=response, **given)


def bare(dataset, **changes):
    parts = {n: getattr(dataset, n) for n in ("X", "y", "sensitive", "factors", "context")}
    return Dataset(**(parts | changes))


def test_when_nothing_is_told_the_table_is_untouched(found, council, view):
    for measure in ("share_who_act", "spending", "points_gained", "privileges_won", "wasted"):
        assert of(found, measure)["nothing"] == 0
    points = council.score(view.X).to_numpy()
    rural = (view.groups("hukou") == "rural").to_numpy()
    gaps = {"sensitive": "hukou", "group": "rural"}
    for when in ("before", "after"):
        assert of(found, f"score_gap_{when}", **gaps)["nothing"] == pytest.approx(
            points[rural].mean() - points[~rural].mean()
        )
    chance = view.context["probability"].to_numpy()
    granted = points >= council.agency.privileges[0].threshold
    assert of(found, "accuracy")["nothing"] == pytest.approx(
        np.where(granted, chance, 1 - chance).mean()
    )


@pytest.mark.parametrize("price", [1e9, np.inf])
def test_costs_beyond_reach_leave_the_table_untouched(everything, action, price):
    dear = Menu(id="dear", description="", actions=(action("pay", add=-1, price=price),))
    found = ask(everything, menu=dear, regimes=("nothing", "factors", "full"))
    for measure in ("points_gained", "accuracy", "auc", "spending"):
        values = of(found, measure)
        assert values["factors"] == values["full"] == values["nothing"]
    assert np.isfinite(of(found, "social_burden")).all()


def test_full_disclosure_has_no_price_of_opacity(found):
    table = found.table.query("measure == 'price_of_opacity' and regime == 'full'")
    assert (table[["estimate", "low", "high"]] == 0).all(axis=None)
    accuracy = of(found, "accuracy")
    assert of(found, "price_of_opacity").to_numpy() == pytest.approx(accuracy["full"] - accuracy)


def test_under_full_disclosure_people_win_most_and_waste_nothing(found):
    """Who knows the formula acts only for what it brings."""
    assert of(found, "wasted")["full"] == 0
    assert of(found, "share_who_act")["full"] > 0
    assert of(found, "privileges_won")["full"] > 0


def test_rank_inflation_over_everybody_is_the_mean_gain(found):
    assert of(found, "rank_inflation").to_numpy() == pytest.approx(of(found, "points_gained"))


def test_burden_never_falls_as_the_threshold_rises(everything):
    burdens = [
        of(
            ask(everything, privileges=[Aim(id="a", name="a", threshold=t, value=0.05)]),
            "social_burden",
        )["full"]
        for t in (0, 2, 3, 4, 6)
    ]
    assert burdens == sorted(burdens)


def test_cosmetic_actions_alone_never_change_who_is_worthy(everything, menu):
    show = Menu(id="show", description="", actions=menu.actions[1:])
    rich = Aim(id="car", name="car", threshold=3.0, value=5.0)
    found = ask(everything, menu=show, privileges=[rich], regimes=("nothing", "full"))
    assert of(found, "improvement_share")["full"] == 0
    chance = everything["dataset"].context["probability"].to_numpy()
    X = everything["dataset"].X
    reach = everything["rater"](X.assign(diapers=X["diapers"] + 2)) >= 3
    assert of(found, "accuracy")["full"] == pytest.approx(
        np.where(reach, chance, 1 - chance).mean()
    )


def test_gaps_and_groups_add_up_to_everybody(found, view):
    counts = view.groups("hukou").value_counts()
    for measure in ("points_gained", "spending", "rank_inflation", "accuracy"):
        parts = sum(
            of(found, measure, sensitive="hukou", group=group) * number
            for group, number in counts.items()
        )
        assert (parts / counts.sum()).to_numpy() == pytest.approx(of(found, measure).to_numpy())


def test_what_is_unknown_is_noted(everything):
    dataset = everything["dataset"]
    blind = bare(dataset, context=pd.DataFrame(index=dataset.X.index))
    known, unknown = ask(everything), ask(everything, dataset=blind)
    assert len(unknown.notes) == len(known.notes) + 2
    assert any("True probabilities are unknown" in note for note in unknown.notes)
    assert any("Incomes are unknown" in note for note in unknown.notes)
    right = (everything["rater"](dataset.X) >= 3) == dataset.y.to_numpy()
    assert of(unknown, "accuracy")["nothing"] == pytest.approx(right.mean())


def test_without_any_truth_there_is_no_accuracy(everything):
    dataset = everything["dataset"]
    blind = bare(dataset, y=None, context=pd.DataFrame(index=dataset.X.index))
    found = ask(everything, dataset=blind)
    assert of(found, "accuracy").isna().all()
    assert of(found, "spending").notna().all()


def test_truth_and_income_can_be_given(everything):
    dataset = everything["dataset"]
    blind = bare(dataset, context=pd.DataFrame(index=dataset.X.index))
    given = ask(everything, dataset=blind, **{n: dataset.context[n] for n in dataset.context})
    pd.testing.assert_frame_equal(given.table, ask(everything).table)


def test_a_sample_is_the_same_for_the_same_seed(everything):
    one, again, other = (ask(everything, people=50, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.table, again.table)
    assert one.parameters["people"] == 50
    assert not one.table.equals(other.table)


def test_reference_groups_turn_the_gap_around(everything):
    women = ask(everything, reference_groups={"sex": "f"})
    men = ask(everything, reference_groups={"sex": "m"})
    one = of(women, "score_gap_after", sensitive="sex", group="m")
    other = of(men, "score_gap_after", sensitive="sex", group="f")
    assert one.to_numpy() == pytest.approx(-other.to_numpy())


def drawn(finding):
    axes = finding.plot()
    marks = [tuple(line.get_xdata()) for line in axes.lines]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    plt.close(axes.figure)
    return marks, labels, legend


def test_findings_survive_storage_and_draw_the_same(found):
    stored = json.loads(json.dumps(found.to_dict(), sort_keys=True))
    again = Disclosure.from_dict(stored)
    pd.testing.assert_frame_equal(again.table, found.table, check_dtype=False)
    assert drawn(again) == drawn(found)
    assert again.metrics() == pytest.approx(found.metrics(), nan_ok=True)


def test_raters_are_compared_side_by_side(found, everything):
    sketch = ask(everything, intervals=0.95)
    both = compare_disclosures([found, sketch])
    assert both.parameters["raters"] == [found.parameters["rater"], "sketch (rules)"]
    auc = both.table.query("measure == 'auc' and rater == 'sketch (rules)'")
    assert auc.set_index("regime")["estimate"].to_dict() == of(sketch, "auc").to_dict()
    stored = json.loads(json.dumps(both.to_dict(), sort_keys=True))
    again = DisclosureComparison.from_dict(stored)
    assert drawn(again) == drawn(both)
    assert len(both.metrics()) == both.table["estimate"].notna().sum()


def test_one_rater_twice_or_none_cannot_be_compared(found):
    for given in ([], [found, found]):
        with pytest.raises(InputError, match="one of each rater"):
            compare_disclosures(given)


@pytest.mark.parametrize(
    ("wrong", "error", "hint"),
    [
        ({"privileges": None}, MenuError, "privileges"),
        ({"regimes": ["fulll"]}, MenuError, "did you mean 'full'"),
        ({"intervals": 95}, InputError, "0.95"),
        ({"bundle": -1}, MenuError, "at least 0"),
        ({"people": 0}, TableError, "at least 1"),
        ({"income": [1.0]}, TableError, "one number a person"),
        ({"income": np.zeros(300)}, TableError, "above zero"),
        ({"probability": np.full(300, 1.5)}, TableError, "within 0 and 1"),
        ({"probability": np.full(300, np.nan)}, TableError, "one number a person"),
        ({"sensitive": ["sexx"]}, InputError, "sex"),
        ({"reference_groups": {"sex": "x"}}, TableError, "'x' has nobody"),
        ({"reference_groups": {"sexx": "f"}}, TableError, "did you mean 'sex'"),
    ],
)
def test_what_cannot_be_used_is_refused_before_the_model_is_asked(everything, wrong, error, hint):
    def never(X):
        raise AssertionError("asked")

    silent = ScoreFunction(name="silent", unit="points", raw=never)
    with pytest.raises(error, match=hint) as caught:
        ask(everything, rater=silent, **wrong)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("over", ["people", "clusters"])
def test_the_gap_when_nothing_is_told_has_the_interval_of_any_difference_of_means(
    council, view, over
):
    blocks = view.context.assign(block=np.arange(len(view)) // 20)
    view = replace(view, context=blocks, cluster="block")
    told = disclose(council, view, regimes="nothing", people=None, sensitive="hukou", over=over)
    (pair,) = comparisons_of(view, "hukou")
    gap = pair.difference(People.of(view, over=over).mean, council.score(view.X)).facts()
    for when in ("before", "after"):
        row = told.where(measure=f"score_gap_{when}", quantity="difference").table.iloc[0]
        assert {name: row[name] for name in gap} == pytest.approx(gap)


@pytest.mark.parametrize(("over", "farther"), [("people", True), ("clusters", False)])
def test_what_is_nothing_for_most_people_is_a_share_times_a_size(council, view, over, farther):
    """Few act, so that a sample with few of them has a small mean: the upper end lies farther."""
    blocks = view.context.assign(block=np.arange(len(view)) // 20)
    view = replace(view, context=blocks, cluster="block")
    told = disclose(
        council, view, regimes="recommendation", people=None, sensitive="hukou", over=over
    )
    acting = told.where(measure="share_who_act", group="all").table.iloc[0]["estimate"]
    assert 0 < acting < 0.5
    everybody = told.where(group="all").table.set_index("measure")
    for measure in ("points_gained", "spending", "information_gain"):
        row = everybody.loc[measure]
        below, above = row["estimate"] - row["low"], row["high"] - row["estimate"]
        assert (above > 1.001 * below) == farther, measure
    spent = everybody.loc["spending"]  # which nobody gets back; points are lost by some
    assert spent["low"] > 0 or not farther
    order = told.where(quantity="difference").table["measure"].drop_duplicates().tolist()
    assert order[:3] == ["score_gap_before", "score_gap_after", "score_gap_change"]


def test_what_befell_nobody_could_befall_some(everything):
    """Of so many people: Wilson's upper end; surely 0 where nobody acts."""
    told = ask(everything, regimes=["nothing", "full"], people=None, sensitive="sex")
    lost = told.where(measure="privileges_lost", group="all").table.set_index("regime")
    assert (lost["estimate"] == 0).all()
    number = int(lost["people"].iloc[0])
    assert lost.loc["nothing", "high"] == 0
    assert lost.loc["full", "high"] == pytest.approx(
        People(number).share(np.zeros(number)).interval().high
    )


def test_old_options_still_work_and_say_the_new_ones(everything):
    menu, aims = everything["menu"], everything["privileges"]
    rater, dataset = everything["rater"], everything["dataset"]
    with pytest.warns(FutureWarning, match="ResponseOptions"):
        old = disclose(rater, dataset, menu=menu, privileges=aims)
    pd.testing.assert_frame_equal(old.table, ask(everything).table)
