"""Bounds and corrections, held to a linear programme, to theory and to simulated data sets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from credit_ml.core import InputError
from credit_ml.governance import corrected_gaps, gap_bounds

COUNT = st.integers(1, 60)


@given(st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT), min_size=1, max_size=5))
def test_the_bounds_are_what_a_linear_programme_finds(rows):
    """Sharp: the least and largest gap over every joint law that both data sets allow."""
    cells = np.array(rows, dtype=float)
    decided, known = cells[:, :2].sum(axis=1), cells[:, 2:].sum(axis=1)
    size = decided / decided.sum()
    p, q = cells[:, 0] / decided, cells[:, 2] / known
    group, taken = size @ q, size @ p
    # Of each cell the share that is of the group and selected; margins bound it.
    ends = [(max(0.0, a + b - 1), min(a, b)) for a, b in zip(p, q, strict=True)]
    slope = size * (1 / group + 1 / (1 - group))
    least, largest = (
        sign * linprog(sign * slope, bounds=ends).fun - taken / (1 - group) for sign in (1, -1)
    )
    found = gap_bounds(cells).value
    assert found[[0, 2]] == pytest.approx([least, largest], abs=1e-9)
    assert found[0] - 1e-9 <= found[1] <= found[2] + 1e-9


@given(st.integers(0, 10_000))
def test_the_bounds_hold_every_truth(seed):
    """Whatever the joint law of group and decision in the cells, its gap lies between them."""
    generator = np.random.default_rng(seed)
    joint = generator.integers(1, 50, (4, 2, 2)).astype(float)  # cell, group, decision
    cells = np.column_stack(
        [joint[:, :, 1].sum(1), joint[:, :, 0].sum(1), joint[:, 1].sum(1), joint[:, 0].sum(1)]
    )
    by_group = joint.sum(axis=0)
    rate = by_group[:, 1] / by_group.sum(axis=1)
    least, _, largest = gap_bounds(cells).value
    assert least - 1e-12 <= rate[1] - rate[0] <= largest + 1e-12


def test_where_the_group_is_told_whole_nothing_is_left_open():
    """The null: a guess without error gives the truth by every way."""
    cells = np.array([[30, 10, 40, 0], [20, 40, 0, 60]])
    assert gap_bounds(cells).value == pytest.approx([0.75 - 1 / 3] * 3)
    inferred = np.array([[40.0, 20.0], [10.0, 30.0]])
    assert corrected_gaps(inferred, np.eye(2) * 50).value == pytest.approx([0.75 - 1 / 3] * 2)


def test_where_cells_tell_nothing_the_bounds_are_the_margins():
    cells = np.array([[50, 50, 30, 70]])
    least, weighted, largest = gap_bounds(cells).value
    assert weighted == pytest.approx(0)
    assert (least, largest) == pytest.approx((-0.5 / 0.7, 1 - 0.2 / 0.7))


def test_the_weighted_estimate_is_off_by_the_covariance_within_cells():
    """Chen et al. (2019): it misses the mean over cells of cov(group, selected)."""
    generator = np.random.default_rng(3)
    joint = generator.integers(5, 50, (3, 2, 2)).astype(float)
    cells = np.column_stack(
        [joint[:, :, 1].sum(1), joint[:, :, 0].sum(1), joint[:, 1].sum(1), joint[:, 0].sum(1)]
    )
    total = joint.sum()
    group = joint[:, 1].sum() / total
    of_cell = joint.sum(axis=(1, 2))
    p, q = cells[:, 0] / of_cell, cells[:, 2] / of_cell
    covariance = ((joint[:, 1, 1] / of_cell - p * q) * of_cell).sum() / total
    rate = joint.sum(axis=0)[:, 1] / joint.sum(axis=(0, 2))
    error = gap_bounds(cells).value[1] - (rate[1] - rate[0])
    assert error == pytest.approx(-covariance * (1 / group + 1 / (1 - group)))


def test_errors_alike_shrink_the_gap_and_known_errors_give_it_back():
    """Between inferred groups the gap is the true one times PPV + NPV - 1."""
    true = np.array([[200.0, 600.0], [150.0, 50.0]])  # outside, inside by refused, selected
    errors = np.array([[0.9, 0.25], [0.1, 0.75]])  # inferred given true
    inferred = errors @ true
    group = true.sum(axis=1)
    right = errors[[0, 1], [0, 1]] * group / (errors @ group)
    gap = 0.25 - 0.75
    found = corrected_gaps(inferred, 1000 * errors)
    assert found.value == pytest.approx([gap * (right.sum() - 1), gap])


def test_errors_by_decision_identify_the_gap_where_alike_would_not():
    true = np.array([[200.0, 600.0], [150.0, 50.0]])
    refused, selected = np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([[0.99, 0.6], [0.01, 0.4]])
    inferred = np.stack([refused @ true[:, 0], selected @ true[:, 1]], axis=1)
    both = np.stack([refused, selected]) * 500
    assert corrected_gaps(inferred, both).value[1] == pytest.approx(-0.5)
    assert corrected_gaps(inferred, both.sum(axis=0)).value[1] < -0.55


@pytest.mark.parametrize("told", [0.3, 0.8])
def test_intervals_of_the_bounds_hold_the_truth(told):
    """Coverage over 300 pairs of data sets: at least the level, as the bounds leave room."""
    generator = np.random.default_rng(5)
    held = ends = 0
    for _ in range(300):
        group = generator.random(1_500) < 0.3
        cell = np.where(generator.random(1_500) < told, 2 * group, generator.integers(0, 3, 1_500))
        taken = generator.random(1_500) < 0.4 + 0.2 * (cell == 0) - 0.15 * group
        half = np.arange(1_500) < 750
        of = ((half & taken), (half & ~taken), (~half & group), (~half & ~group))
        cells = np.column_stack([np.bincount(cell[who], minlength=3) for who in of])
        found = gap_bounds(cells)
        low, high = found[0].interval().low, found[2].interval().high
        truth = _gap(told)
        held += low <= truth <= high
        least, largest = _bounds(told)
        ends += found[0].interval().low <= least <= found[0].interval().high
        ends += found[2].interval().low <= largest <= found[2].interval().high
    assert held >= 285
    # Each end's own interval covers it at about its level; 600 of them.
    assert ends / 600 > 0.92


def _law(told):
    """Shares of people by cell, group and decision in the simulation above."""
    law = np.zeros((3, 2, 2))
    for group, share in ((0, 0.7), (1, 0.3)):
        for cell in range(3):
            there = told * (cell == 2 * group) + (1 - told) / 3
            chance = 0.4 + 0.2 * (cell == 0) - 0.15 * group
            law[cell, group] = share * there * np.array([1 - chance, chance])
    return law


def _gap(told):
    by_group = _law(told).sum(axis=0)
    rate = by_group[:, 1] / by_group.sum(axis=1)
    return rate[1] - rate[0]


def _bounds(told):
    law = _law(told)
    cells = np.column_stack(
        [law[:, :, 1].sum(1), law[:, :, 0].sum(1), law[:, 1].sum(1), law[:, 0].sum(1)]
    )
    return gap_bounds(1e6 * cells).value[[0, 2]]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: gap_bounds(np.zeros((3, 4))), r"cells.*no people inside and outside"),
        (lambda: gap_bounds(np.ones((3, 3))), r"cells.*shape \(3, 3\)"),
        (lambda: corrected_gaps(np.ones((2, 2)), np.ones((2, 2))), r"confusion.*says nothing"),
        (lambda: corrected_gaps(np.ones(4), np.eye(2)), r"inferred.*shape"),
    ],
)
def test_tables_that_say_nothing_are_one_line(act, said):
    with pytest.raises(InputError, match=said) as refused:
        act()
    assert "\n" not in str(refused.value)
