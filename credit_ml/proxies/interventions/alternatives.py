"""Is there a scorer as good that harms a group less? All sets of factors, a few settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd

from credit_ml.core import (
    Dataset,
    InputError,
    Streams,
    beside,
    conform,
    known_names,
    need_known,
    refuse_weights,
)
from credit_ml.core.renamed import grouped_keywords, renamed_keywords
from credit_ml.core.tables.arrays import Array, Mask
from credit_ml.inference import Comparison, Estimate, Over, checked_level
from credit_ml.proxies.interventions.candidates import (
    By,
    HeldOutPart,
    candidates,
    factor_sets,
    on_frontier,
)
from credit_ml.proxies.interventions.finding import Alternatives
from credit_ml.proxies.interventions.held_out import HeldOutCase, Trial, held_out_case
from credit_ml.society import Society


@dataclass(frozen=True, kw_only=True)
class AlternativeSearch:
    """What `alternatives` tries, and by what it chooses.

    Examples
    --------
    >>> AlternativeSearch(tolerance=0.01).by
    'selection_gap'
    """

    settings: Mapping[str, Any] | None = None
    """Unfitted scorers by name, tried beside the model's own. By default an agency's are the
    scorecard and the weighted sum, at their defaults; a classifier has none."""
    by: By = "selection_gap"
    """Gap of decisions, or of mean scores ("score_gap"); each setting's scores are on the same
    scale."""
    group: str | None = None
    """That with the largest gap under the baseline on the validation part by default."""
    tolerance: float = 0.005
    """AUC that may be lost."""
    sets: int | None = None
    """Sets of factors tried at most: all of up to 8 factors by default, 255 of more, of which most
    are drawn by chance (`factor_sets`)."""

    def __post_init__(self) -> None:
        need_known(InputError, "by", self.by, get_args(By))
        problem, remedy = f"is {self.tolerance!r}", "give AUC of at least 0"
        InputError.unless(self.tolerance >= 0, "tolerance", problem, remedy)
        enough, problem = self.sets is None or self.sets >= 1, f"is {self.sets}"
        InputError.unless(enough, "sets", problem, "give at least 1")


@renamed_keywords(reference_group="reference_groups", privilege="threshold")
@grouped_keywords("search", AlternativeSearch, "settings", "by", "group", "tolerance")
@grouped_keywords("trial", Trial, "threshold", "seed")
def alternatives(
    model: Any,
    population: Society | Dataset,
    *,
    sensitive: str,
    reference_groups: str | Mapping[str, str] | None = None,
    search: AlternativeSearch | None = None,
    trial: Trial | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> Alternatives:
    """The frontier of AUC against gap over all sets of factors, and the fairest near the best.

    Half of the people train every candidate; a quarter choose (validation); a quarter, who chose
    nothing, measure (test): the best of many on the people who chose it looks better than it is.
    The chosen is the candidate with the smallest gap, either sign, among those whose validation
    AUC is at most the tolerance below the best. The frontier are those candidates than which none
    has both more AUC and less gap. Gaps of decisions are at one share of all favoured, the
    baseline's at its threshold: all factors, the model's own setting. A gap of 0 is none.

    Of more than 8 factors 255 sets are tried: all of them, all but one each, and others drawn by
    chance. A note then says what share of all sets can be better, at 95 % confidence.

    Cost: ``sets * settings`` fits, of K factors ``2**K - 1`` sets or `AlternativeSearch.sets`.

    Parameters
    ----------
    model : Agency, Rater or classifier
        As in `intervene`.
    population : Society or Dataset
    sensitive : str
    reference_groups : str or mapping of str to str, optional
        The most numerous by default.
    search : AlternativeSearch, optional
        What is tried, by which gap it is chosen, and of which group.
    trial : Trial, optional
        As in `intervene`; its share held out is one half here.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        As in `decompose`.

    Returns
    -------
    Alternatives
        `notes` state the chosen with its interval on the test part.

    Raises
    ------
    ModelError
        When a setting takes the model's own name.
    InputError, AgencyError, TableError
        When model, people, threshold or tolerance do not fit each other.

    References
    ----------
    See `Alternatives.citations`.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> random = np.random.default_rng(0)
    >>> old = random.random(4000) < 0.5
    >>> late, street = random.normal(size=4000), random.normal(2.0 * old)
    >>> kept = (random.random(4000) < 0.5 - 0.3 * np.tanh(late) - 0.1 * old).astype(int)
    >>> band = np.where(old, "old", "young")
    >>> table = pd.DataFrame({"late": late, "street": street, "band": band, "kept": kept})
    >>> data = Dataset.from_frame(table, target="kept", sensitive=["band"])
    >>> found = alternatives(LogisticRegression(), data, sensitive="band",
    ...                      search=AlternativeSearch(tolerance=0.02))
    >>> found.parameters["candidates"], found.parameters["chosen"]
    (3, 'LogisticRegression: late')
    """
    refuse_weights(population, "alternatives")
    checked_level(intervals)
    search, trial = search or AlternativeSearch(), trial or Trial()
    case = held_out_case(model, population, sensitive, trial)
    sets = factor_sets(list(case.dataset.factors), search.sets, trial.seed)
    several = list(candidates(case, search.settings, sets))
    baseline = several[0]
    share = float((baseline.scores >= case.threshold).mean())
    common = {"by": search.by, "share": share, "over": over, "level": intervals}
    validation, test = _parts(case, **common)
    pairs = list(case.compared(sensitive, reference_groups))
    pair = _followed(pairs, search, validation, baseline.scores)
    seen, there = (
        [part.measured(each.scores, pair) for each in several] for part in (validation, test)
    )
    best, front = _best(seen, search)
    rows: list[dict[str, Any]] = []
    for number, each in enumerate(several):
        flags = {"fact": "level", "frontier": bool(front[number]), "chosen": number == best}
        rows += validation.facts(each, pair, seen[number], **flags)
        rows += test.facts(each, pair, there[number], **flags)
    chosen = several[best]
    change = {measure: now - there[0][measure] for measure, now in there[best].items()}
    rows += test.facts(chosen, pair, change, fact="change", frontier=True, chosen=True)
    table = conform(rows)
    sizes = {"train": len(case.train), "validation": len(validation.rows), "test": len(test.rows)}
    told = case.described | {"by": search.by, "tolerance": search.tolerance, "share": share}
    told |= {"intervals": intervals, "baseline": baseline.id, "chosen": chosen.id}
    settings = list(dict.fromkeys(each.setting for each in several))
    told |= {"candidates": len(several), "settings": settings, "people": sizes}
    if sets.drawn:
        told |= {"sets": len(sets.of), "every_set": sets.every, "share_missed": sets.missed}
    return Alternatives(
        table=table,
        title=f"Less discriminatory alternatives: {case.name}",
        parameters=told,
        seed=trial.seed,
        notes=(_statement(table, told), *_said(told)),
    )


def _said(told: Mapping[str, Any]) -> list[str]:
    words = beside(__file__)
    kinds = ["parts", "sampled"] if "sets" in told else ["parts"]
    return [str(words[kind].format(**told)) for kind in kinds]


def _parts(case: HeldOutCase, **common: Any) -> tuple[HeldOutPart, HeldOutPart]:
    order = Streams(case.seed).generator("proxies.validation").permutation(len(case.test))
    halves = (np.sort(half) for half in np.split(order, [len(order) // 2]))
    validation, test = (
        HeldOutPart(name=name, rows=rows, dataset=case.held_out.take(rows), **common)
        for name, rows in zip(("validation", "test"), halves, strict=True)
    )
    return validation, test


def _followed(
    pairs: list[Comparison], search: AlternativeSearch, validation: HeldOutPart, scores: Array
) -> Comparison:
    """The group that was named, or that with the largest gap under the baseline."""
    named = {pair.group: pair for pair in pairs}
    if search.group is None:
        before = [float(validation.measured(scores, pair)[search.by]) for pair in pairs]
        return pairs[int(np.argmax(np.abs(before)))]
    problem = f"is '{search.group}', compared with '{pairs[0].reference_group}'"
    remedy = known_names(search.group, named)
    InputError.unless(search.group in named, "group", problem, remedy)
    return named[search.group]


def _best(seen: list[dict[str, Estimate]], search: AlternativeSearch) -> tuple[int, Mask]:
    """Which candidate has the smallest gap near the best AUC, and which are on the frontier."""
    auc = np.array([float(each["auc"]) for each in seen])
    size = np.abs([float(each[search.by]) for each in seen])
    near = np.flatnonzero(auc >= np.nanmax(auc) - search.tolerance)
    return int(near[np.lexsort((-auc[near], size[near]))[0]]), on_frontier(auc, size)


def _statement(table: pd.DataFrame, told: Mapping[str, Any]) -> str:
    words = beside(__file__)
    chosen, baseline, by = told["chosen"], told["baseline"], told["by"]
    if chosen == baseline:
        return str(words["none"].format(**told))
    test = table[table["part"] == "test"].set_index(["candidate", "fact", "measure"])
    known: dict[Any, Any] = test.to_dict("index")

    def shown(candidate: str, fact: str, measure: str) -> str:
        row = known[candidate, fact, measure]
        digits = 1 if by == measure == "score_gap" and abs(row["estimate"]) >= 5 else 3
        ends = f"{row['low']:.{digits}f}, {row['high']:.{digits}f}"
        return f"{row['estimate']:.{digits}f} [{ends}]"

    before, after = (shown(each, "level", by) for each in (baseline, chosen))
    change, auc = (shown(chosen, "change", each) for each in (by, "auc"))
    places = {"measure": by.replace("_", " "), "before": before, "after": after}
    return str(words["chosen"].format(**told, **places, change=change, auc=auc))
