"""Other societies are asked of what one's own was asked: the same groups, the same thresholds."""

import pandas as pd

from credit_ml.core import Context, Dataset
from credit_ml.fairness import audit
from credit_ml.studies.measure import _settled


def test_other_societies_are_held_against_the_reference_group_not_against_the_best_off():
    """Critics pass more often than others, who are the reference group all the same."""
    frame = pd.DataFrame({"critic": ["yes"] * 40 + ["no"] * 60, "paid": [1, 0] * 50, "late": 1.0})
    data = Dataset.from_frame(frame, target="paid", sensitive=["critic"])
    passes = pd.Series([True] * 36 + [False] * 4 + [True] * 30 + [False] * 30)
    groups = {"critic": "no"}
    own = audit(passes, data, reference_groups=groups)
    best = own.table[own.table["quantity"] == "four_fifths"]["reference_group"]
    assert set(best) == {"yes"}
    context = Context(sensitive=("critic",), reference_groups=groups)
    assert _settled(context, {"audit": own}).reference_groups == groups
