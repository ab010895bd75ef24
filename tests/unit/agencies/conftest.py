"""One small society for all tests of agencies."""

import pytest

from credit_ml.society import Society, World


@pytest.fixture(scope="session")
def society() -> Society:
    return World(citizens=3_000, seed=11).simulate()
