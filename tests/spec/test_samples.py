"""The sample tables that a newcomer opens are what the code makes, and are described in full."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "data" / "samples"


@pytest.fixture(scope="module")
def samples(folder):
    """The script that writes them, as a module."""
    said = importlib.util.spec_from_file_location("samples", folder / "samples.py")
    made = importlib.util.module_from_spec(said)
    said.loader.exec_module(made)
    return made


@pytest.mark.parametrize("world", ["baseline", "segregated"])
def test_the_tables_are_what_the_world_makes(folder, samples, world):
    society = samples.society_of(world)
    people = pd.read_csv(folder / f"{world}_people.csv")
    expected = samples.people_of(society)
    assert list(people) == list(expected)
    for column in expected.select_dtypes("number"):
        np.testing.assert_allclose(people[column], expected[column], rtol=2e-5, atol=1e-6)
    for column in expected.select_dtypes("category"):
        assert people[column].astype(str).tolist() == expected[column].astype(str).tolist()
    ties = pd.read_csv(folder / f"{world}_ties.csv")
    pd.testing.assert_frame_equal(ties, samples.ties_of(society), check_dtype=False)
    assert 2 * len(ties) == society.ties.nnz


@pytest.mark.parametrize("table", ["baseline_people", "segregated_people", "segregated_ties"])
def test_both_kinds_of_file_say_the_same(folder, table):
    written = pd.read_csv(folder / f"{table}.csv")
    kept = pd.read_parquet(folder / f"{table}.parquet")
    for column in written.select_dtypes("number"):
        np.testing.assert_allclose(written[column], kept[column], rtol=1e-12)
    assert list(written) == list(kept)


def test_the_dictionary_has_every_column_and_no_other(folder, samples):
    said = pd.read_csv(folder / "dictionary.csv", keep_default_na=False)
    people = pd.read_csv(folder / "segregated_people.csv", nrows=5)
    assert sorted(said["column"]) == sorted(people)
    assert (said["meaning"] != "").all()
    assert said["column"].tolist() == samples.dictionary()["column"].tolist()


def test_a_newcomer_audits_the_sample_with_its_factors(folder):
    people = pd.read_parquet(folder / "segregated_people.parquet")
    mine = cm.Dataset.from_frame(
        people, target="kept", sensitive="hukou", factors=folder / "factors.toml"
    )
    assert tuple(mine.factors) == tuple(cm.society.FACTORS)
    records = pd.read_csv(folder / "dictionary.csv").query("kind == 'record'")["column"]
    assert sorted(mine.X) == sorted(records)


def test_rural_citizens_live_apart_in_one_world_and_not_in_the_other(folder):
    apart = {}
    for world in ("baseline", "segregated"):
        people = pd.read_csv(folder / f"{world}_people.csv")
        where = pd.crosstab(people["district"], people["hukou"], normalize="columns")
        apart[world] = (where["rural"] - where["urban"]).abs().sum() / 2
    assert apart["segregated"] > apart["baseline"] + 0.1
