"""From what each person adds to a score to a group's components of the gap, with intervals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from credit_ml.core.bibliography import cited
from credit_ml.core.tables.arrays import Array, Rows
from credit_ml.inference import Comparison, Estimate, People
from credit_ml.inference.clusters import cluster_sums

#: Where the methods that take gaps apart were published.
SHAPLEY = cited("shapley_1953", "janzing_2020")
OAXACA = cited("kitagawa_1955", "oaxaca_1973", "blinder_1973")
INTERVENTION = cited("plecko_2024")
LINDHOLM = cited("lindholm_2022", "lindholm_2026")
#: Rows of a decomposition that are no factor: the gap, unequal folds, what no factor explains, and
#: in studies what friends and address carry together.
GAP, FOLDS, UNEXPLAINED, TOGETHER = "(gap)", "(folds)", "(unexplained)", "(together)"
#: Why a component has no interval from one table.
OF_OTHERS = "friends in other clusters carry their chance into it, which one table cannot count"
#: Why the sum of two has none.
OF_SUM = "how two parts move together, their rows do not say; other societies do"
#: What the mean of each output is called, as in an audit.
MEASURES = {"score": "mean_score", "log_odds": "mean_log_odds", "probability": "mean_probability"}


@dataclass(frozen=True, kw_only=True)
class Components:
    """Components of one comparison's gap, and the gap itself.

    Examples
    --------
    >>> people, inside = People(4), np.array([True, True, False, False])
    >>> pair = Comparison("sex", "f", "m", inside, ~inside)
    >>> scores = np.array([1.0, 2.0, 5.0, 6.0])
    >>> found = Components.of_means(people, pair, ("late",), scores[:, None], scores)
    >>> float(found.estimate[0]), float(found.total)
    (-4.0, -4.0)
    """

    names: tuple[str, ...]
    """Of the components."""
    estimate: Estimate
    """Shape (components,)."""
    total: Estimate
    """The difference in mean scores, as an audit has it."""

    @classmethod
    def of_means(
        cls, people: People, pair: Comparison, names: tuple[str, ...], values: Array, scores: Array
    ) -> "Components":
        """Differences of group means of what each factor adds, shape (people, components)."""
        estimate = pair.difference(people.mean, values)
        return cls(names=names, estimate=estimate, total=pair.difference(people.mean, scores))

    def with_partners(
        self,
        people: People,
        partner: Rows | None,
        factors: int | None = None,
        draws: Sequence[Estimate] | None = None,
    ) -> "Components":
        """The same, when somebody else stood in for what a coalition leaves out of each person.

        Where several did, one after the other, `draws` are the estimates with each of them, whose
        mean this is, and `partner` has a row for each. Only the first `factors` components hang on
        that person; all by default. What stands after them (folds, strata, an admissible price) is
        the same whoever stood in.
        """
        if partner is None:
            return self
        hangs = np.arange(len(self.names)) < (factors or len(self.names))
        terms, owners, partners = [], [], []
        several = draws or (self.estimate,)
        for each, ring in zip(several, np.atleast_2d(partner), strict=True):
            assert each.influence is not None
            owner = np.arange(people.size) if each.rows is None else each.rows
            terms.append(np.where(hangs, each.influence, 0.0) / len(several))
            owners.append(owner)
            partners.append(ring[owner])
        pairs = np.concatenate(terms), np.concatenate(owners), np.concatenate(partners)
        return replace(self, estimate=paired(self.estimate, people, *pairs))

    def with_orders(self, draws: Sequence[Estimate]) -> "Components":
        """The same, with the variance of a mean over draws that are everybody's own.

        Draws, such as random orders in which factors become known, are independent; the variance of
        people does not hold their error, for everybody's values move with them together.
        """
        spread = np.var([each.value for each in draws], axis=0, ddof=1) / len(draws)
        changes: dict[str, Any] = {"variance": self.estimate.variance + spread}
        if self.estimate.cluster_variance is not None:
            changes["cluster_variance"] = self.estimate.cluster_variance + spread
        return replace(self, estimate=replace(self.estimate, **changes))


def paired(
    estimate: Estimate, people: People, terms: Array, owner: Rows, partner: Rows
) -> Estimate:
    """Add to an estimate's variance what people add as partners of others.

    Where ``estimate - truth = sum of terms`` and a term belongs to two people, terms that share
    a person or a cluster depend (`shared_variance`); the estimate's own variance is that of the
    owners alone.

    Parameters
    ----------
    terms : ndarray of shape (terms, components)
    owner, partner : ndarray of int, shape (terms,)
    """
    shared = shared_variance(terms, owner, partner)
    changes: dict[str, Any] = {"variance": estimate.variance + shared}
    if people.clusters is not None and estimate.cluster_variance is not None:
        codes = people.clusters
        shared = shared_variance(terms, codes[owner], codes[partner])
        changes["cluster_variance"] = estimate.cluster_variance + shared
    return replace(estimate, **changes)


def shared_variance(terms: Array, owner: Rows, partner: Rows) -> Array:
    """What partners add to the variance of a sum of terms, shape (components,); never negative.

    ``sum_g (T_g + R_g)^2 - sum_g T_g^2 - sum_i t_i^2``, where T_g sums the terms that g owns, R_g
    those of others whose partner is g, and the last sum, over terms with two of them, takes out
    what is then counted twice. In expectation it is 0 when both groups use the factor alike, and
    when the score is additive.

    Parameters
    ----------
    terms : ndarray of shape (terms, components)
    owner, partner : ndarray of int, shape (terms,)
        People, or their clusters.

    References
    ----------
    Aronow, P. M., Samii, C. and Assenova, V. A. (2015). Cluster-robust variance estimation for
    dyadic data. Political Analysis 23, 564-577.

    Examples
    --------
    >>> terms = np.array([[1.0], [1.0]])
    >>> shared_variance(terms, np.array([0, 1]), np.array([1, 0])).tolist()
    [4.0]
    """
    size = int(max(owner.max(), partner.max())) + 1
    own, away = cluster_sums(terms, owner, size), owner != partner
    of_partners = cluster_sums(terms[away], partner[away], size)
    more = ((own + of_partners) ** 2 - own**2).sum(axis=0) - (terms[away] ** 2).sum(axis=0)
    return np.asarray(np.maximum(more, 0.0))


def component_rows(
    found: Components, labels: dict[str, Any], intervals: float, *, unsure: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Rows of a decomposition's table: one a component, and the total last.

    `unsure` names those that have no interval from one table, because other people's doings are
    in them (`Dataset.of_others`).
    """
    several = [found.estimate[place] for place in range(len(found.names))]
    several = [
        each.unsure(OF_OTHERS) if name in unsure else each
        for name, each in zip(found.names, several, strict=True)
    ]
    kinds = ["component"] * len(several) + ["total"]
    return [
        labels | {"quantity": kind, "factor": name} | estimate.facts(intervals)
        for kind, name, estimate in zip(
            kinds, (*found.names, GAP), (*several, found.total), strict=True
        )
    ]
