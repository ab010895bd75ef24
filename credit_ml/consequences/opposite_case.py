"""One person whom one agency rewards and another punishes, and why each does (S18)."""

from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import AgencyError, Finding, TableError, beside, cited, conform
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new
from credit_ml.explanation import readable, reasons_for
from credit_ml.fairness import opposite_cases
from credit_ml.society import Society

#: The row that holds the score itself, apart from its parts.
SCORE = "(score)"


class OppositeCase(Finding):
    """The citizen whom two raters see most differently, one granting and one punishing.

    Own columns of `table`: rater, verdict, factor, column, own, typical. The row ``(score)``
    holds the points, with the threshold that decides in `typical`; the others what each factor
    adds against up to 200 other citizens, and the record that by itself moves it most (none where
    no single record does). Components of one rater sum to its score less the others' mean.

    Examples
    --------
    >>> row = {"rater": "sesame", "factor": "(score)", "estimate": 700.0}
    >>> OppositeCase(table=conform([row]), title="", parameters={"people": 3}).metrics()
    {'opposite_case.people': 3.0, 'opposite_case.score.granting': 700.0}
    """

    kind: ClassVar[str] = "opposite_case"
    labels: ClassVar[tuple[str, ...]] = ("rater", "verdict", "factor")
    citations = cited("creel_2022")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw what each factor adds at both raters, in hundredths of each one's scale."""
        parts = self.table[self.table["factor"] != SCORE]
        factors = list(dict.fromkeys(parts["factor"]))
        axes = axes_or_new(axes, height=1.3 + 0.5 * len(factors))
        raters = list(dict.fromkeys(parts["rater"]))
        for number, rater in enumerate(raters):
            own = parts[parts["rater"] == rater]
            place = [-factors.index(name) - (number - 0.5) * 0.36 for name in own["factor"]]
            width = 100 * own["estimate"] / self.parameters["ranges"][rater]
            axes.barh(place, width, height=0.32, color=PALETTE[number], label=rater)
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks([-n for n in range(len(factors))], factors)
        axes.set_xlabel("added to the score (hundredths of each rater's scale)")
        axes.grid(axis="x")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=len(raters))
        return axes

    def metrics(self) -> dict[str, float]:
        """How many meet both verdicts, and the scores of the one shown."""
        scores = self.table[self.table["factor"] == SCORE]
        return {"opposite_case.people": float(self.parameters["people"])} | {
            f"opposite_case.score.{place}": float(points)
            for place, points in zip(("granting", "punishing"), scores["estimate"], strict=False)
        }


def opposite_case(
    granting: Rater,
    punishing: Rater,
    society: Society,
    *,
    privilege: str | None = None,
    penalty: str | None = None,
    seed: int = 0,
) -> OppositeCase:
    """Find the citizen whom one rater grants a privilege and another punishes, furthest apart.

    Cost: two scores of everybody, and the reasons of one person at both raters.

    Parameters
    ----------
    granting, punishing : Rater
        Fitted raters.
    society : Society
        Whom both rate.
    privilege, penalty : str, optional
        Which; each rater's first by default.
    seed : int
        Of the people whom the person is compared with.

    Raises
    ------
    AgencyError
        When one grants nothing, or the other imposes nothing.
    TableError
        When nobody meets both.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=300, seed=3).simulate()
    >>> scorers = {"sesame": "scorecard", "government": "tree"}
    >>> two = [load_agency(name).with_scorer(kind).fit(society) for name, kind in scorers.items()]
    >>> case = opposite_case(*two, society)
    >>> case.table.query("factor == '(score)'")["verdict"].iloc[1]
    'joint punishment by forty-four offices'
    """
    grant = _first(granting, granting.agency.privileges, privilege, "privilege", "grants")
    limit = _first(punishing, punishing.agency.penalties, penalty, "penalty", "imposes")
    views = [rater.agency.view(society) for rater in (granting, punishing)]
    scores = pd.DataFrame(
        {"first": granting.score(views[0].X), "second": punishing.score(views[1].X)}
    )
    accepted, punished = scores["first"] >= grant.threshold, scores["second"] < limit.below
    found = opposite_cases(scores, accepted, punished, people=1)
    problem = "have no citizen whom one rewards and the other punishes"
    remedy = "try other raters, or more citizens"
    TableError.unless(len(found), f"{granting.name} and {punishing.name}", problem, remedy)
    citizen = int(np.flatnonzero(scores.index == found.index[0])[0])
    rows: list[dict[str, Any]] = []
    verdicts = [(granting, grant.name, grant.threshold), (punishing, limit.name, limit.below)]
    for number, (rater, verdict, decisive) in enumerate(verdicts):
        points = float(scores.to_numpy()[citizen, number])
        same = {"rater": rater.name, "verdict": verdict}
        rows.append(same | _row(SCORE, points, "threshold", points, decisive))
        reasons = reasons_for(rater, views[number], citizen, seed=seed).factors
        told = reasons[["factor", "points", "column", "value", "typical"]]
        rows += [same | _row(*each) for each in told.itertuples(index=False)]
    return OppositeCase(
        table=conform(rows, measure="score", people=1),
        title="One person, two verdicts",
        parameters={
            "citizen": citizen,
            "people": int((accepted & punished).sum()),
            "of": len(society),
            "raters": [granting.name, punishing.name],
            "agencies": {each.name: each.agency.title for each in (granting, punishing)},
            "scorers": {each.name: each.agency.scorer.kind for each in (granting, punishing)},
            "ranges": {rater.name: _range(rater) for rater in (granting, punishing)},
            "apart": float(found["apart"].iloc[0]),
        },
        seed=seed,
        notes=tuple(beside(__file__)["notes"]),
    )


def _first(rater: Rater, known: Any, name: str | None, what: str, does: str) -> Any:
    AgencyError.unless(known, f"{rater.name}, {what}", f"{does} none", "give another rater")
    return known[0] if name is None else getattr(rater.agency, what)(name)


def _row(factor: str, points: float, column: str, own: Any, typical: Any) -> dict[str, Any]:
    own, typical = (readable(each, digits=4) if column else "" for each in (own, typical))
    quantity = "value" if factor == SCORE else "component"
    said = {"column": column, "own": own, "typical": typical}
    return {"quantity": quantity, "factor": factor, "estimate": points} | said


def _range(rater: Rater) -> float:
    ends = np.array([rater.scale.low, rater.scale.high])
    if not np.isfinite(ends).all():
        # Scales without ends are measured by the odds that a reader can picture: 1 to 64 each way.
        ends = rater.scale.points(np.log([1 / 64, 64.0]))
    return float(abs(ends[1] - ends[0]))
