"""Whoever looks up a public name finds what it is and how it is used."""

import types

# Exported classes and functions without an example yet. This set may only shrink.
WITHOUT_EXAMPLE = {
    "Alternatives",
    "Answer",
    "Attributed",
    "Bins",
    "CausalEffects",
    "Coarsen",
    "Comparison",
    "CrossFitted",
    "Decomposition",
    "DiscriminationFree",
    "Drop",
    "Estimator",
    "Flow",
    "Fold",
    "FriendFeedback",
    "FriendInfluence",
    "GroupThresholds",
    "Intervention",
    "Interventions",
    "Leaderboard",
    "LinearProxy",
    "LogOddsClassifier",
    "MonotoneCuts",
    "Penalty",
    "PercentileLink",
    "Privilege",
    "Proxies",
    "ProxyClusters",
    "ProxyDiscrimination",
    "Question",
    "Rater",
    "Reduce",
    "Residualise",
    "RewireFriends",
    "Scale",
    "ScoreFunction",
    "agencies",
    "attribute",
    "check_folds",
    "cross_fit",
    "display_name",
    "is_rater",
}


def _explains_itself(thing: object) -> bool:
    """Whether it can have a docstring of its own: constants and type aliases cannot."""
    return isinstance(thing, type | types.FunctionType)


def test_every_exported_name_has_a_docstring_with_a_runnable_example(
    exported: dict[str, object],
) -> None:
    without = {
        place.rpartition(".")[2]
        for place, thing in exported.items()
        if _explains_itself(thing) and ">>>" not in (thing.__doc__ or "")
    }
    assert without <= WITHOUT_EXAMPLE
