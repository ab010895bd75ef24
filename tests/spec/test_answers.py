"""People answer a score within the years: off is off, and each part points where it should."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.dynamics import Life, Policy, PolicyError, go_on, load_policy, run_rounds
from credit_ml.inference.quantiles import student
from credit_ml.society import World

SOCIETIES, YEARS = 20, 3
BECAUSE = "assumed, because a test asks for it"
TOLD = {"agency": "council", "regime": "full", "source": BECAUSE}
SAVE = {
    "id": "save",
    "name": "pay on time",
    "kind": "improving",
    "price": 0.0,
    "outcome_effect": 1.0,
    "source": BECAUSE,
}
CHANGES = 'changes = [{ column = "late_payments", multiply = 0.5 }]'


@pytest.fixture(scope="module")
def societies():
    return [World(citizens=800, seed=seed).simulate() for seed in range(SOCIETIES)]


@pytest.fixture
def saving(tmp_path):
    """Menus of one action, which improves, at some effort."""

    def menu(effort):
        path = tmp_path / f"saving_{effort}.toml"
        lines = [f"{key} = {value!r}".replace("'", '"') for key, value in SAVE.items()]
        text = ['id = "saving"', 'description = "One way."', "[[actions]]", *lines]
        text += [f"effort = {effort}", CHANGES]
        path.write_text("\n".join(text) + "\n")
        return str(path)

    return menu


def clearly_above(values, null=0.0):
    """Whether the mean over societies is above a number by more than its doubt at 99 %."""
    values = np.asarray(values, dtype=float)
    half = student(0.99, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half > null


def with_answers(base="joined", **told):
    given = load_policy(base).model_dump(exclude_none=True)
    places = told.pop("places", [])
    return Policy.from_dict(given | {"response": TOLD | told, "places": places})


def total(history, name):
    return float(history.state.totals[name].sum())


def test_who_is_told_nothing_lives_as_if_nobody_could_answer(societies):
    for society in societies[:3]:
        silent = run_rounds(society, with_answers(regime="nothing"), years=YEARS)
        without = run_rounds(society, "joined", years=YEARS)
        pd.testing.assert_frame_equal(silent.years, without.years)
        for name, each in without.state.totals.items():
            np.testing.assert_array_equal(each, silent.state.totals[name])
        pd.testing.assert_frame_equal(silent.after().records, without.after().records)
        assert not total(silent, "acted")


@pytest.mark.parametrize("agency", ["council", "sesame"])
def test_the_same_bytes_however_the_years_are_cut_and_shared(societies, agency):
    policy = with_answers(agency=agency, fade=0.5, learns=True)
    whole = run_rounds(societies[0], policy, years=4)
    part = go_on(go_on(run_rounds(societies[0], policy, years=1, workers=3), 2), 1, workers=2)
    assert part.digest() == whole.digest()
    pd.testing.assert_frame_equal(part.behaviour, whole.behaviour)
    pd.testing.assert_frame_equal(part.after().records, whole.after().records)


def test_what_is_done_is_in_the_records_of_its_year_and_fades(societies):
    society = societies[0]
    alone = run_rounds(society, "joined", years=1).after().records
    told = run_rounds(society, with_answers(), years=1)
    after = told.after().records
    moved = told.state.answers.moved
    assert set(moved) == set(told.behaviour["column"])
    for name in alone.columns:
        same = alone[name].equals(after[name])
        assert same == (name not in moved), name
    # A year later half of it stands beside what is done then; of fade 0 nothing does.
    lasting = run_rounds(society, with_answers(fade=0.5), years=1)
    kept = {name: each.copy() for name, each in lasting.state.answers.moved.items()}
    np.testing.assert_array_equal(kept["volunteer_hours"], moved["volunteer_hours"])
    later = lasting.state.answers.faded(0.5)
    np.testing.assert_array_equal(later.moved["volunteer_hours"], kept["volunteer_hours"] / 2)
    assert not told.state.answers.faded(0.0).moved


def test_improving_lowers_the_obligations_broken(societies, saving):
    found = []
    for society in societies:
        told, silent = (
            run_rounds(society, with_answers(menu=saving(0.004), regime=regime), years=YEARS)
            for regime in ("full", "nothing")
        )
        assert total(told, "acted") == total(told, "did_improving")
        found.append(total(silent, "broken") - total(told, "broken"))
    assert clearly_above(found)


def test_who_fears_a_breach_improves_more(societies, saving):
    """The cost that a breach is believed to have enters what people do, not only what they keep."""
    found = []
    for society in societies:
        calm, afraid = (
            run_rounds(
                society,
                with_answers(menu=saving(0.012)),
                years=YEARS,
                life=Life(deterrence=fear, order_chance=0.2),
            )
            for fear in (0.0, 0.01)
        )
        found.append(total(afraid, "did_improving") - total(calm, "did_improving"))
    assert clearly_above(found)


def test_a_list_by_points_is_answered(societies):
    listing = {
        "id": "low",
        "by": "score",
        "office": "courts",
        "agency": "council",
        "threshold": 80,
        "grades": [{"id": "low", "share": 1.0, "years": 1.0, "source": BECAUSE}],
        "source": BECAUSE,
    }
    shame = {"id": "shame", "office": "courts", "moves": "worth", "source": BECAUSE}
    found = []
    for society in societies:
        spent = []
        for worth in (0.0, 1.0):
            policy = Policy.from_dict(
                {
                    "id": "low",
                    "title": "Low",
                    "rows": ["S8"],
                    "description": "Low scores.",
                    "lists": [listing],
                    "sanctions": [shame | {"worth": worth}],
                    "response": TOLD,
                }
            )
            history = run_rounds(society, policy, years=2)
            spent.append([total(history, name) for name in ("spent", "listed")])
        found.append(np.subtract(*spent))
    spent, listed = -np.array(found).T
    assert clearly_above(spent)
    assert clearly_above(-listed)


def test_places_are_held_by_as_many_each_year_however_hard_all_try(societies):
    for society in societies[:3]:
        history = run_rounds(society, "few_places", years=1)
        for _ in range(3):
            assert history.state.placed.sum(axis=1).tolist() == [160]
            history = go_on(history, 1)
        assert total(history, "placed") == 4 * 160
        assert total(history, "spent") > 0


def test_places_set_people_against_each_other(societies):
    """More is spent for a place than without any, and nobody's mean rank can rise by it (S23)."""
    found = []
    for society in societies:
        worth = [
            run_rounds(
                society,
                with_answers(
                    places=[
                        {
                            "id": "p",
                            "agency": "council",
                            "share": 0.2,
                            "worth": worth,
                            "source": BECAUSE,
                        }
                    ]
                ),
                years=2,
            )
            for worth in (0.0, 0.05)
        ]
        free, dear = (total(each, "spent") for each in worth)
        assert total(worth[0], "placed") == total(worth[1], "placed")
        found.append(dear - free)
    assert clearly_above(found)


