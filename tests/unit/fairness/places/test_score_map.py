"""A city's map by score: whose mean a tile is, in which order, and what the picture says."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgb

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.core.instrument import instruments
from credit_ml.fairness import score_map
from credit_ml.fairness.places.finding import ON_SHADE, SHADES
from credit_ml.fairness.places.instrument import map_tables
from credit_ml.inference import People


def city(districts=20, people=30, slope=2.0, seed=0):
    """Districts whose names say nothing of their order, which is that of their income."""
    random = np.random.default_rng(seed)
    rank = np.repeat(np.arange(districts), people)
    names = random.permutation(districts)[rank]
    frame = pd.DataFrame(
        {
            "home": names,
            "income": 10.0 + rank + random.uniform(-0.4, 0.4, len(rank)),
            "points": 600 + slope * rank + random.normal(0, 5, len(rank)),
            "rank": rank,
        }
    )
    data = Dataset.from_frame(
        frame, target=None, sensitive=[], cluster="home", context=["rank", "points"]
    )
    return frame, data


def drawn(frame, data, **how):
    return score_map(frame["points"], data, frame["home"], frame["income"], **how)


def test_a_tile_is_the_mean_of_those_who_live_there_in_the_order_of_income():
    frame, data = city()
    found = drawn(frame, data).districts
    means = frame.groupby("rank")["points"].mean()
    np.testing.assert_allclose(found["estimate"], means)
    assert (found["people"] == 30).all()
    own = People(30).mean(frame.loc[frame["rank"] == 3, "points"].to_numpy())
    row = found[found["place"] == 4].iloc[0]
    assert (row["low"], row["high"]) == pytest.approx(tuple(own.interval()))


def test_fifths_are_apart_by_what_the_city_makes_them_and_by_nothing_where_it_makes_nothing():
    found = drawn(*city(slope=2.0)).table.set_index("measure")
    apart = found.loc["richest_less_poorest"]
    ends = found.loc["richest_fifth", "estimate"] - found.loc["poorest_fifth", "estimate"]
    assert apart["estimate"] == pytest.approx(ends)
    assert apart["low"] < 2.0 * 16 < apart["high"]
    assert apart["over"] == "clusters"
    covers = []
    for seed in range(60):
        row = drawn(*city(slope=0.0, seed=seed)).table.set_index("measure")
        row = row.loc["richest_less_poorest"]
        covers.append(row["low"] <= 0 <= row["high"])
    assert np.mean(covers) > 0.85


def test_one_person_is_no_district_and_one_district_is_no_map():
    frame, data = city(districts=3)
    frame.loc[0, "home"] = 99
    assert len(drawn(frame, data).districts) == 3
    with pytest.raises(InputError, match="district: tells 1 apart"):
        drawn(frame.assign(home=1), data)
    with pytest.raises(TableError, match="income: has shape"):
        score_map(frame["points"], data, frame["home"], frame["income"].to_numpy()[:3])


def test_weights_say_whom_the_rows_stand_for():
    frame, _ = city(districts=6, people=20)
    times = np.random.default_rng(4).integers(0, 4, len(frame))
    data = Dataset.from_frame(
        frame.assign(times=times), target=None, sensitive=[], weights="times", context=["points"]
    )
    weighted = drawn(frame, data).districts
    out = frame.loc[np.repeat(frame.index, times)].reset_index(drop=True)
    written = drawn(out, Dataset.from_frame(out, target=None, sensitive=[])).districts
    np.testing.assert_allclose(weighted["estimate"], written["estimate"])
    # A district of people who do not count is none.
    nobody = frame.assign(times=np.where(frame["rank"] == 0, 0, times))
    less = Dataset.from_frame(nobody, target=None, sensitive=[], weights="times")
    assert len(drawn(frame, less).districts) == 5


def brightness(colour):
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(parts, [0.2126, 0.7152, 0.0722]))


def test_shades_are_told_apart_without_colour_and_bear_their_numbers():
    light = [brightness(each) for each in SHADES]
    assert light == sorted(light)
    for one, other in itertools.pairwise(light):
        assert (other + 0.05) / (one + 0.05) > 1.5
    for shade, ink in zip(SHADES, ON_SHADE, strict=True):
        one, other = sorted((brightness(shade), brightness(ink)))
        assert (other + 0.05) / (one + 0.05) >= 4.5


@pytest.mark.parametrize("districts", [2, 9, 200])
def test_the_picture_has_every_district_and_a_legend_in_points(districts):
    frame, data = city(districts=districts, people=4)
    axes = drawn(frame, data).plot()
    tiles = [each for each in axes.collections if isinstance(each, PatchCollection)]
    assert sum(len(each.get_paths()) for each in tiles) == districts
    (legend,) = axes.get_figure().legends
    assert "points" in legend.get_title().get_text()
    assert all(" to " in text.get_text() for text in legend.get_texts())


def test_the_table_behind_it_begins_with_what_is_said_of_the_whole_city():
    (view,) = map_tables(drawn(*city()))
    lines = [row for _, body in view.bodies for row in body]
    assert [row[0] for row in lines[:4]] == [
        "Everybody",
        "Poorest fifth of the districts",
        "Richest fifth of the districts",
        "Richest less poorest",
    ]
    assert len(lines) == 24
    assert all(" to " in row[2] for row in lines)


def test_a_study_asks_for_it_by_a_table():
    known = instruments()["score_map"]
    assert (known.table, known.by_default, known.section) == ("score_map", False, "audit")
