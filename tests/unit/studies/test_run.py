"""A study of one society finds the same by a cluster, which needs work to share in."""

import pytest

from credit_ml.core import StudyError
from credit_ml.studies import Study, run_study

ASKED = {
    "study": {
        "id": "small",
        "title": "Small",
        "question": "Is there a gap?",
        "prediction": "Yes.",
        "refutation": "No.",
        "seed": 3,
    },
    "world": {"name": "segregated", "citizens": 300},
    "raters": [{"agency": "council"}],
    "sensitive": ["hukou"],
    "resample_societies": 8,
    "explain": {"people": 40},
    "disclosure": {"people": 60},
    "report": {"path": "small.html"},
}
ROUNDS = {"rounds": {"policies": ["joined"], "years": 1, "societies": 8}}


@pytest.fixture
def asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Study.from_dict(ASKED | ROUNDS)


def test_a_dask_cluster_of_two_workers_gives_the_same_bytes(asked, tmp_path):
    distributed = pytest.importorskip("distributed")
    how = {"track": False, "progress": False}
    run_study(asked, workers=1, folder=tmp_path / "one", output="one.html", **how)
    shared = []
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
        ) as here,
        distributed.Client(here) as client,
    ):
        map_to = client.map

        def counted(work, items, **options):
            shared.append(len(items))
            return map_to(work, items, **options)

        client.map = counted
        there = {"folder": tmp_path / "two", "output": "two.html"}
        run_study(asked, workers=1, client=client, **there, **how)
    assert shared == [8, 8]  # those of the study, and those of its rounds
    for ending in ("html", "json"):
        one, two = (tmp_path / f"{name}.{ending}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_a_cluster_without_work_is_refused_before_anything_is_made(asked, tmp_path):
    alone = Study.from_dict(ASKED | {"resample_societies": 0})
    assert not alone.makes_others()
    assert asked.makes_others()
    assert Study.from_dict(ASKED | ROUNDS | {"resample_societies": 0}).makes_others()
    with pytest.raises(StudyError, match=r"client: has nothing to share out.*resample_societies"):
        run_study(alone, client="a cluster")
    assert not list(tmp_path.iterdir())
