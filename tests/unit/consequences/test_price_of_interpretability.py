"""What readable scorers cost: paired on the same societies, known where a score is additive."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.consequences import PriceOfInterpretability, fidelity, price_of_interpretability
from credit_ml.core import InputError, WorldError
from credit_ml.grammar.names import scorer_name


@pytest.fixture(scope="module")
def found():
    return price_of_interpretability(
        load_agency("sesame"),
        worlds=["baseline", "no_proxy"],
        scorers=["opaque", "scorecard", "tree"],
        citizens=1500,
        seeds=2,
    )


def value(found, measure, scorer, world="baseline"):
    rows = found.table.query("measure == @measure and scorer == @scorer and world == @world")
    return float(rows["estimate"].iloc[0])


def test_what_is_lost_is_the_difference_of_what_is_reached(found):
    for world in ("baseline", "no_proxy"):
        for scorer in ("scorecard", "tree"):
            lost = value(found, "auc", "opaque", world) - value(found, "auc", scorer, world)
            assert value(found, "auc_lost", scorer, world) == pytest.approx(lost)
            gap, first = (value(found, "selection_gap", each, world) for each in (scorer, "opaque"))
            assert value(found, "selection_gap_change", scorer, world) == pytest.approx(gap - first)
    paired = found.table["measure"].isin(["auc_lost", "selection_gap_change"])
    assert not (paired & (found.table["scorer"] == "opaque")).any()


def test_a_sum_is_explained_by_a_sum(found):
    assert value(found, "fidelity", "scorecard") == 1
    assert value(found, "fidelity", "opaque") < 1
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=4000), "b": rng.normal(size=4000)})
    assert fidelity((2 * X["a"] - X["b"]).to_numpy(), X) > 0.95
    assert fidelity((X["a"] * X["b"]).to_numpy(), X) < 0.2
    assert fidelity(np.zeros(4000), X) == 1


def test_rural_citizens_are_selected_less_where_the_world_says_so(found):
    gap = value(found, "selection_gap", "scorecard")
    assert gap < -0.05
    assert abs(value(found, "selection_gap", "scorecard", "no_proxy")) < abs(gap)


def test_the_mean_over_worlds_is_theirs(found):
    rows = found.table[found.table["measure"] == "auc"]
    each = rows[rows["world"] != "(all)"].groupby("scorer")["estimate"].mean()
    mean = rows[rows["world"] == "(all)"].set_index("scorer")["estimate"]
    assert mean.to_dict() == pytest.approx(each.to_dict())


def test_it_is_stored_and_drawn(found):
    again = PriceOfInterpretability.from_dict(
        json.loads(json.dumps(found.to_dict(), allow_nan=False))
    )
    assert again.metrics() == pytest.approx(found.metrics())
    axes = again.plot()
    assert len(axes.figure.axes) == 4
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == [scorer_name(each) for each in found.parameters["scorers"]]
    plt.close(axes.figure)


def test_bad_input_is_named():
    agency = load_agency("sesame")
    with pytest.raises(InputError, match="at least 2, or there is no interval"):
        price_of_interpretability(agency, worlds=["baseline"], seeds=1)
    with pytest.raises(InputError, match="at least two kinds"):
        price_of_interpretability(agency, worlds=["baseline"], scorers=["tree"])
    with pytest.raises(WorldError, match="did you mean 'baseline'"):
        price_of_interpretability(agency, worlds=["basline"])
