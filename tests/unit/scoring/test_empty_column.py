"""A column of which nothing is known is a constant to every scorer."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.scoring import scorers


@pytest.mark.parametrize("kind", sorted(scorers().keys() - {"rules"}))
def test_a_column_without_a_value_changes_no_score(kind: str) -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"late": rng.poisson(1.0, 300).astype("float32")})
    kept = (rng.random(300) < 1 / (1 + X["late"])).astype(int)
    with_empty = X.assign(empty=np.float32(np.nan))
    made = scorers()[kind]
    try:
        without = made().fit(X, kept).predict_proba(X)
        found = made().fit(with_empty, kept).predict_proba(with_empty)
    except Exception as error:
        if "pip install" not in str(error):
            raise
        pytest.skip(str(error))
    if kind == "neural":  # with one more input it starts elsewhere
        assert np.corrcoef(found[:, 1], without[:, 1])[0, 1] > 0.8
    else:
        np.testing.assert_allclose(found, without, atol=0.02)
