"""A clause is as good as the worst of its checks, and checks are no clauses."""

from credit_ml.reports.clauses import (
    WORST_FIRST,
    came_by,
    clause_outcomes,
    refutation_outcomes,
    spared,
)
from credit_ml.reports.verdict import Checked


def test_a_clause_is_as_good_as_the_worst_of_its_checks():
    for place, worst in enumerate(WORST_FIRST):
        for better in WORST_FIRST[place:]:
            one, two = (Checked("-", each, of="words", why="-") for each in (better, worst))
            assert clause_outcomes([one, two]) == [worst]


def test_checks_beside_the_prediction_are_not_counted():
    checks = [Checked("aside", "held"), Checked("of it", "failed", of="said")]
    assert clause_outcomes(checks) == ["failed"]


def test_words_that_nothing_holds_are_a_clause():
    checks = [Checked("of it", "held", of="said"), Checked("left", "not tested")]
    assert clause_outcomes(checks) == ["held", "not tested"]


def test_without_words_each_check_is_a_clause():
    assert clause_outcomes([Checked("a", "held"), Checked("b", "undecided")]) == [
        "held",
        "undecided",
    ]


def test_by_which_of_several_claims_a_refutation_came_about_is_said():
    """That three raters spare it does not spare it where a fourth does not."""
    nothing = "Friends carry what cannot be told from zero"
    checks = [Checked(f"friends carry a part at {name}", "held", spares=nothing) for name in "abc"]
    checks.append(Checked("friends carry a part at d", "undecided", spares=nothing))
    assert refutation_outcomes(checks) == {nothing: "held"}
    assert came_by(checks) == {nothing: "by one of four claims: friends carry a part at d"}
    assert spared(checks)[0][0].endswith(
        "came about, by one of four claims: friends carry a part at d."
    )
    assert came_by(checks[:3]) == came_by(checks[3:]) == {}
