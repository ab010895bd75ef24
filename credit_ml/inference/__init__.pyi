from .comparison import Comparison, comparisons_of, features_of, groups_of, kept_references
from .counts import (
    Weighed,
    function_of_counts,
    jackknifed,
    means_of_sums,
    rank_correlation,
    shares_of_counts,
    stacked_jackknife,
    weighed_means,
)
from .estimate import Estimate, Interval, difference, ratio
from .groups.many import (
    GroupedPeople,
    adjusted,
    equal_shares_test,
    shrunken_rates,
    simultaneous_level,
)
from .groups.two_part import mostly_none, two_part_mean
from .largest import Against, spread
from .norms import distribution_noise, noise_of, norm_of
from .options import (
    FEW_CLUSTERS,
    FEWEST_CLUSTERS,
    Over,
    checked_level,
    checked_over,
    over_note,
    weights_note,
)
from .people import People
from .societies import (
    FEWEST_SOCIETIES,
    checked_societies,
    other_societies,
    over_societies,
    resample_societies,
)
from .worlds import mean_of_worlds

__all__ = [
    "FEWEST_CLUSTERS",
    "FEWEST_SOCIETIES",
    "FEW_CLUSTERS",
    "Against",
    "Comparison",
    "Estimate",
    "GroupedPeople",
    "Interval",
    "Over",
    "People",
    "Weighed",
    "adjusted",
    "checked_level",
    "checked_over",
    "checked_societies",
    "comparisons_of",
    "difference",
    "distribution_noise",
    "equal_shares_test",
    "features_of",
    "function_of_counts",
    "groups_of",
    "jackknifed",
    "kept_references",
    "mean_of_worlds",
    "means_of_sums",
    "mostly_none",
    "noise_of",
    "norm_of",
    "other_societies",
    "over_note",
    "over_societies",
    "rank_correlation",
    "ratio",
    "resample_societies",
    "shares_of_counts",
    "shrunken_rates",
    "simultaneous_level",
    "spread",
    "stacked_jackknife",
    "two_part_mean",
    "weighed_means",
    "weights_note",
]
