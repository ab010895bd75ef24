"""Whoever looks up a public name finds what it is and how it is used."""

import types

# Exported classes and functions without an example yet. This set may only shrink.
WITHOUT_EXAMPLE = {
    "AgencyError",
    "Alternatives",
    "Answer",
    "Archive",
    "ArchiveError",
    "Attributed",
    "Bins",
    "CausalEffects",
    "Check",
    "Checked",
    "Coarsen",
    "Column",
    "Comparison",
    "CreditMLError",
    "CrossFitted",
    "Decomposition",
    "Dependence",
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
    "LeaderboardStudy",
    "LinearProxy",
    "LogOddsClassifier",
    "MenuError",
    "ModelError",
    "MonotoneCuts",
    "Network",
    "Penalty",
    "PercentileLink",
    "Population",
    "Portrait",
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
    "StudyError",
    "SweepStudy",
    "TableError",
    "WorldError",
    "agencies",
    "attribute",
    "check",
    "check_folds",
    "checked_seed",
    "cross_fit",
    "display_name",
    "enough_clusters",
    "german_credit",
    "german_dataset",
    "give_me_some_credit",
    "give_me_some_credit_dataset",
    "is_rater",
    "load_leaderboard",
    "load_study",
    "load_sweep",
    "main",
    "read_society",
    "read_table",
    "refuse_unknown",
    "render",
    "run_leaderboard",
    "run_study",
    "run_sweep",
    "seen_payments",
    "stored_results",
    "world_ids",
    "worlds",
    "write_report",
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
