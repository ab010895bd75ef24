"""What a sweep varies: grids, lists, points, keys of nested tables, and what is refused."""

import numpy as np
import pytest
from pydantic import ValidationError

from credit_ml.core import StudyError
from credit_ml.studies.settings.design import SweepTable, changed


def values(**given):
    return SweepTable(**given).settings()


def test_a_grid_takes_all_with_all_and_a_list_each_with_its_own():
    over = {"a": (1, 2), "b": ("x", "y")}
    assert [tuple(each.values()) for each in values(over=over)] == [
        (1, "x"),
        (1, "y"),
        (2, "x"),
        (2, "y"),
    ]
    assert values(over=over, design="list") == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_knob():
    over = {"a": {"low": -2.0, "high": 2.0}, "b": {"low": 0.0, "high": 1.0}}
    made = values(over=over, design="latin_hypercube", points=8)
    for key, low, width in (("a", -2.0, 0.5), ("b", 0.0, 0.125)):
        slices = sorted(int((each[key] - low) / width) for each in made)
        assert slices == list(range(8))


def test_more_points_of_saltelli_hold_those_of_fewer():
    over = {"a": {"low": 0.0, "high": 1.0}, "b": (1, 2, 3)}
    few, many = (values(over=over, design="saltelli", points=n, seed=5) for n in (8, 16))
    assert len(few) == 8 * 4
    assert many[: len(few)] == few


def test_a_base_point_of_saltelli_has_each_key_once_as_in_another():
    over = {name: {"low": 0.0, "high": 1.0} for name in ("a", "b", "c")}
    made = values(over=over, design="saltelli", points=5, seed=2)
    each = np.array([list(setting.values()) for setting in made]).reshape(5, 5, 3)
    own, other = each[:, :1], each[:, -1:]
    replaced = each[:, 1:-1]
    assert (np.where(np.eye(3, dtype=bool), other, own) == replaced).all()
    assert len(np.unique(each[:, [0, -1]])) == 5 * 2 * 3


def test_whole_numbers_of_a_range_are_alike_likely_and_both_ends_are_among_them():
    over = {"a": {"low": 1, "high": 4, "whole": True}}
    made = [each["a"] for each in values(over=over, design="latin_hypercube", points=400)]
    assert all(type(each) is int for each in made)
    assert np.bincount(made).tolist() == [0, 100, 100, 100, 100]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"over": {"a": {"low": 0.0, "high": 1.0}}}, "holds a range"),
        ({"over": {"a": (1,), "b": (1, 2)}, "design": "list"}, "several lengths"),
        ({"over": {"a": ()}}, "holds nothing"),
        ({"over": {"a": (1, 2, 2)}}, "holds 2 twice; give each once"),
        ({"over": {"a": (1, 1), "b": ("x", "x")}, "design": "list"}, "twice; give each once"),
        ({"over": {"a": ("x", "x")}, "design": "saltelli", "points": 8}, "holds x twice"),
    ],
)
def test_what_makes_no_design_is_said(given, said):
    with pytest.raises(StudyError, match=said):
        values(**given)


def test_a_range_without_room_is_refused():
    with pytest.raises(ValidationError, match="low must be below high"):
        SweepTable(over={"a": {"low": 1.0, "high": 1.0}})


def test_a_key_changes_what_it_names_and_nothing_else():
    given = {"raters": [{"agency": "a"}, {"agency": "b"}], "world": {"name": "w"}}
    found = changed(given, "raters.1.scorers", ["tree"])
    assert found["raters"] == [{"agency": "a"}, {"agency": "b", "scorers": ["tree"]}]
    assert given["raters"][1] == {"agency": "b"}
    with pytest.raises(StudyError, match="names no place of 2"):
        changed(given, "raters.2.agency", "c")
    with pytest.raises(StudyError, match=r"goes through .world.name., which is no table"):
        changed(given, "world.name.first", "c")


def test_values_of_a_list_may_come_again_where_they_make_another_setting():
    assert len(values(over={"a": (1, 1), "b": ("x", "y")}, design="list")) == 2
