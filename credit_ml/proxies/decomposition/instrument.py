"""What studies ask of a gap: the truth of each feature's gap beside what estimators say of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from credit_ml.core import Context, Finding, Instrument
from credit_ml.proxies.decomposition.admissible import ProxyDiscrimination
from credit_ml.proxies.decomposition.attribute import attribute
from credit_ml.proxies.decomposition.components import OF_SUM, TOGETHER
from credit_ml.proxies.decomposition.decompose import decompose, decomposed
from credit_ml.proxies.decomposition.estimators import GapTask, estimator
from credit_ml.proxies.decomposition.facts import matrix
from credit_ml.proxies.decomposition.finding import Decomposition, DecompositionComparison, compare
from credit_ml.proxies.decomposition.flow import Flow
from credit_ml.proxies.decomposition.tables import gap_table
from credit_ml.proxies.decomposition.truth import TRUTH, Twins, in_one_society
from credit_ml.proxies.decomposition.waterfall import pictures
from credit_ml.scoring import CrossFitted, Output, Scorecard, score_function


class DecomposeOption(BaseModel, frozen=True, extra="forbid"):
    """How gaps are taken apart."""

    people: int = Field(default=10_000, ge=10)
    """Members of a group that are given a twin, at most."""


#: Factors whose parts are also added up: whom one knows, and where one lives.
_SUMMED = ("relationships", "personal")


def _with_sums(found: Decomposition) -> Decomposition:
    """Add what friends and address carry together, where the factors are those of S1.

    Its interval is made of other societies, which know how both parts move together.
    """
    rows = found.table[found.table["factor"].isin(_SUMMED)]
    pairs = rows.groupby(["sensitive", "group", "reference_group"], sort=False)
    sums = [
        own.iloc[:1].assign(
            quantity="sum",
            factor=TOGETHER,
            estimate=own["estimate"].sum(),
            low=np.nan,
            high=np.nan,
            over="",
            reason=OF_SUM,
        )
        for _, own in pairs
        if len(own) == len(_SUMMED)
    ]
    return replace(found, table=pd.concat([found.table, *sums], ignore_index=True))


def _estimate(context: Context) -> Mapping[str, Finding]:
    """Take every feature's gap apart, by intervention and by each method that fits the rater."""
    rater, dataset = context.rater, context.dataset
    twins = Twins(people=context.option.people, seed=context.seed)
    seen = dataset, context.points.to_numpy()
    truths = {
        f"{feature}, {TRUTH}": in_one_society(
            rater, context.society, twins=twins, seen=seen, **_asked(context, feature)
        )
        for feature in context.sensitive
    }
    found = truths | _without_truth(context)
    return {name: _with_sums(each) for name, each in found.items()}


def _without_truth(context: Context) -> dict[str, Decomposition]:
    """Take every feature's gap apart by each method that fits the rater and asks no twin."""
    rater, dataset = context.rater, context.dataset
    seen = score_function(rater).knowing(dataset.X, context.points.to_numpy())
    shares = attribute(seen, dataset, seed=context.seed)
    if context.resampled:  # what those who stand in add to an interval will not be read
        shares = replace(shares, references=None)
    models: dict[str, Any] = {"block_shapley": shares}
    # Points add up by column only where the scorer does and the scale is affine.
    if rater.kind != "opaque" and rater.scale.affine:
        models["kitagawa_oaxaca_blinder"] = rater
    return _parts(context, models)


def _parts(context: Context, models: Mapping[str, Any]) -> dict[str, Decomposition]:
    """Take every feature's gap apart by each method; what is alike for all features once."""
    shared: dict[str, Any] = {"dataset": context.dataset, "seed": context.seed, "made": {}}
    shared["over"] = context.over
    return {
        f"{feature}, {method}": decomposed(
            estimator(method),
            GapTask(
                model=model,
                sensitive=feature,
                reference_groups=context.reference_groups.get(feature),
                **shared,
            ),
            named=method,
            intervals=context.intervals,
        )
        for feature in context.sensitive
        for method, model in models.items()
    }


def _asked(context: Context, feature: str) -> dict[str, Any]:
    references = context.reference_groups.get(feature)
    asked = {"sensitive": feature, "reference_groups": references}
    return asked | {"intervals": context.intervals}


def _of_sample(context: Context) -> Iterator[DecompositionComparison]:
    """Compare methods that ask no twin: of a nation's citizens no other world is made."""
    found = {name: _with_sums(each) for name, each in _without_truth(context).items()}
    yield from _compare(replace(context, estimates=found))


def _compare(context: Context) -> Iterator[DecompositionComparison]:
    for feature in context.sensitive:
        parts = [part for name, part in context.estimates.items() if name.startswith(f"{feature},")]
        yield compare(part for part in parts if isinstance(part, Decomposition))


def _of_table(context: Context) -> Iterator[DecompositionComparison]:
    """Take gaps apart in probability, or score; a scorecard's in log-odds too, by two methods."""
    model, dataset, seed = context.raters and context.rater, context.dataset, context.seed
    if not model:
        for feature in context.sensitive:
            yield compare([decompose(context.points, dataset, **_asked(context, feature))])
        return
    crossed = isinstance(model, CrossFitted)
    output: Output = "probability" if crossed or hasattr(model, "predict_proba") else "score"
    shares = attribute(model, dataset, output=output, seed=seed)
    for feature in context.sensitive:
        asked = _asked(context, feature)
        yield compare([decompose(shares, dataset, output=output, seed=seed, **asked)])
    if not isinstance(model.folds[0].model if crossed else model, Scorecard):
        return
    # The card is additive in log-odds only, so there a second method can be held against it.
    odds = attribute(model, dataset, output="log_odds", seed=seed)
    for feature in context.sensitive:
        asked = _asked(context, feature) | {"output": "log_odds", "seed": seed}
        oaxaca = decompose(model, dataset, method="kitagawa_oaxaca_blinder", **asked)
        yield compare([decompose(odds, dataset, **asked), oaxaca])


COMPARISON = Instrument(
    id="comparison",
    home=__package__,
    findings=(DecompositionComparison, Decomposition),
    section="gap",
    run=_compare,
    on_table=_of_table,
    estimate=_estimate,
    sampled=_of_sample,
    option=DecomposeOption,
    key="decompose",
    tables=lambda finding: [gap_table(finding)],
    matrix=matrix,
    overviews=pictures,
)
PROXY_DISCRIMINATION = Instrument(
    id="proxy_discrimination",
    home=__package__,
    findings=(ProxyDiscrimination,),
    section="proxies",
    order=3,
    template="proxy_discrimination.md.j2",
)
#: Made by hand alone.
FLOW = Instrument(id="flow", home=__package__, findings=(Flow,), template="")
