"""Who is listed, who of them wrongly, and what that closes."""

import json

import numpy as np
import pandas as pd
import pytest

from credit_ml.consequences import RESTRICTIONS, Consequences, blacklist
from credit_ml.core import Dataset, InputError, TableError
from credit_ml.society import World


@pytest.fixture
def dataset():
    frame = pd.DataFrame(
        {
            "judgments": [0, 1, 2, 0, 0, 3, 0, 0],
            "critic": ["yes"] * 4 + ["no"] * 4,
            "paid": [1, 1, 0, 1, 0, 0, 1, 1],
        }
    )
    return Dataset.from_frame(frame, target="paid", sensitive=["critic"])


def test_shares_are_arithmetic(dataset):
    found = blacklist(dataset, reference_groups={"critic": "no"}).metrics()
    expected = {
        "black_list.share_listed": 3 / 8,
        "black_list.share_listed.critic.yes": 2 / 4,
        "black_list.share_listed_difference.critic.yes": 1 / 4,
        # Of three critics who paid one is listed; of the listed critics one of two paid.
        "black_list.share_listed_though_kept.critic.yes": 1 / 3,
        "black_list.share_listed_though_kept.critic.no": 0,
        "black_list.share_kept_among_listed.critic.yes": 1 / 2,
        "joint_punishment.restrictions.critic.yes": len(RESTRICTIONS) / 2,
        "joint_punishment.restrictions_difference.critic.yes": len(RESTRICTIONS) / 4,
    }
    for name, value in expected.items():
        assert found[f"consequences.{name}"] == pytest.approx(value), name


def test_two_orders_list_fewer_and_scores_list_others(dataset):
    assert blacklist(dataset, judgments=2).metrics()[
        "consequences.black_list.share_listed"
    ] == pytest.approx(2 / 8)
    found = blacklist(dataset, scores=np.arange(8), threshold=1)
    assert found.metrics()["consequences.black_list.share_listed"] == pytest.approx(1 / 8)
    assert found.title == "Whom the score alone would list (score under 1)"


def test_without_an_outcome_errors_are_unknown(dataset):
    blind = Dataset(
        X=dataset.X,
        y=None,
        sensitive=dataset.sensitive,
        factors=dataset.factors,
        context=dataset.context,
    )
    assert set(blacklist(blind).table["measure"]) == {"share_listed", "restrictions"}


def test_a_society_brings_its_records():
    society = World(citizens=3000, seed=2).simulate()
    found = blacklist(society, sensitive=["hukou", "critic"])
    assert found.metrics()["consequences.black_list.share_listed"] == pytest.approx(
        (society.records["judgments"] >= 1).mean()
    )
    again = Consequences.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.metrics() == found.metrics()
    assert again.plot().get_xlabel() == found.plot().get_xlabel()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"judgments": 0}, "judgments: is 0; give at least 1"),
        ({"scores": [1] * 8}, "scores: is given without threshold"),
        ({"threshold": 600}, "threshold: is given without scores"),
        ({"scores": [1, 2], "threshold": 600}, "scores: has shape"),
        ({"restrictions": ()}, "restrictions: are empty"),
        ({"sensitive": "critics"}, "did you mean 'critic'"),
    ],
)
def test_bad_options(dataset, options, message):
    with pytest.raises(InputError, match=message):
        blacklist(dataset, **options)


def test_a_table_without_court_records():
    frame = pd.DataFrame({"late": [0, 1], "sex": list("fm"), "paid": [1, 0]})
    with pytest.raises(TableError, match="has no column 'judgments'; give scores and a threshold"):
        blacklist(Dataset.from_frame(frame, target="paid", sensitive=["sex"]))


def test_every_restriction_names_its_source():
    assert all(one.source.startswith("S") for one in RESTRICTIONS)
    assert len({one.id for one in RESTRICTIONS}) == len(RESTRICTIONS)
