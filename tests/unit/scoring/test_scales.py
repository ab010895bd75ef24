"""Scales rise and invert."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import ModelError, TableError
from credit_ml.scoring import PointsToDoubleOdds, RangeScale

positive = st.floats(0.01, 1000)
doubling = st.builds(
    PointsToDoubleOdds,
    base_points=st.floats(-1000, 1000),
    base_odds=positive,
    points_to_double=st.floats(1, 200),
)
ranges = st.builds(
    lambda low, width, centre_odds, spread: RangeScale(
        low=low, high=low + width, centre_odds=centre_odds, spread=spread
    ),
    low=st.floats(-1000, 1000),
    width=st.floats(1, 1000),
    centre_odds=positive,
    spread=st.floats(0.1, 10),
)


@given(scale=doubling, log_odds=st.floats(-50, 50))
def test_doubling_scale_inverts(scale: PointsToDoubleOdds, log_odds: float) -> None:
    assert scale.log_odds(scale.points(log_odds)) == pytest.approx(log_odds, abs=1e-9)


@given(scale=ranges, steps=st.floats(-6, 6))
def test_range_scale_inverts(scale: RangeScale, steps: float) -> None:
    log_odds = np.log(scale.centre_odds) + steps * scale.spread
    back = scale.log_odds(scale.points(log_odds))
    # A share within exp(-6) of an end keeps this many digits of points near 2,000.
    assert back == pytest.approx(log_odds, abs=1e-7 * scale.spread)


@given(scale=ranges, share=st.floats(0, 1))
def test_range_scale_inverts_from_points(scale: RangeScale, share: float) -> None:
    points = scale.low + share * (scale.high - scale.low)
    points = min(max(points, scale.low), scale.high)
    assert scale.points(scale.log_odds(points)) == pytest.approx(points, abs=1e-6)


@given(scale=st.one_of(doubling, ranges), log_odds=st.lists(st.floats(-20, 20), min_size=2))
def test_points_rise_with_log_odds_within_the_range(
    scale: PointsToDoubleOdds | RangeScale, log_odds: list[float]
) -> None:
    points = scale.points(np.sort(log_odds))
    assert (np.diff(points) >= 0).all()
    assert scale.low <= points.min()
    assert points.max() <= scale.high


def test_doubling_the_odds_adds_the_points_it_says() -> None:
    scale = PointsToDoubleOdds(base_points=500, base_odds=10, points_to_double=40)
    np.testing.assert_allclose(scale.points(np.log([10, 20, 40, 5])), [500, 540, 580, 460])


def test_affine_scales_say_so() -> None:
    assert PointsToDoubleOdds(base_points=0, base_odds=1, points_to_double=1).affine
    assert not RangeScale(low=0, high=1, centre_odds=1, spread=1).affine


def test_ends_of_a_range_have_finite_log_odds() -> None:
    scale = RangeScale(low=350, high=950, centre_odds=6, spread=1.2)
    assert np.isfinite(scale.log_odds([350, 950])).all()


def test_points_outside_the_range_are_refused() -> None:
    scale = RangeScale(low=350, high=950, centre_odds=6, spread=1.2)
    with pytest.raises(TableError, match="points: 951 is outside 350 to 950"):
        scale.log_odds(np.array([400.0, 951.0]))


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_odds_must_be_positive(bad: float) -> None:
    with pytest.raises(ModelError, match="centre_odds"):
        RangeScale(low=0, high=1, centre_odds=bad, spread=1)
    with pytest.raises(ModelError, match="points_to_double"):
        PointsToDoubleOdds(base_points=0, base_odds=1, points_to_double=bad)


def test_empty_range_is_refused() -> None:
    with pytest.raises(ModelError, match="give low below high"):
        RangeScale(low=5, high=5, centre_odds=1, spread=1)
