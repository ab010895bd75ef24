"""Other societies made by a cluster are those that this machine makes, in their order."""

import threading
from contextvars import copy_context

import pytest

from credit_ml.inference import other_societies
from credit_ml.inference.workers.cluster import cluster_client, over_cluster
from credit_ml.society import World

distributed = pytest.importorskip("distributed")
SOCIETY = World(citizens=60, seed=3).simulate()


@pytest.fixture(scope="module")
def client():
    here = {"n_workers": 2, "threads_per_worker": 1, "processes": False}
    with (
        distributed.LocalCluster(**here, dashboard_address="127.0.0.1:0") as cluster,
        distributed.Client(cluster) as found,
    ):
        yield found


def test_societies_are_the_same_in_the_same_order(client):
    def measured(society):
        return society.digest(), threading.get_ident()

    here = other_societies(SOCIETY, measured, societies=5)
    with over_cluster(client):
        there = other_societies(SOCIETY, measured, societies=5)
    assert [each for each, _ in there] == [each for each, _ in here]
    assert threading.get_ident() not in {thread for _, thread in there}


def test_what_fails_there_fails_here(client):
    def measured(society):
        raise ValueError(f"no number for {society.world.citizens}")

    with over_cluster(client), pytest.raises(ValueError, match="no number for 60"):
        other_societies(SOCIETY, measured, societies=2)


def test_a_cluster_is_known_within_the_block_alone_and_in_copies_of_its_context():
    with over_cluster("a cluster"):
        known = copy_context()
        assert cluster_client() == "a cluster"
    assert cluster_client() is None
    assert known.run(cluster_client) == "a cluster"
