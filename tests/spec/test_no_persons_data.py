"""What an audit of a table of one's own stores and shows holds no row of the table."""

import re

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import credit_ml as cm
from credit_ml.explanation import person_attributions
from credit_ml.studies.own_table.audit_table import audit_table

ROWS = 240
RARE, FEW = "only-three-have-this", 3


@pytest.fixture(scope="module")
def frame():
    """A table in which every number of two columns is one person's, and a category is of three."""
    random = np.random.default_rng(11)
    own = pd.DataFrame(
        {
            "wage": 1000 + random.permutation(ROWS) * 17 + random.random(ROWS),
            "balance": random.normal(size=ROWS) * 1e6,
            "trade": random.choice(["baker", "smith"], ROWS).astype(object),
            "sex": random.choice(["f", "m"], ROWS),
        }
    )
    own.loc[:2, "trade"] = RARE
    odds = (own["wage"] - own["wage"].mean()) / own["wage"].std() + (own["trade"] == "smith")
    return own.assign(paid=(random.random(ROWS) < 1 / (1 + np.exp(-odds))).astype(int))


def refuse_rows(text, frame):
    """Fail where a number of one person, as it is or rounded to what is still theirs, is told."""
    told = set(re.findall(r"-?\d+\.\d{2,}", text))
    for column in ("wage", "balance"):
        for digits in (None, 6, 4, 3):
            values = frame[column] if digits is None else frame[column].round(digits)
            assert not told & {repr(float(value)) for value in values}, column
    assert RARE not in text


def test_audits_store_and_show_means_of_many_alone(frame, tmp_path):
    page = tmp_path / "page.html"
    asked = {"target": "paid", "sensitive": "sex", "track": False, "progress": False}
    found = audit_table(frame, output=page, **asked)
    kinds = {each.kind for each in found.all_findings()}
    assert "attribution_bands" in kinds
    assert "person_attributions" not in kinds
    for text in (found.to_json(), page.read_text("utf-8"), page.with_suffix(".json").read_text()):
        refuse_rows(text, frame)
    bands = next(each for each in found.all_findings() if each.kind == "attribution_bands")
    assert bands.table["people"].min() >= 10
    for finding in found.all_findings():
        assert not {"person", "citizen", "value"} & set(finding.table.columns)


def test_a_row_is_kept_where_one_asks_for_it(frame):
    data = cm.Dataset.from_frame(frame.drop(columns="trade"), target="paid", sensitive="sex")
    own = person_attributions(LogisticRegression().fit(data.X, data.y), data, citizen=5)
    assert own.table["person"].tolist() == [5] * len(own.table)
