"""The same audit on societies, where the truth is known: what each way gets wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from credit_ml.agencies import Agency, Rater
from credit_ml.core import AgencyError, InputError, Streams, need_known
from credit_ml.governance.hidden_groups.audit import HiddenOptions, hidden_groups
from credit_ml.governance.hidden_groups.finding import HiddenGroups
from credit_ml.inference import checked_societies, resample_societies
from credit_ml.scoring import checked_threshold
from credit_ml.society import COLUMNS, SENSITIVE, Society

#: From which streams a group is inferred, by name; none named means all that the agency sees.
PROXIES: dict[str, tuple[str, ...]] = {
    "address": ("address",),
    "address and phone": ("address", "phone"),
    "all records": (),
}
#: What a proxy is called whose guess was learned in another society.
ELSEWHERE = ", learned elsewhere"
#: Far enough that no society of a study has the census of another.
_CENSUS = 1_000_003


@dataclass(frozen=True, kw_only=True)
class SurveyOptions:
    """Of whom groups are known, from what the others' are inferred, and in how many societies.

    Examples
    --------
    >>> SurveyOptions(proxies={"address": ["address"]}).surveyed
    0.3
    """

    proxies: Mapping[str, Sequence[str]] = field(default_factory=lambda: PROXIES)
    """Streams from which the group is inferred, by name; none named means all that are seen."""
    surveyed: float = 0.3
    """Share of citizens whose group is known; the audit is of the rest."""
    cells: int = 20
    """As in `HiddenOptions`."""
    societies: int = 0
    """Other societies for intervals over them; 0 leaves those over people."""

    def __post_init__(self) -> None:
        problem, remedy = f"is {self.surveyed:g}", "give a share of citizens"
        InputError.unless(0 < self.surveyed < 1, "surveyed", problem, remedy)
        remedy = "name one or more, with its streams"
        usable = isinstance(self.proxies, Mapping) and len(self.proxies) > 0
        InputError.unless(usable, "proxies", f"are {self.proxies!r}", remedy)
        HiddenOptions(cells=self.cells)
        if self.societies:
            checked_societies(self.societies)


def audit_without_groups(
    rater: Rater,
    society: Society,
    *,
    sensitive: str,
    group: str,
    threshold: float,
    survey: SurveyOptions | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> HiddenGroups:
    """Audit a rater with groups inferred, and say what that gets wrong.

    The data set that knows groups is a survey of some of the society's citizens; the audit is of
    the rest. With the last of the proxies the survey is then replaced by a census of elsewhere,
    another society of the same world, where the guess need not err as it does here.

    Cost: a simulation and a fit a proxy; with `societies`, in each of them.

    Parameters
    ----------
    rater : Rater
    society : Society
    sensitive, group : str
        The group is held against everybody else.
    threshold : float
        Points from which one is granted.
    survey : SurveyOptions, optional
    intervals : float
        Level.
    seed : int
        Of halves and of other societies.

    Raises
    ------
    AgencyError
        When the agency sees none of a proxy's streams.
    InputError
        When the feature, its group or the threshold is none.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=800, seed=1).simulate()
    >>> rater = load_agency("government").with_scorer("logistic").fit(society)
    >>> found = audit_without_groups(rater, society, sensitive="hukou", group="rural",
    ...     threshold=100, survey=SurveyOptions(proxies={"address": ["address"]}))
    >>> found.table.query("measure == 'gap'")["method"].tolist()[:3]
    ['truth', 'inferred', 'weighted']
    """
    survey = survey or SurveyOptions()
    named = proxy_columns(rater.agency, survey.proxies)
    _need_groups(sensitive, group, threshold)
    checked_threshold(rater, threshold)

    def measured(one: Society) -> HiddenGroups:
        view = rater.agency.view(one)
        asked = Streams(seed).generator("hidden_groups.survey").random(len(one))
        known = asked < survey.surveyed
        rest, told = (view.take(np.flatnonzero(who)) for who in (~known, known))
        audits = [(name, rest, told, columns) for name, columns in named.items()]
        best = list(named)[-1]
        census = replace(one.world, seed=one.world.seed + _CENSUS).simulate()
        audits.append((f"{best}{ELSEWHERE}", rest, rater.agency.view(census), named[best]))
        parts = []
        for proxy, here, there, columns in audits:
            decided, decided_there = (
                np.asarray(rater.score(each.X) >= threshold) for each in (here, there)
            )
            found = hidden_groups(
                decided,
                here,
                there,
                sensitive=sensitive,
                group=group,
                options=HiddenOptions(
                    columns=columns,
                    cells=survey.cells,
                    decided_there=decided_there,
                    proxy=proxy,
                    seed=seed,
                ),
                intervals=intervals,
            )
            parts.append(found)
        facts = {"rater": rater.name, "threshold": threshold, "surveyed": survey.surveyed}
        return replace(
            parts[0],
            table=pd.concat([each.table for each in parts], ignore_index=True),
            parameters={**parts[0].parameters, **facts, "proxies": [each[0] for each in audits]},
            notes=tuple(dict.fromkeys(note for each in parts for note in each.notes)),
        )

    if not survey.societies:
        return measured(society)
    return resample_societies(
        society, measured, societies=survey.societies, intervals=intervals, seed=seed
    )


def _need_groups(sensitive: str, group: str, threshold: float) -> None:
    need_known(InputError, "sensitive", sensitive, tuple(SENSITIVE))
    need_known(InputError, f"{sensitive}, group", group, tuple(SENSITIVE[sensitive]))
    problem, remedy = f"is {threshold!r}", "give points from which one is granted"
    InputError.unless(np.isfinite(threshold), "threshold", problem, remedy)


def proxy_columns(
    agency: Agency, proxies: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Columns of each proxy, or raise AgencyError where an agency sees none of its streams."""
    InputError.unless(proxies, "proxies", "are none", "name streams, or all with an empty list")
    found = {}
    for proxy, streams in proxies.items():
        for stream in streams:
            need_known(AgencyError, f"proxies, {proxy}", stream, agency.streams)
        columns = [
            name for name in agency.columns if not streams or COLUMNS[name].stream in streams
        ]
        found[proxy] = tuple(columns)
    return found
