"""The cheapest way to a line, proven by enumeration; and the letter that tells it."""

import itertools
import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError
from credit_ml.disclosure import Recourse, notice, recourse
from credit_ml.response import Bundle, Menu, default_menu
from credit_ml.society import load_world


@pytest.fixture(scope="module")
def society():
    return load_world("baseline", citizens=1500, seed=4).simulate()


@pytest.fixture(scope="module")
def rater(society):
    return load_agency("sesame").fit(society)


def test_no_cheaper_bundle_passes(society, rater):
    dataset = rater.agency.view(society)
    rows = list(range(40))
    found = recourse(rater, dataset.take(rows), threshold=650).people
    actions = default_menu().visible(list(dataset.X.columns))
    bundles = [
        Bundle(chosen)
        for size in range(len(actions) + 1)
        for chosen in itertools.combinations(actions, size)
    ]
    X, income = dataset.X.iloc[rows], 12 * dataset.context["income"].to_numpy()[rows]
    costs = np.array([bundle.cost(income) for bundle in bundles])
    passed = np.array([rater.score(bundle.apply(X)) >= 650 for bundle in bundles])
    least = np.where(passed, costs, np.inf).min(axis=0)
    expected = np.where(np.isfinite(least), least, np.nan)
    np.testing.assert_allclose(found["cost"], expected, atol=1e-9)
    assert (found["status"] == "impossible").tolist() == np.isnan(expected).tolist()
    assert {"granted already", "cheapest"} <= set(found["status"])


def test_what_is_told_is_what_the_actions_give(society, rater):
    dataset = rater.agency.view(society)
    found = recourse(rater, dataset, threshold=650).people
    known = {action.id: action for action in default_menu().actions}
    able = found[found["status"] == "cheapest"].head(30)
    for row, person in able.iterrows():
        bundle = Bundle(tuple(known[name] for name in person["actions"]))
        then = rater.score(bundle.apply(dataset.X.loc[[row]])).iloc[0]
        assert then == pytest.approx(person["then"])
        assert then >= 650 > person["score"]


def test_shares_of_groups_sum_to_one_and_the_poor_pay_more(society, rater):
    found = recourse(rater, rater.agency.view(society), threshold=650)
    table = found.where(quantity="value").table.pivot_table(
        index=["sensitive", "group"], columns="measure", values="estimate"
    )
    shares = table[["granted_already", "possible", "impossible"]].sum(axis=1)
    np.testing.assert_allclose(shares, 1)
    assert table.loc[("hukou", "rural"), "cost"] > table.loc[("hukou", "urban"), "cost"]
    again = Recourse.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    plt.close(again.plot().figure)
    assert again.metrics() == pytest.approx(found.metrics())


def menu_of(*columns, **options):
    return Menu.from_dict(
        {
            "id": "own",
            "description": "mine",
            "actions": [
                {
                    "id": f"less_{c}",
                    "name": f"less {c}",
                    "kind": "cosmetic",
                    "price": 1.0,
                    "effort": 0.0,
                    "source": "assumed",
                    "changes": [{"column": c, "add": -1.0, **options}],
                }
                for c in columns
            ],
        }
    )


def table(**columns):
    size = len(next(iter(columns.values())))
    frame = pd.DataFrame(columns | {"sex": ["f", "m"] * (size // 2), "paid": [0, 1] * (size // 2)})
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"])


def test_a_sum_of_records_by_hand():
    """The score is minus the sum; each action takes one off one record, down to zero."""
    dataset = table(a=[2.0, 0.0, 5.0, 1.0], b=[0.0, 0.0, 5.0, 1.0])
    menu = menu_of("a", "b", low=0)
    found = recourse(lambda X: -(X["a"] + X["b"]), dataset, threshold=-1, menu=menu, income=1.0)
    assert found.people["status"].tolist() == [
        "cheapest",
        "granted already",
        "impossible",
        "cheapest",
    ]
    assert found.people["actions"].tolist() == [("less_a",), (), (), ("less_a",)]
    assert found.people["cost"].tolist()[:2] == [1 / 12, 0.0]


def test_bad_input_is_named():
    dataset = table(a=[2.0, 0.0], b=[1.0, 1.0])
    with pytest.raises(InputError, match="threshold: is nan"):
        recourse(lambda X: X["a"], dataset, threshold=np.nan, menu=menu_of("a"))
    with pytest.raises(InputError, match="not above zero"):
        recourse(lambda X: X["a"], dataset, threshold=1, menu=menu_of("a"), income=[1, 0])


def test_with_many_actions_a_search_proves_what_it_finds_and_says_what_it_did_not():
    columns = [f"x{k}" for k in range(20)]
    dataset = table(**{name: [1.0, 1.0, 1.0, 0.0] for name in columns})

    def score(X):
        return X.sum(axis=1)

    found = recourse(
        score, dataset, threshold=18, menu=menu_of(*columns, low=0), income=1.0, evaluations=50
    )
    assert found.people["status"].tolist() == ["granted already"] * 3 + ["not found"]
    less = recourse(
        lambda X: -score(X), dataset, threshold=-18, menu=menu_of(*columns, low=0), income=1.0
    )
    assert less.people["cost"].tolist() == pytest.approx([2 / 12, 2 / 12, 2 / 12, 0.0])
    shares = found.table[found.table["measure"] == "not_found"]
    assert shares["estimate"].iloc[0] == 0.25


def test_a_letter_says_what_was_decided_why_and_what_would_change_it(society, rater):
    dataset = rater.agency.view(society)
    found = recourse(rater, dataset, threshold=650).people
    refused = int(np.flatnonzero(found["status"] == "cheapest")[0])
    letter = notice(rater, dataset, refused, threshold=650, decision="a car without a deposit")
    text = letter.text()
    assert "It is refused" in text
    assert "650 or more is needed" in " ".join(text.split())
    assert " cost you " in " ".join(text.split())
    assert "The cheapest way to the threshold" in text
    assert letter.cost == pytest.approx(found["cost"].iloc[refused])
    granted = int(np.flatnonzero(found["status"] == "granted already")[0])
    assert (
        "It is granted" in notice(rater, dataset, granted, threshold=650, decision="a car").text()
    )
    stuck = int(np.flatnonzero(found["status"] == "impossible")[0])
    hopeless = notice(rater, dataset, stuck, threshold=650, decision="a <car>")
    assert "Nothing on our list" in hopeless.text()
    assert "a &lt;car&gt;" in hopeless._repr_html_()
