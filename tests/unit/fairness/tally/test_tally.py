"""One pass counts everybody, and parts add up to the whole."""

import itertools
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import TableError
from credit_ml.fairness import Tally, rates


def _people(rows, seed=0, levels=(2, 3)):
    random = np.random.default_rng(seed)
    sensitive = pd.DataFrame(
        {
            f"s{place}": pd.Categorical.from_codes(
                random.integers(0, count, rows), [f"g{code}" for code in range(count)]
            )
            for place, count in enumerate(levels)
        }
    )
    decisions, y = random.integers(0, 2, (2, rows))
    return sensitive, decisions.astype(bool), y, random.normal(600, 50, rows)


def test_counts_are_a_cross_table():
    sensitive, decisions, y, scores = _people(500)
    tally = Tally.of(decisions, sensitive, y=y, scores=scores)
    for cell in np.ndindex(tally.counts.shape):
        first, second, outcome, decision = cell
        who = (
            (sensitive["s0"] == f"g{first}")
            & (sensitive["s1"] == f"g{second}")
            & (y == outcome)
            & (decisions == decision)
        )
        assert tally.counts[cell] == who.sum()
        assert tally.sums[cell] == pytest.approx(scores[who].sum())
        assert tally.squares[cell] == pytest.approx((scores[who] ** 2).sum())


@settings(max_examples=30, deadline=None)
@given(cut=st.lists(st.integers(0, 80), min_size=1, max_size=3), known=st.booleans())
def test_chunks_merge_to_the_whole(cut, known):
    sensitive, decisions, y, scores = _people(80)
    edges = [0, *sorted(cut), 80]

    def tally(rows):
        outcome = y[rows] if known else None
        return Tally.of(decisions[rows], sensitive[rows], y=outcome, scores=scores[rows])

    whole = tally(slice(None))
    first, *others = [tally(slice(*edge)) for edge in itertools.pairwise(edges)]
    merged = first.merge(*others)
    assert (merged.counts == whole.counts).all()
    np.testing.assert_allclose(merged.sums, whole.sums, rtol=1e-12)
    np.testing.assert_allclose(merged.squares, whole.squares, rtol=1e-12)


def test_chunks_that_lack_a_group_still_merge():
    def chunk(groups):
        return Tally.of([1] * len(groups), pd.DataFrame({"sex": pd.Categorical(groups)}))

    merged = chunk(["f", "f"]) + chunk(["m", "x", "m"])
    assert merged.groups == {"sex": ("f", "m", "x")}
    assert merged.counts[:, 0, 1].tolist() == [2, 2, 1]


def test_marginal_forgets_the_other_features():
    sensitive, decisions, y, scores = _people(300)
    whole = Tally.of(decisions, sensitive, y=y, scores=scores)
    alone = Tally.of(decisions, sensitive[["s1"]], y=y, scores=scores)
    assert (whole.marginal(["s1"]).counts == alone.counts).all()
    assert whole.marginal([]).counts.sum() == 300
    with pytest.raises(TableError, match="'s2' is unknown"):
        whole.marginal(["s2"])


@pytest.mark.parametrize("levels", [(2,), (2, 3, 4), (20, 20, 20), (2,) * 12])
def test_codes_fit_their_type(levels):
    sensitive, decisions, y, _ = _people(50, levels=levels)
    assert Tally.of(decisions, sensitive, y=y).people == 50


@pytest.mark.parametrize(
    "decisions",
    [
        [True, False, True],
        [1, 0, 1],
        [1.0, 0.0, 1.0],
        np.array([1, 0, 1], dtype="int8"),
        pd.Series([True, False, True], dtype="boolean"),
    ],
)
def test_any_way_to_write_a_decision(decisions):
    sensitive = pd.DataFrame({"sex": pd.Categorical(list("fmm"))})
    assert Tally.of(decisions, sensitive).counts.tolist() == [[[0, 1]], [[1, 1]]]


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([1, 0], "decisions: has shape .2,.; give one value for each of 3 people"),
        ([1, 0, 2], "decisions: holds 2; give True and False, or 1 and 0"),
        ([1, 0, np.nan], "decisions: is missing in 1 row"),
        (["yes", "no", "no"], "decisions: holds yes"),
        (pd.Series([1, 0, 1], index=[2, 1, 0]), "decisions: has other row labels"),
    ],
)
def test_decisions_that_are_none(decisions, message):
    sensitive = pd.DataFrame({"sex": pd.Categorical(list("fmm"))})
    with pytest.raises(TableError, match=message):
        Tally.of(decisions, sensitive)


