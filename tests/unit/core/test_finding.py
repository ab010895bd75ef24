"""A finding survives storage."""

import json

import numpy as np
import pandas as pd

from credit_ml.core import Finding
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
