"""Old names work for one version, warn where they are used, and say the new one."""

import inspect
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset
from credit_ml.core.renamed import (
    OldAttribute,
    old_names,
    renamed_keys,
    renamed_keywords,
    swapped_arguments,
)
from credit_ml.proxies import decompose


@renamed_keywords(intervals_over="over", n="people")
def audit(table, *, over="people", people=0):
    """What an audit does."""
    return table, over, people


@swapped_arguments("rater, society", first=str)
def gap(rater, society, *, seed=0):
    return rater, society, seed


@renamed_keywords(trees="n_estimators")
@dataclass(frozen=True)
class Scorer:
    n_estimators: int = 100
    size = OldAttribute("n_estimators")


def test_an_old_keyword_is_the_new_one_and_warns():
    with pytest.warns(FutureWarning, match=r"audit\(intervals_over=\) is called over= now"):
        assert audit("t", intervals_over="clusters") == ("t", "clusters", 0)
    with pytest.warns(FutureWarning) as caught:
        assert audit("t", intervals_over="clusters", n=5) == ("t", "clusters", 5)
    assert len(caught) == 2


def test_new_names_do_not_warn():
    assert audit("t", over="societies") == ("t", "societies", 0)
    assert gap(5, "society", seed=1) == (5, "society", 1)
    assert gap(rater=5, society="society") == (5, "society", 0)
    assert Scorer(n_estimators=3).n_estimators == 3


def test_old_and_new_together_are_refused():
    with pytest.raises(TypeError, match="give over alone"):
        audit("t", intervals_over="clusters", over="people")


def test_arguments_in_the_old_order_are_put_right():
    with pytest.warns(FutureWarning, match=r"gap\(rater, society\) now"):
        assert gap("society", 5, seed=1) == (5, "society", 1)


def test_a_class_takes_old_keywords_and_reads_old_attributes():
    with pytest.warns(FutureWarning, match="n_estimators="):
        scorer = Scorer(trees=7)
    with pytest.warns(FutureWarning, match="Scorer.size is called Scorer.n_estimators"):
        assert scorer.size == 7


def test_what_is_decorated_keeps_its_name_its_words_and_its_signature():
    assert audit.__name__ == "audit"
    assert audit.__doc__ == "What an audit does."
    assert list(inspect.signature(audit).parameters) == ["table", "over", "people"]
    assert list(inspect.signature(Scorer).parameters) == ["n_estimators"]


def test_an_old_name_of_a_module_is_found_and_others_are_not():
    find = old_names("credit_ml.core", {"block": "BLOCK", "load": "math.sqrt"})
    with pytest.warns(FutureWarning, match=r"credit_ml.core.block is called credit_ml.core.BLOCK"):
        assert find("block") > 0
    with pytest.warns(FutureWarning, match=r"is called math.sqrt now"):
        assert find("load")(4) == 2
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        find("nothing")


def test_an_old_key_of_a_file_is_the_new_one_unless_both_are_there():
    with pytest.warns(FutureWarning, match=r"study.toml: over_others is called resampled now"):
        renamed = renamed_keys(
            {"over_others": 3, "seed": 1}, {"over_others": "resampled"}, "study.toml"
        )
    assert renamed == {"seed": 1, "resampled": 3}
    both = {"over_others": 3, "resampled": 4}
    assert renamed_keys(both, {"over_others": "resampled"}, "study.toml") == both


@pytest.mark.parametrize(
    "use",
    [
        lambda: audit("t", n=5),
        lambda: gap("society", 5),
        lambda: Scorer(trees=7),
        lambda: Scorer().size,
        lambda: old_names("credit_ml.core", {"block": "BLOCK"})("block"),
    ],
)
def test_the_warning_points_at_the_line_that_uses_the_old_name(use):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        use()
    assert [each.filename for each in caught] == [__file__]


def test_old_keywords_warn_where_they_were_written():
    """However many translations of one call lie between."""
    frame = pd.DataFrame({"late": np.arange(40.0), "sex": ["f", "m"] * 20})
    data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    with pytest.warns(FutureWarning, match=r"decompose\(scores=\) is called") as warned:
        found = decompose(dataset=data, sensitive="sex", scores=data.X["late"])
    assert warned[0].filename == __file__
    assert found.parameters["rater"] == "given scores"
