"""Every named world does what its name says, and no two of them are one.

Small here: a claim fails when a 95 % interval over a few societies lies wholly outside of it. With
CREDIT_ML_CLAIMS=full in the environment every claim has to hold on average over three societies of
100,000.
"""

import os
from importlib import util
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import agency_ids, load_agency
from credit_ml.society import load_world, world_ids

# Loaded by its path: `--import-mode=importlib` puts no folder of tests on the path.
_spec = util.spec_from_file_location("world_claims", Path(__file__).with_name("world_claims.py"))
world_claims = util.module_from_spec(_spec)
_spec.loader.exec_module(world_claims)

FULL = os.environ.get("CREDIT_ML_CLAIMS") == "full"
CITIZENS, SEEDS = (100_000, (1, 2, 3)) if FULL else (8_000, (1, 2, 3))


@pytest.mark.parametrize("name", world_ids())
def test_a_world_does_what_it_claims(name):
    cases = [world_claims.Case(name, CITIZENS, seed) for seed in SEEDS]
    stated = world_claims.claims(name)
    assert stated, "a world without a claim has no reason to be there"
    for claim in stated:
        values = [case.measure(claim["measure"]) for case in cases]
        low, high = (np.mean(values),) * 2 if FULL else world_claims.interval(values)
        where = f"{name}: {claim} is {np.mean(values):.4g} ({low:.4g} to {high:.4g})"
        assert high > claim.get("above", -np.inf), where
        assert low < claim.get("below", np.inf), where


def test_no_two_worlds_show_the_same_to_every_agency_nor_to_the_commercial_score():
    seen = {}
    for name in world_ids():
        society = load_world(name, citizens=1_000, seed=1).simulate()
        views = {agency: load_agency(agency).view(society) for agency in agency_ids()}
        seen[name] = {
            agency: (pd.util.hash_pandas_object(view.X.astype(str)).sum(), int(view.y.sum()))
            for agency, view in views.items()
        }
    for one, other in combinations(seen, 2):
        assert seen[one]["sesame"] != seen[other]["sesame"], (one, other)
