"""Cities beside each other: what their gaps are, and what they truly differ by."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.fairness.nation.finding import FEW, city_rows, nation, wider

LABELS = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}


def cities(gaps, *, people=400, districts=40, seed=0):
    """Counts by district, group and decision of cities with these gaps of selection rates."""
    generator = np.random.default_rng(seed)
    found = []
    for gap in gaps:
        chosen = generator.binomial(people, [[0.6 + gap, 0.6]] * districts)
        found.append(np.stack([people - chosen, chosen], axis=-1))
    return found


def of(rows, measure, quantity="value"):
    """Estimates of a measure of all cities."""
    asked = [row for row in rows if row["measure"] == measure and row["city"] < 0]
    return [row["estimate"] for row in asked if row.get("quantity", "value") == quantity]


def test_cities_that_are_alike_differ_by_nothing_that_is_no_error():
    spreads = [
        of(city_rows(cities([-0.1] * 60, seed=seed), LABELS, 0.95), "between_cities")[0]
        for seed in range(20)
    ]
    assert np.mean(spreads) < 0.002


def test_what_cities_truly_differ_by_is_found():
    gaps = np.random.default_rng(1).normal(-0.1, 0.03, 200)
    (spread,) = of(city_rows(cities(gaps), LABELS, 0.95), "between_cities")
    assert spread == pytest.approx(0.03, rel=0.15)


def test_ends_hold_for_all_cities_at_once():
    missed = 0
    for seed in range(40):
        rows = city_rows(cities([0.0] * 30, seed=seed), LABELS, 0.95)
        ends = [row for row in rows if row.get("quantity") in ("largest", "smallest")]
        assert len(ends) == 2
        missed += any(not row["low"] <= 0 <= row["high"] for row in ends)
    assert missed <= 8  # one in twenty, and three standard errors


def test_one_city_has_no_ends_and_a_gap():
    found = nation(cities([-0.2]), None, LABELS, 0.95, "sesame")
    assert set(found.table["quantity"]) == {"value", "difference"}
    assert of(found.table.to_dict("records"), "cities") == [1.0]


def test_the_figure_draws_a_point_a_city():
    axes = nation(cities([-0.2, -0.1, 0.0]), None, LABELS, 0.95, "sesame").plot()
    assert len(axes.lines[0].get_xdata()) == 3


def rows_over(clusters, design_effect):
    """One row of an audit."""
    return pd.DataFrame({"clusters": [clusters], "design_effect": [design_effect]})


@pytest.mark.parametrize("times", [1.0, 40.0, 1000.0])
def test_few_people_are_as_many_times_fewer_where_people_or_many_clusters_are_counted(times):
    assert wider(rows_over(0, 1.0), times).item() == pytest.approx(np.sqrt(times))
    assert wider(rows_over(0, np.nan), times).item() == pytest.approx(np.sqrt(times))
    assert wider(rows_over(4000, 9.0), times).item() == pytest.approx(np.sqrt(times))


def test_few_people_of_one_city_have_its_chance_whole_and_no_more():
    """Of C cities of n people with SD s between cities and e in one: s^2 / C + e^2 / (C n)."""
    between, within, cities, people = 0.02, 0.5, 191, 262_144
    all_of_them = between**2 / cities + within**2 / (cities * people)
    effect = all_of_them / (within**2 / (cities * people))
    few = between**2 + within**2 / FEW
    found = all_of_them * wider(rows_over(cities, effect), cities * people / FEW).item() ** 2
    assert found == pytest.approx(few)
