"""A finding survives storage."""

import json

import numpy as np
import pandas as pd

from credit_ml.core import Finding, RaterResults, StudyResults, conform, instruments
from credit_ml.core.provenance import canonical_json, digest


def test_stored_finding_is_the_same_finding():
    table = pd.DataFrame(
        {"group": ["a", "b"], "estimate": [1.0, np.nan], "low": [0.1, np.nan], "people": [3, 4]}
    )
    finding = Finding(table=table, title="t", parameters={"x": 1}, seed=3, notes=("n",))
    stored = json.loads(json.dumps(finding.to_dict(), allow_nan=False))
    again = Finding.from_dict(stored)
    pd.testing.assert_frame_equal(again.table, table, check_dtype=False)
    assert (again.title, again.parameters, again.seed, again.notes) == ("t", {"x": 1}, 3, ("n",))


def test_notebook_view_escapes_what_users_wrote():
    finding = Finding(table=pd.DataFrame({"g": ["<script>"]}), title="<b>", notes=("<i>",))
    html = finding._repr_html_()
    assert not any(tag in html for tag in ("<script>", "<b>", "<i>"))


def test_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": (1, 2), "a": 1})
    assert canonical_json({"a": np.float32(0.5)}) == '{"a":0.5}'


def test_every_kind_of_finding_says_itself_in_a_line():
    table = conform([{"measure": "rate", "estimate": 0.5}] * 200)
    for each in {found for one in instruments().values() for found in one.findings}:
        said = repr(each(table=table, title="What was found"))
        assert said == f"{each.__name__}(What was found; 200 rows in .table)"


def test_results_name_what_they_hold():
    found = Finding(table=conform([{"measure": "rate", "estimate": 0.5}]), title="One")
    rater = RaterResults(id="a", name="A (rules)", scorer_kind="rules", findings=(found,) * 60)
    assert repr(rater) == "RaterResults(A (rules): finding)"
    study = StudyResults(id="wechat", title="Friends", raters=(rater,))
    assert repr(study) == "StudyResults(wechat: Friends; A (rules); 60 findings)"
