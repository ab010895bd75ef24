"""Whom a company knows is no sample: what its score learns of them, and misses of others (S4)."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import Agency
from credit_ml.agencies.view import known_to
from credit_ml.core import AgencyError, Finding, Mask, Rows, Streams, beside, cited, conform
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points
from credit_ml.inference import Over, People, checked_level
from credit_ml.scoring import FeatureEncoder
from credit_ml.scoring.crossfit import unfitted
from credit_ml.scoring.design import Design
from credit_ml.society import COMPANIES, Society

POOL = "all eight"
#: How a score is trained: on the users as they come, on users drawn to stand for everybody, or
#: on everybody, which no company can do.
TRAINED = ("users", "users, reweighted", "everybody")
#: Chances of being a user below this are taken as this, so that no one stands for thousands.
LEAST_CHANCE = 0.02


class SampleSelection(Finding):
    """What a score that learns from a company's users is worth for them, and for the others.

    Own columns of `table`: company, trained (on whom the score learned), judged (the company's
    users, the others, or all).

    - "known": share of citizens whom the company knows. "kept": share who keep obligations.
    - "auc": share of pairs in the right order; "optimism": mean probability less the share who
      kept, 0 when the score is right on average.

    Examples
    --------
    >>> row = {"measure": "optimism", "company": "company 1", "trained": "users",
    ...        "judged": "others", "estimate": 0.05}
    >>> SampleSelection(table=conform([row]), title="").metrics()
    {'sample_selection.optimism.company_1.users': 0.05}
    """

    kind: ClassVar[str] = "sample_selection"
    labels: ClassVar[tuple[str, ...]] = ("company", "trained", "judged")
    called: ClassVar[dict[str, str]] = beside(__file__)["called"]
    shown_in: ClassVar[dict[str, str]] = beside(__file__)["units"]
    citations = cited("heckman_1979", "banasik_2003", "horvitz_1952")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw how far each company's score errs on average about people it does not know."""
        rows = self.table.query("measure == 'optimism' and judged == 'others'")
        companies = list(dict.fromkeys(rows["company"]))
        axes = axes_or_new(axes, height=1.2 + 0.34 * len(companies))
        for number, trained in enumerate(TRAINED):
            own = rows[rows["trained"] == trained]
            place = [-companies.index(name) - (number - 1) * 0.2 for name in own["company"]]
            points(axes, own, place, scale=100, ms=4, color=PALETTE[number], label=trained)
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks([-n for n in range(len(companies))], companies)
        axes.set_xlabel("mean probability less share who kept, other people (percentage points)")
        axes.grid(axis="x")
        axes.legend(title="trained on", loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3)
        return axes

    def metrics(self) -> dict[str, float]:
        """Error on average about other people, by company and training."""
        rows = self.table.query("measure == 'optimism' and judged == 'others'")
        names = ("sample_selection.optimism." + rows["company"] + "." + rows["trained"]).replace(
            {", ": "_", " ": "_"}, regex=True
        )
        return dict(zip(names, rows["estimate"].tolist(), strict=True))


def sample_selection(
    agency: Agency, society: Society, *, intervals: float = 0.95, over: Over = "auto", seed: int = 0
) -> SampleSelection:
    """Measure what eight companies and their pool learn from their users about everybody else.

    Each trains the agency's scorer on its users' records and past obligations, and is judged on
    the audited period, on its users and on the others as if it saw their records. Reweighting
    draws users with chances in inverse proportion to the chance of being one, given the records
    (logistic regression); it mends selection that the records explain, and no other.

    Cost: three fits and scores of everybody for each company.

    Parameters
    ----------
    agency : Agency
        A pool of companies, such as ``bureau``.
    society : Society
        People, their records, and whose users they are.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        What intervals count.
    seed : int
        Of the scorers and the draws.

    Raises
    ------
    AgencyError
        When the agency is no pool of companies, or has published rules for a scorer.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=300, seed=1).simulate()
    >>> found = sample_selection(load_agency("bureau").with_scorer("logistic"), society)
    >>> found.table.query("measure == 'known'")["company"].tolist()[-1]
    'all eight'
    """
    checked_level(intervals)
    if not agency.companies or agency.scorer.kind == "rules":
        raise AgencyError(agency.id, "is no pool of companies that learns", "give one like bureau")
    people = People.of(agency.view(society), over=over)
    X = society.records[list(agency.columns)]
    past, kept = (society.outcome[name].to_numpy() for name in ("kept_before", "kept"))
    encoder = FeatureEncoder().fit(X)
    encoded = encoder.transform(X)
    matrix = Design.of(encoded, encoder.categories_).matrix(encoded)
    scorer = agency.scorer.make(seed=Streams(seed).seed_for("selection.scorer"))
    everybody = unfitted(scorer).fit(X, past)
    rows: list[dict[str, Any]] = []
    groups = {f"company {n}": (n,) for n in range(1, COMPANIES + 1)} | {POOL: agency.companies}
    for name, companies in groups.items():
        users = known_to(agency.model_copy(update={"companies": companies}), society)
        if users.all() or not users.any():
            continue
        drawn = _standing_for_all(matrix, users, Streams(seed).generator(f"selection.{name}"))
        models = {
            TRAINED[0]: unfitted(scorer).fit(X[users], past[users]),
            TRAINED[1]: unfitted(scorer).fit(X.iloc[drawn], past[drawn]),
            TRAINED[2]: everybody,
        }
        chances = {trained: model.predict_proba(X)[:, 1] for trained, model in models.items()}
        rows += [{"company": name} | row for row in _rows(people, users, kept, chances, intervals)]
    asked = {"agency": agency.id, "agency_title": agency.title, "scorer": agency.scorer.kind}
    return SampleSelection(
        table=conform(rows),
        title="Whom companies know, and what their scores make of the others",
        parameters=asked | {"intervals": intervals, "intervals_over": people.counted},
        seed=seed,
        notes=(*beside(__file__)["notes"], people.note),
    )


def _standing_for_all(
    matrix: NDArray[np.floating[Any]], users: Mask, generator: np.random.Generator
) -> Rows:
    """Users drawn so that their records look like everybody's."""
    model = LogisticRegression(max_iter=500, tol=1e-5).fit(matrix, users)
    weight = 1 / np.maximum(model.predict_proba(matrix[users])[:, 1], LEAST_CHANCE)
    who = np.flatnonzero(users)
    return generator.choice(who, size=len(who), p=weight / weight.sum())


def _rows(
    people: People, users: Mask, kept: Any, chances: Mapping[str, Any], level: float
) -> Iterator[dict[str, Any]]:
    parts = {"users": users, "others": ~users}
    own = {"trained": "", "judged": "all"}
    yield {"measure": "known"} | own | people.share(users).facts(level)
    for judged, who in parts.items():
        yield {"measure": "kept"} | own | {"judged": judged} | people.share(kept, who).facts(level)
    for trained, chance in chances.items():
        for judged, who in parts.items():
            labels = {"trained": trained, "judged": judged}
            yield {"measure": "auc"} | labels | people.auc(chance, kept, who).facts(level)
            off = people.mean(chance - kept, who, bounds=(-1, 1))
            yield {"measure": "optimism"} | labels | off.facts(level)
