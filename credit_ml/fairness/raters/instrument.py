"""Many raters of one person: do they rank alike, and who meets both answers."""

from collections.abc import Iterator

import pandas as pd

from credit_ml.core import Context, Instrument
from credit_ml.fairness.raters.agreement import Agreement, agreement
from credit_ml.fairness.raters.multiplicity import Multiplicity, SelfConsistency


def _agreement(context: Context) -> Iterator[Agreement]:
    """Compare all raters' orders, and the decisions at each one's first privilege."""
    raters = context.raters
    if len(raters) < 2:
        return
    views = {rater.name: rater.agency.view(context.society) for rater in raters}
    points = pd.DataFrame({rater.name: rater.score(views[rater.name].X) for rater in raters})
    decided = {
        rater.name: points[rater.name] >= rater.agency.privileges[0].threshold
        for rater in raters
        if rater.agency.privileges
    }
    yield agreement(points, decided, context.dataset, intervals=context.intervals)


AGREEMENT = Instrument(
    id="agreement",
    home=__package__,
    findings=(Agreement,),
    section="raters",
    stage="across",
    run=_agreement,
)
#: Made by hand alone: findings that no study asks for.
MULTIPLICITY = Instrument(
    id="multiplicity", home=__package__, findings=(Multiplicity, SelfConsistency), template=""
)
