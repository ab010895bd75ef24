"""People in parts, files and partitions are tallied as one table."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import TableError
from credit_ml.fairness import Tally, audit_tally, tally_parts

ASKED = {"decision": "passed", "sensitive": ["sex", "place"], "outcome": "kept", "score": "points"}


def people(rows=400, seed=0):
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "sex": random.choice(["woman", "man"], rows),
            # The rare place is absent from most parts.
            "place": random.choice(["north", "south", "east"], rows, p=[0.6, 0.39, 0.01]),
            "district": random.integers(0, 30, rows),
            "passed": random.integers(0, 2, rows).astype(bool),
            "kept": random.integers(0, 2, rows),
            "points": random.integers(300, 900, rows).astype("float32"),
        }
    )


def whole(frame, **changes):
    asked = ASKED | changes
    clusters = frame[asked["cluster"]] if "cluster" in asked else None
    return Tally.of(
        frame["passed"],
        frame[asked["sensitive"]].astype("category"),
        y=frame["kept"],
        scores=frame["points"],
        clusters=clusters,
    )


def assert_same(one, other):
    pd.testing.assert_frame_equal(audit_tally(one).table, audit_tally(other).table)


@pytest.mark.parametrize("edges", [[], [200], [1, 2, 399], [50, 100, 150]])
def test_parts_audit_as_the_whole(edges):
    frame = people()
    parts = np.split(np.arange(len(frame)), edges)
    assert_same(tally_parts([frame.iloc[part] for part in parts], **ASKED), whole(frame))


def test_files_audit_as_the_whole_whatever_their_rows_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("credit_ml.fairness.tally.tables.ROWS", 37)
    frame = people()
    for number, part in enumerate(np.split(np.arange(len(frame)), [10, 300])):
        frame.iloc[part].to_parquet(tmp_path / f"{number}.parquet", index=False)
    found = tally_parts(tmp_path, **ASKED)
    assert_same(found, whole(frame))
    paths = sorted(tmp_path.glob("*.parquet"))
    assert_same(tally_parts(paths, workers=2, **ASKED), found)


def test_clusters_of_parts_are_the_same_districts():
    frame = people()
    parts = [frame.iloc[:150], frame.iloc[150:]]
    found = audit_tally(tally_parts(parts, cluster="district", **ASKED))
    assert found.parameters["clusters"] == 30
    rows = found.table["quantity"] == "difference"
    expected = audit_tally(whole(frame, cluster="district")).table
    # Districts in another order draw other weights, so ends agree as two bootstraps do.
    np.testing.assert_allclose(found.table["estimate"], expected["estimate"])
    width = (expected["high"] - expected["low"])[rows]
    off = (found.table["low"] - expected["low"])[rows].abs() / width
    assert off.max() < 0.1


def test_partitions_of_dask_audit_as_the_whole():
    dask = pytest.importorskip("dask.dataframe")
    frame = people()
    cut = dask.from_pandas(frame, npartitions=5)
    assert_same(tally_parts(cut, **ASKED), whole(frame))
    ordered = frame.assign(place=pd.Categorical(frame["place"], ["south", "north", "east"]))
    found = tally_parts(dask.from_pandas(ordered, npartitions=3), **ASKED)
    assert found.groups["place"] == ("south", "north", "east")


def test_mistakes_are_told(tmp_path):
    frame = people()
    with pytest.raises(TableError, match="are none"):
        tally_parts([], **ASKED)
    with pytest.raises(TableError, match="'plase' is unknown; did you mean 'place'"):
        tally_parts([frame], **ASKED | {"sensitive": ["plase"]})
    with pytest.raises(TableError, match="numbers with fractions"):
        tally_parts([frame], **ASKED | {"sensitive": ["points"]})
    with pytest.raises(TableError, match="'sex': is missing in 1 row"):
        tally_parts([frame.assign(sex=frame["sex"].mask(frame.index == 3))], **ASKED)
    with pytest.raises(TableError, match=r"none.parquet: is not there"):
        tally_parts(tmp_path / "none.parquet", **ASKED)
    (tmp_path / "no.parquet").write_text("no")
    with pytest.raises(TableError, match=r"no.parquet: cannot be read"):
        tally_parts(tmp_path, **ASKED)


def test_one_table_one_path_and_their_lists_are_all_parts(tmp_path):
    frame = people(60)
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    expected = whole(frame)
    for parts in (
        frame,
        [frame],
        (frame,),
        iter([frame]),
        tmp_path / "a.parquet",
        str(tmp_path / "a.parquet"),
        [str(tmp_path)],
    ):
        assert_same(tally_parts(parts, **ASKED), expected)


def test_text_comes_in_alphabetical_order_and_categories_keep_their_own(tmp_path):
    frame = people(60)
    backwards = ["south", "north", "east"]
    ordered = frame.assign(place=pd.Categorical(frame["place"], backwards))
    for parts in ([ordered], ordered, (ordered.iloc[:20], ordered.iloc[20:])):
        found = tally_parts(parts, **ASKED)
        assert found.groups["place"] == tuple(backwards)
        assert found.groups["sex"] == ("man", "woman")
    text = tally_parts([frame.sort_values("place", ascending=False)], **ASKED)
    assert text.groups["place"] == tuple(sorted(set(frame["place"])))
    clustered = tally_parts([frame], cluster="district", **ASKED)
    assert list(clustered.groups["(clusters)"]) == sorted(clustered.groups["(clusters)"])
    assert clustered.people == 60


def test_a_missing_column_and_no_part_are_named():
    frame = people(10)
    with pytest.raises(TableError, match=r"^parts, column: 'plase' is unknown"):
        tally_parts([frame], **ASKED | {"sensitive": ["plase"]})
    with pytest.raises(TableError, match=r"^parts: are none; give at least one table or file"):
        tally_parts([], **ASKED)
    with pytest.raises(TableError, match=r"^sensitive feature 'points': holds numbers with"):
        tally_parts([frame], **ASKED | {"sensitive": ["points"]})


def test_outcome_score_and_cluster_may_be_left_out():
    frame = people(50)
    found = tally_parts([frame], decision="passed", sensitive=["sex"])
    assert found.counts.shape == (2, 1, 2)
    assert found.sums is None
    counted = pd.crosstab(frame["sex"], frame["passed"]).to_numpy()
    assert found.counts[:, 0].tolist() == counted.tolist()