def test_a_rater_that_learns_moves_and_published_rules_stay(societies):
    society = societies[0]
    for agency, moves in (("sesame", True), ("council", False)):
        history = run_rounds(society, with_answers(agency=agency, learns=True), years=1)
        start = run_rounds(society, with_answers(agency=agency), years=1)
        points = [
            each.raters[agency].score(each.raters[agency].agency.view(society).X)
            for each in (history, start)
        ]
        assert (not points[0].equals(points[1])) == moves


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"agency": "counsil"}, "council"),
        ({"regime": "ful"}, "full"),
        ({"agency": "government"}, "the rater reads none"),
        ({"fade": 1.0}, "fade"),
        ({"bundle": 0}, "bundle"),
        (
            {
                "places": [
                    {"id": "p", "agency": "council", "share": 1.2, "worth": 0.1, "source": BECAUSE}
                ]
            },
            "share",
        ),
        (
            {
                "places": [
                    {"id": "p", "agency": "council", "share": 0.2, "worth": -0.1, "source": BECAUSE}
                ]
            },
            "worth",
        ),
    ],
)
def test_policies_that_cannot_be_lived_under_are_refused(told, said):
    with pytest.raises((PolicyError, ValueError), match=said) as refused:
        with_answers(**told)
    assert "\n" not in str(refused.value)
