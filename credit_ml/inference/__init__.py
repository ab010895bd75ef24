"""One inference: how sure a number is, the same wherever it appears.

How an instrument uses it::

    people = People.of(dataset, over=over)          # "auto", "people" or "clusters" are counted
    for sensitive, group, who in groups_of(dataset, sensitive):
        rate = people.share(granted, who)           # also .mean .rate .auc .quantile .correlation
        rows.append({"measure": "selection_rate", "group": group, **rate.facts(level)})
    for pair in comparisons_of(dataset, sensitive, reference_groups):
        gap = pair.difference(people.share, granted)            # of two groups
        rows.append(pair.labels | {"quantity": "difference"} | gap.facts(level))
    change = people.auc(after, kept) - people.auc(before, kept)  # of the same people
    part = people.from_influence(value, influence, parts=(inside, outside))  # anything else

`Estimate` knows its value, what each person and each cluster contributes to its error, what it can
be (a share 0..1), and why it is NaN. ``-``, ``/``, ``+``, ``.scaled`` and `spread` (largest
difference, smallest ratio) make others of it; ``.interval(level, over=...)`` gives both ends,
``.facts(level)`` the columns estimate, low, high, people, clusters, reason. From sums alone:
`shares_of_counts`, `means_of_sums`; from values without each group of people: `jackknifed`.
`over_societies` and `resample_societies` widen a whole finding to other societies of its world.
`checked_level` and `checked_over` refuse options; nothing else in the package takes quantiles.
"""

from credit_ml.inference.comparison import Comparison, comparisons_of, features_of, groups_of
from credit_ml.inference.counts import (
    function_of_counts,
    jackknifed,
    means_of_sums,
    rank_correlation,
    shares_of_counts,
    stacked_jackknife,
)
from credit_ml.inference.estimate import Estimate, Interval, difference, ratio
from credit_ml.inference.largest import Against, spread
from credit_ml.inference.many import adjusted, equal_shares_test, shrunken_rates
from credit_ml.inference.norms import distribution_noise, noise_of, norm_of
from credit_ml.inference.options import (
    FEWEST_CLUSTERS,
    Over,
    checked_level,
    checked_over,
    over_note,
)
from credit_ml.inference.people import People
from credit_ml.inference.societies import (
    FEWEST_SOCIETIES,
    checked_societies,
    other_societies,
    over_societies,
    resample_societies,
)

__all__ = [
    "FEWEST_CLUSTERS",
    "FEWEST_SOCIETIES",
    "Against",
    "Comparison",
    "Estimate",
    "Interval",
    "Over",
    "People",
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
    "means_of_sums",
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
    "spread",
    "stacked_jackknife",
]
