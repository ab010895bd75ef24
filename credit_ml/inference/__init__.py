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

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
