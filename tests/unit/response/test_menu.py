"""Menus: what an action moves, what it costs, and what a menu may not hold."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import MenuError
from credit_ml.disclosure import disclose
from credit_ml.response import Bundle, ColumnChange, Menu, ResponseOptions, default_menu, load_menu
from credit_ml.society import COLUMNS

GOOD = """
id = "mine"
description = "One way."

[[actions]]
id = "shop"
name = "buy diapers"
kind = "cosmetic"
changes = [{ column = "diapers", add = 3, high = 12 }]
price = 0.9
effort = 0.0
source = "assumed, because this is a test"
"""


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "Int64"])
def test_counts_stay_whole(dtype):
    counts = pd.Series([0, 1, 3, 10], dtype=dtype)
    moved = ColumnChange(column="late", multiply=0.4).apply(counts)
    assert moved.dtype == counts.dtype
    assert moved.tolist() == [0, 0, 1, 4]


def test_unsigned_counts_do_not_wrap_around():
    moved = ColumnChange(column="late", add=-3).apply(pd.Series([1, 5], dtype="uint8"))
    assert moved.tolist() == [0, 2]


def test_values_stop_at_the_range_and_those_beyond_are_not_moved_back():
    values = pd.Series([1.0, 11.0, 40.0], dtype="float32")
    moved = ColumnChange(column="diapers", add=3, high=12).apply(values)
    assert moved.tolist() == [4, 12, 40]
    moved = ColumnChange(column="late", add=-2, low=0).apply(pd.Series([3.0, 1.0, -5.0]))
    assert moved.tolist() == [1, 0, -5]


def test_what_is_missing_stays_missing():
    values = pd.Series([np.nan, 2.0], dtype="float32")
    moved = ColumnChange(column="stars", add=1, low=0, high=5).apply(values)
    assert moved.isna().tolist() == [True, False]
    assert moved.dtype == "float32"
    counts = pd.Series([None, 2], dtype="Int64")
    assert ColumnChange(column="stars", add=1).apply(counts).isna().tolist() == [True, False]


def test_a_bundle_does_its_actions_in_turn_and_leaves_the_table_alone(action):
    X = pd.DataFrame({"late": [4.0], "books": [1.0]})
    both = Bundle((action("halve", multiply=0.5), action("less", add=-1)))
    assert both.apply(X)["late"].tolist() == [4 * 0.5 - 1]
    assert X["late"].tolist() == [4.0]
    assert both.apply(X)["books"].tolist() == [1.0]
    assert Bundle(()).apply(X) is X


def test_a_price_weighs_more_on_the_poor_and_an_effort_the_same(action):
    bundle = Bundle((action("a", price=1.2, effort=0.01), action("b", price=0.6)))
    assert bundle.cost(np.array([12.0, 120.0])).tolist() == pytest.approx(
        [1.8 / 12 + 0.01, 1.8 / 120 + 0.01]
    )


def test_effects_on_the_outcome_add_up(action):
    acts = tuple(action(name, kind="improving", effect=0.4) for name in "ab")
    assert Bundle(acts).outcome_effect == pytest.approx(0.8)
    assert Bundle(()).outcome_effect == 0


def test_the_default_menu_moves_records_that_exist_and_cites_its_rows():
    menu = default_menu()
    for each in menu.actions:
        assert "S" in each.source or "assumed" in each.source
        assert {change.column for change in each.changes} <= set(COLUMNS)


def test_a_menu_of_ones_own_loads(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    menu = load_menu(path)
    assert menu.actions[0].changes[0] == ColumnChange(column="diapers", add=3, high=12)
    assert Menu.from_dict(menu.model_dump()) == menu


BAD = {
    "a negative price": ("price = 0.9", "price = -1", "give at least 0"),
    "a price that is no number": ("price = 0.9", "price = nan", "give at least 0"),
    "a negative effort": ("effort = 0.0", "effort = -0.5", "effort"),
    "a sensitive feature": ('column = "diapers"', 'column = "hukou"', "sensitive feature 'hukou'"),
    "age": ('column = "diapers"', 'column = "age"', "sensitive feature 'age'"),
    "an effect of show": ("effort = 0.0", "effort = 0.0\noutcome_effect = 0.4", "improving"),
    "an unknown key": ("price = 0.9", "price = 0.9\npricee = 1", "did you mean 'price'"),
    "a missing key": ("price = 0.9", "", "missing"),
    "an unknown kind": ('kind = "cosmetic"', 'kind = "magic"', "magic"),
    "nothing to move": ('[{ column = "diapers", add = 3, high = 12 }]', "[]", "moves no column"),
    "a range upside down": ("high = 12", "low = 13, high = 12", "low 13 above high 12"),
    "no TOML": ("[[actions]]", "[[actions]", "is not TOML"),
    "twice the same": ("[[actions]]", GOOD[GOOD.index("[[act") :] + "\n[[actions]]", "twice"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_menu_is_refused_in_one_line(case, tmp_path):
    old, new, hint = BAD[case]
    assert old in GOOD
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(MenuError) as caught:
        load_menu(path)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_an_empty_menu_are_refused(tmp_path):
    with pytest.raises(MenuError, match="is not there"):
        load_menu(tmp_path / "none.toml")
    with pytest.raises(MenuError, match="no actions"):
        Menu.from_dict({"id": "m", "description": "", "actions": []})


def test_an_unknown_column_is_refused_with_the_nearest_name(action, rater, dataset, aim):
    menu = Menu(id="m", description="", actions=(action("shop", "diaper"),))
    with pytest.raises(MenuError, match="did you mean 'diapers'"):
        disclose(rater, dataset, response=ResponseOptions(menu=menu, privileges=[aim]))


def test_a_menu_of_which_the_rater_sees_nothing_is_refused(action, rater, dataset, aim):
    menu = Menu(id="m", description="", actions=(action("play", "gaming_hours"),))
    with pytest.raises(MenuError, match="the rater reads none"):
        disclose(rater, dataset, response=ResponseOptions(menu=menu, privileges=[aim]))


def test_a_column_that_holds_no_numbers_cannot_be_moved(action, dataset, rater, aim):
    table = dataset.X.assign(books=pd.Categorical(["few"] * len(dataset)))
    changed = type(dataset)(
        X=table,
        y=dataset.y,
        sensitive=dataset.sensitive,
        factors=dataset.factors,
        context=dataset.context,
    )
    menu = Menu(id="m", description="", actions=(action("read", "books", add=1),))
    with pytest.raises(MenuError, match="holds no numbers"):
        disclose(rater, changed, response=ResponseOptions(menu=menu, privileges=[aim]))


def test_actions_that_the_rater_does_not_see_are_left_out(action):
    menu = Menu(id="m", description="", actions=(action("a", "late"), action("b", "gaming_hours")))
    assert [each.id for each in menu.visible(["late", "books"])] == ["a"]