def test_other_bad_input():
    sensitive = pd.DataFrame({"sex": pd.Categorical(list("fmm"))})
    with pytest.raises(TableError, match="scores: is not finite in 1 row"):
        Tally.of([1, 0, 1], sensitive, scores=[1.0, np.inf, 2.0])
    with pytest.raises(TableError, match="scores: holds"):
        Tally.of([1, 0, 1], sensitive, scores=["a", "b", "c"])
    with pytest.raises(TableError, match="make it categorical"):
        Tally.of([1, 0, 1], pd.DataFrame({"sex": [1, 2, 3]}))
    with pytest.raises(TableError, match="missing in 1 row"):
        Tally.of([1, 0, 1], pd.DataFrame({"sex": pd.Categorical(["f", None, "m"])}))
    with pytest.raises(TableError, match="names no sensitive feature"):
        Tally.of([1, 0, 1], pd.DataFrame(index=range(3)))
    wide, decisions, *_ = _people(20, levels=(20,) * 5)
    with pytest.raises(TableError, match="3,200,000 intersections"):
        Tally.of(decisions, wide)
    with pytest.raises(TableError, match="has outcomes in one part only"):
        Tally.of([1, 0, 1], sensitive) + Tally.of([1, 0, 1], sensitive, y=[1, 1, 1])
    with pytest.raises(TableError, match="is over"):
        Tally.of([1], sensitive[:1]) + Tally.of([1], sensitive[:1].rename(columns={"sex": "s"}))


def test_a_rate_is_what_its_name_says():
    # outcome 0: 5 refused, 3 selected; outcome 1: 2 refused, 7 selected.
    table = np.array([[5, 3], [2, 7]])
    expected = {
        "base_rate": 9 / 17,
        "selection_rate": 10 / 17,
        "true_positive_rate": 7 / 9,
        "false_positive_rate": 3 / 8,
        "precision": 7 / 10,
        "accuracy": 12 / 17,
    }
    assert dict(zip(expected, rates(table, list(expected)), strict=True)) == expected
    assert rates(np.array([[7, 10]]), ["selection_rate"]) == 10 / 17
    with pytest.raises(TableError, match="'precision' needs an outcome"):
        rates(np.array([[7, 10]]), ["precision"])
    with pytest.raises(TableError, match="did you mean 'accuracy'"):
        rates(table, ["acuracy"])


def test_as_many_cells_as_fit_are_counted_and_one_more_is_not(monkeypatch):
    sensitive, decisions, y, _ = _people(60)
    module = sys.modules[Tally.__module__]
    monkeypatch.setattr(module, "MOST_CELLS", 2 * 3 * 4)
    assert Tally.of(decisions, sensitive, y=y).people == 60
    monkeypatch.setattr(module, "MOST_CELLS", 2 * 3 * 4 - 1)
    with pytest.raises(TableError, match="makes 6 intersections of groups"):
        Tally.of(decisions, sensitive, y=y)
    assert Tally.of(decisions, sensitive).people == 60


def test_a_cell_number_that_fills_its_type_is_counted():
    """64 intersections by outcome and decision are 256 cells, numbered in one byte."""
    sensitive, decisions, y, scores = _people(3000, levels=(8, 8))
    tally = Tally.of(decisions, sensitive, y=y, scores=scores)
    assert tally.counts.shape == (8, 8, 2, 2)
    alone = tally.marginal(["s1"])
    counted = pd.crosstab(sensitive["s1"], [y, decisions]).to_numpy()
    assert alone.counts.reshape(8, 4).tolist() == counted.tolist()
    assert tally.marginal([]).counts.shape == (2, 2)
    np.testing.assert_allclose(alone.sums.sum(), scores.sum())


def test_clusters_are_the_first_axis_and_keep_their_labels():
    sensitive, decisions, y, _ = _people(50)
    labels = np.where(np.arange(50) % 5 == 0, "north", "south")
    tally = Tally.of(decisions, sensitive, y=y, clusters=labels)
    assert list(tally.groups) == ["(clusters)", "s0", "s1"]
    assert set(tally.groups["(clusters)"]) == {"north", "south"}
    place = tally.groups["(clusters)"].index("north")
    assert tally.counts[place].sum() == 10
    with pytest.raises(TableError, match="clusters: are missing in 1 row"):
        Tally.of(decisions, sensitive, clusters=[np.nan, *range(49)])


def test_what_cannot_be_counted_is_named():
    sensitive, decisions, y, scores = _people(20)
    with pytest.raises(TableError, match=r"^sensitive: names no sensitive feature"):
        Tally.of(decisions, sensitive[[]])
    with pytest.raises(TableError, match=r"^sensitive feature 's0': holds object values"):
        Tally.of(decisions, sensitive.astype({"s0": object}))
    gaps = sensitive.assign(s1=sensitive["s1"].where(np.arange(20) > 1))
    with pytest.raises(TableError, match=r"^sensitive feature 's1': is missing in 2 rows"):
        Tally.of(decisions, gaps)
    whole = Tally.of(decisions, sensitive, y=y, scores=scores)
    with pytest.raises(TableError, match="has scores in one part only"):
        whole + Tally.of(decisions, sensitive, y=y)
    with pytest.raises(TableError, match="has outcomes in one part only"):
        whole + Tally.of(decisions, sensitive, scores=scores)
    with pytest.raises(TableError, match=r"is over \['s0', 's1'\] and \['s0'\]"):
        whole + Tally.of(decisions, sensitive[["s0"]], y=y, scores=scores)
    with pytest.raises(TableError, match="'s9' is unknown"):
        whole.marginal(["s9"])
