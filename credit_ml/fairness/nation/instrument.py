"""What a nation's study asks besides: its cities, and how many people it trains on and follows."""

from collections.abc import Iterator

import numpy as np
from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument
from credit_ml.core.instrument import Merging, NationPart
from credit_ml.core.tables.summary import Summary
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.nation.facts import city_table
from credit_ml.fairness.nation.finding import Nation, nation
from credit_ml.fairness.tally.tally import Tally


class NationOption(BaseModel, frozen=True, extra="forbid"):
    """How many people of a nation are drawn, of whom numbers that cannot be added up are made."""

    training: int = Field(default=100_000, ge=200)
    """People whom raters are trained on, as many from each of the first cities."""
    training_cities: int = Field(default=4, ge=1)
    """How many cities those are from."""
    sample: int = Field(default=100_000, ge=200)
    """People drawn from all cities, each as likely, whose gap is taken apart and who are followed
    where the rules are told."""


def _summary(context: Context, part: NationPart) -> Summary:
    feature = context.followed.sensitive
    features = context.dataset.sensitive[[feature]]
    tally = Tally.of(context.decided, features, clusters=part.within)
    counts = tally.counts[:, :, 0, :].astype(np.int32)
    return Summary(
        lists={"counts": counts, "city": np.full(len(counts), part.number, dtype=np.int32)}
    )


def _merged(context: Context, summary: Summary) -> Iterator[Nation]:
    followed, counts = context.followed, summary.lists["counts"]
    groups = list(map(str, context.dataset.sensitive[followed.sensitive].cat.categories))
    size = counts.sum(axis=(0, 2))
    named = followed.reference_group or context.reference_groups.get(followed.sensitive)
    reference = groups.index(named) if named else int(np.argmax(size))
    others = [place for place in range(len(groups)) if place != reference]
    group = followed.group or groups[max(others, key=lambda place: size[place])]
    pair = counts[:, [groups.index(group), reference]]
    ends = np.flatnonzero(np.diff(summary.lists["city"])) + 1
    audits = [each for each in context.findings if isinstance(each, Audit)]
    labels = {"sensitive": followed.sensitive, "group": group, "reference_group": groups[reference]}
    rest = audits[0] if audits else None
    yield nation(np.split(pair, ends), rest, labels, context.intervals, context.name)


NATION = Instrument(
    id="nation",
    home=__package__,
    findings=(Nation,),
    section="nation",
    section_title="What only so many people show",
    merging=Merging(summarise=_summary, findings=_merged, error="exact", names_over=True),
    option=NationOption,
    by_default=False,
    tables=city_table,
)
