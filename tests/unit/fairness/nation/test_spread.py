"""What cities truly differ by: its interval holds the truth, and the page says what it bears."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.core.schema import conform
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.nation.facts import between, ends_meet, made_of_cities, passes
from credit_ml.fairness.nation.finding import nation
from credit_ml.fairness.nation.spread import spread_ends, true_spread
from credit_ml.reports.templating import said
from tests.unit.fairness.nation.test_nation_finding import LABELS, cities


@pytest.mark.parametrize("spread", [0.0, 0.5, 2.0])
def test_intervals_hold_the_true_spread(spread):
    """With even errors the profile is exact; over 400 nations, three standard errors."""
    random = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        values = random.normal(0, np.sqrt(spread**2 + 1), 40)
        low, high = spread_ends(values, np.ones(40), 0.95)
        held += low <= spread <= high
    assert held / 400 >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 400)
    if spread:
        assert held / 400 <= 0.95 + 3 * np.sqrt(0.95 * 0.05 / 400)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0.001, 0.1)), min_size=2, max_size=30))
def test_ends_stand_around_the_estimate_and_not_below_none(told):
    values, errors = np.array(told).T
    low, high = spread_ends(values, errors, 0.95)
    assert 0 <= low <= true_spread(values, errors) <= high < np.inf


def page_of(gaps, **more):
    found = nation(cities(gaps, **more), None, LABELS, 0.95, "sesame")
    rater = RaterResults(id="sesame", name="sesame", scorer_kind="opaque", findings=(found,))
    data = {"kind": "simulated", "name": "baseline"}
    return found, said(StudyResults(id="n", title="N", data=data, raters=(rater,)), "nation")


def test_cities_that_may_be_alike_have_none_at_an_end():
    found, text = page_of([-0.1] * 30)
    assert ends_meet(found)
    assert "which city is at an end is not known" in text
    assert "in city" not in text
    assert "compatible with none" in text


def test_cities_that_differ_are_named_at_the_ends():
    found, text = page_of([-0.4, *[-0.2] * 10, 0.1])
    assert not ends_meet(found)
    assert "in city 0 to" in text
    assert "in city 11" in text
    assert "compatible with none" not in text


def test_a_finding_stored_without_ends_is_given_those_of_its_cities():
    found, _ = page_of(list(np.linspace(-0.2, -0.1, 40)))
    table = found.table.copy()
    rows = table["measure"] == "between_cities"
    table.loc[rows, ["low", "high"]] = np.nan
    made, again = (
        between(found),
        between(type(found)(table=table, title="", parameters=found.parameters)),
    )
    assert made.ranged
    assert again.estimate == made.estimate
    assert (again.low, again.high) == pytest.approx((made.low, made.high), rel=0.05)


def test_the_page_says_over_what_the_spread_runs_and_where_it_was_made():
    """An interval that the run did not store is said to be made on the page."""
    found, text = page_of(list(np.linspace(-0.2, -0.1, 40)))
    assert "this interval runs over cities." in text
    assert not made_of_cities(found)
    table = found.table.copy()
    table.loc[table["measure"] == "between_cities", ["low", "high"]] = np.nan
    old = type(found)(table=table, title="", parameters=found.parameters)
    assert made_of_cities(old)
    rater = RaterResults(id="sesame", name="sesame", scorer_kind="opaque", findings=(old,))
    data = {"kind": "simulated", "name": "baseline"}
    told = said(StudyResults(id="n", title="N", data=data, raters=(rater,)), "nation")
    assert "and is made here of those of each, for the run stored none." in told


@pytest.mark.parametrize(
    ("gaps", "words"),
    [([-0.3] * 9, "less often"), ([0.3] * 9, "more often"), ([-0.3] * 8 + [0.3], "")],
)
def test_in_which_direction_cities_differ_is_said_where_all_do(gaps, words):
    found, _ = page_of(gaps)
    assert passes(found) == words
    rater = RaterResults(id="sesame", name="sesame", scorer_kind="opaque", findings=(found,))
    data = {"kind": "simulated", "name": "baseline"}
    study = StudyResults(id="n", title="N", data=data, raters=(rater,))
    assert f"pass {words} than" in said(study, "nation", "answer") or not words


def test_how_many_groups_are_told_apart_is_said_of_each_rater_where_it_differs():
    found, _ = page_of([-0.2, -0.1])

    def counting(name, known, few):
        told = {"groups": 15, "gaps_known": known, "gaps_known_of_few": few}
        rows = [
            {"measure": measure, "estimate": float(count), "city": -1, "quantity": "value"}
            for measure, count in told.items()
        ]
        table = pd.concat([found.table, conform(rows)], ignore_index=True)
        own = type(found)(table=table, title="", parameters=found.parameters)
        agency = {"id": "sesame", "title": "Sesame"}
        return RaterResults(
            id=name, name=name, agency=agency, scorer_kind="opaque", findings=(own,)
        )

    def told(*counts):
        raters = tuple(counting(f"rater {n}", *each) for n, each in enumerate(counts))
        page = StudyResults(id="n", title="N", data={"kind": "simulated"}, raters=raters)
        return said(page, "nation", "headline")

    assert "14 are told apart from the largest at rater 0, 15 at rater 1; of" in told(
        (14, 10), (15, 10)
    )
    assert told((14, 10), (15, 10)).endswith("it would be about 10.")
    assert told((14, 10), (14, 9)).endswith("it would be about 10, 9 at rater 1.")
    assert "told apart from the largest at rater 0; of" in told((14, 10), (14, 9))


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ((0.344, 0.341, 0.348), "; alike but not critics: 34.4 % (34.1 to 34.8), not told apart."),
        ((0.40, 0.39, 0.41), "; alike but not critics: 40 % (39 to 41), more often."),
        ((0.30, 0.29, 0.31), "; alike but not critics: 30 % (29 to 31), less often."),
    ],
)
def test_of_the_rarest_group_it_is_said_how_often_they_pass_who_differ_in_one_feature(
    others, expected
):
    """Rural critics passed less often than the largest group: so did who are rural alone."""
    found, _ = page_of([-0.2, -0.1])
    sensitive, of = "hukou x critic", {"measure": "selection_rate", "quantity": "value"}
    shares = {
        "rural x yes": ((0.341, 0.332, 0.351), 10),
        "rural x no": (others, 500),
        "urban x yes": ((0.63, 0.62, 0.64), 90),
        "urban x no": ((0.636, 0.633, 0.639), 1600),
    }
    told = [
        of | {"sensitive": sensitive, "group": group, "people": people}
        | dict(zip(("estimate", "low", "high"), share, strict=True))
        for group, (share, people) in shares.items()
    ]  # fmt: skip
    rare = {"sensitive": sensitive, "group": "rural x yes", "people": 10, "quantity": "value"}
    widths = [
        rare | {"measure": name, "estimate": 0.01} for name in ("half_width", "half_width_of_few")
    ]
    table = conform([told[0], *widths], city=-1)
    own = found.told_as(table=pd.concat([found.table, table], ignore_index=True))
    below = of | {"sensitive": sensitive, "group": "rural x yes", "reference_group": "urban x no"}
    below |= {"quantity": "difference", "estimate": -0.295, "low": -0.304, "high": -0.286}
    held = Audit(table=conform([*told, below]), title="", parameters={"intervals": 0.95})
    rater = RaterResults(id="a", name="a", scorer_kind="opaque", findings=(held, own))
    page = StudyResults(id="n", title="N", data={"kind": "simulated"}, raters=(rater,))
    text = said(page, "nation", "answer").replace("\u202f", " ")
    assert "points below the largest" + expected in text


def test_of_groups_told_apart_it_is_said_how_many_pass_more_often():
    """Of fifteen that are told apart one passed more often: not all fare worse."""
    found, _ = page_of([-0.2, -0.1])
    of = {"sensitive": "hukou x critic", "measure": "selection_rate", "quantity": "difference"}
    of |= {"reference_group": "urban x no"}
    gaps = {"rural x yes": (-0.3, -0.31, -0.29), "urban x yes": (0.002, 0.0003, 0.0037)}
    gaps["rural x no"] = (0.001, -0.001, 0.003)
    told = [
        of | {"group": group} | dict(zip(("estimate", "low", "high"), ends, strict=True))
        for group, ends in gaps.items()
    ]
    rare = {"sensitive": "hukou x critic", "group": "rural x yes", "people": 10, "city": -1}
    counts = {"groups": 3, "gaps_known": 2, "gaps_known_of_few": 1}
    rows = [rare | {"measure": "half_width", "estimate": 0.01, "quantity": "value"}]
    rows += [
        {"measure": name, "estimate": float(count), "city": -1, "quantity": "value"}
        for name, count in counts.items()
    ]
    own = found.told_as(table=pd.concat([found.table, conform(rows)], ignore_index=True))
    held = Audit(table=conform(told), title="", parameters={"intervals": 0.95})
    rater = RaterResults(id="a", name="a", scorer_kind="opaque", findings=(held, own))
    page = StudyResults(id="n", title="N", data={"kind": "simulated"}, raters=(rater,))
    assert "2 are told apart from the largest (one passes more often); of" in said(
        page, "nation", "headline"
    )
