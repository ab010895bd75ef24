"""The picture of limits on data: a name stands beside its dot, and over none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.governance.data_limits.finding import AROUND, LETTER, LINE, PHONE, beside_dots

PLACES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=12, unique=True)


def boxes(places, names, dots):
    """Left end, foot and width of each name, and the dots, in points of a phone."""
    drawn = np.concatenate([places, dots])
    least, span = drawn.min(axis=0), np.ptp(drawn, axis=0)
    scale = np.array(PHONE) / np.where(span > 0, span, 1)
    shift = {"left": 0.0, "center": 0.5, "right": 1.0}
    for (x, y), name, look in zip(
        (places - least) * scale, names, beside_dots(places, names, dots), strict=True
    ):
        wide = LETTER * len(name)
        (dx, dy), side = look["xytext"], look["ha"]
        yield x + dx - shift[side] * wide, y + dy, wide
    yield (drawn - least) * scale


def test_a_name_stands_over_no_dot_where_there_is_room():
    """A cloud to the right of a dot, above and below: its name goes to the left."""
    dots = np.array([[0.6 + 0.01 * k, 0.45 + 0.1 * (k % 2)] for k in range(20)])
    places = np.array([[0.55, 0.5], [0.0, 0.0], [1.0, 1.0]])
    *told, points = boxes(places, ["lenders", "a", "b"], dots)
    left, low, wide = told[0]
    inside = (points[:, 0] > left) & (points[:, 0] < left + wide)
    inside &= (points[:, 1] > low) & (points[:, 1] < low + LINE - 1)
    assert not inside.any()


@given(PLACES, PLACES)
@settings(deadline=None, max_examples=50)
def test_no_two_names_meet_where_one_place_is_free(places, dots):
    names = ["lenders"] * len(places)
    *told, _ = boxes(np.array(places), names, np.array(dots))
    looks = beside_dots(np.array(places), names, np.array(dots))
    assert {(*each["xytext"], each["ha"]) for each in looks} <= set(AROUND)
    first = [told[0]]
    for box, look in zip(told[1:], looks[1:], strict=True):
        meets = any(
            a < box[0] + box[2] and box[0] < a + w and abs(b - box[1]) < LINE for a, b, w in first
        )
        # Only where every place is taken does a name stand over another, at the first place.
        assert not meets or (*look["xytext"], look["ha"]) == AROUND[0]
        first.append(box)


def test_a_name_keeps_to_the_picture():
    looks = beside_dots(np.array([[0.0, 0.0], [1.0, 1.0]]), ["first", "a long name of a dot"])
    assert looks[1]["ha"] == "right"
    assert looks[0]["ha"] == "left"


@pytest.mark.parametrize("name", ["", "one"])
def test_one_dot_alone_has_its_name_beside_it(name):
    assert len(beside_dots(np.array([[3.0, 2.0]]), [name])) == 1
