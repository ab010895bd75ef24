"""Chance depends on names and the seed, and on nothing else."""

import numpy as np
import pytest

from credit_ml.core import InputError, Streams
from credit_ml.core.seeds import StreamReusedError


def test_order_of_asking_does_not_matter():
    one, other = Streams(7), Streams(7)
    first = (one.generator("a").random(), one.generator("b", 1).random())
    second = (other.generator("b", 1).random(), other.generator("a").random())
    assert first == second[::-1]


def test_names_blocks_and_seeds_give_different_streams():
    draws = [
        Streams(seed).generator(name, block).random()
        for seed in (1, 2)
        for name in ("a", "b")
        for block in (0, 1)
    ]
    assert len(set(draws)) == len(draws)


def test_asking_twice_is_an_error():
    streams = Streams(0)
    streams.generator("a")
    with pytest.raises(StreamReusedError, match="'a', block 0"):
        streams.generator("a")


@pytest.mark.parametrize("seed", [None, -1, 1.5, True, "7"])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(InputError, match="seed"):
        Streams(seed)


def test_streams_are_independent():
    draws = np.array([Streams(3).generator("x", block).standard_normal(2000) for block in range(8)])
    correlation = np.corrcoef(draws)[np.triu_indices(8, 1)]
    assert np.abs(correlation).max() < 4.5 / np.sqrt(2000)
