"""What if something were done about a proxy: gap, quality and decisions, intervention by another.

These are what-if changes of a scorer, not attributions: their gaps do not add up to anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from credit_ml.core import (
    Array,
    Dataset,
    InputError,
    beside,
    conform,
    refuse_unknown,
    refuse_weights,
)
from credit_ml.core.progress import followed
from credit_ml.core.renamed import grouped_keywords, renamed_keywords
from credit_ml.inference import Comparison, Estimate, Over, People, checked_level
from credit_ml.proxies.friends.rewiring import FRIENDS_COLUMNS
from credit_ml.proxies.interventions import decisions, kinds
from credit_ml.proxies.interventions.decisions import Decision, top_share
from credit_ml.proxies.interventions.fairlearn_methods import Constraint, GroupThresholds, Reduce
from credit_ml.proxies.interventions.finding import BASELINE, Interventions
from credit_ml.proxies.interventions.held_out import HeldOutCase, Judged, Trial, held_out_case
from credit_ml.proxies.interventions.kinds import CannotJudge, Drop, Intervention
from credit_ml.proxies.measured import Fact, everybody, groups_in
from credit_ml.society import COLUMNS, Society

_Levels = Mapping[tuple[str, Comparison], Estimate]
#: Interventions of any table: none asks for what its columns are.
OF_ANY_TABLE: tuple[Intervention, ...] = (
    kinds.Residualise(),
    kinds.DiscriminationFree(),
    *(Reduce(constraint=each) for each in get_args(Constraint)),
    *(GroupThresholds(constraint=each) for each in get_args(Constraint)),
)


@renamed_keywords(reference_group="reference_groups", privilege="threshold")
@grouped_keywords("trial", Trial, "threshold", "held_out", "seed")
def intervene(
    model: Any,
    population: Society | Dataset,
    *,
    sensitive: str,
    interventions: Sequence[Intervention | str] | None = None,
    reference_groups: str | Mapping[str, str] | None = None,
    trial: Trial | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> Interventions:
    """What each intervention does to gap, quality and decisions, on people held out.

    Every scorer is trained on the same people and measured on the same others. Of a society it
    learns the outcome of the period before and is audited on the next one. The share of all who
    are favoured is the baseline's at its threshold, for every intervention alike, so that nobody
    gains by a threshold that moved: who ranks is cut at that share, who only decides is brought to
    it by lot (`by_lot`). For scores s, decisions d (chances, where tied or drawn by lot):

    - score_gap: ``E[s | group] - E[s | reference]``; 0 is none.
    - selection_gap: ``E[d | group] - E[d | reference]``; 0 is none.
    - auc, brier, calibration_error (ten bins): of the probabilities, where there are some.
    - decision_auc: ``(1 + E[d | kept] - E[d | not kept]) / 2``; accuracy: share with d = y.
    - gained, lost: share of a group favoured now and not before, and the reverse.
    - selected: share that a decider would favour, before lots made it equal.

    A "change" is the difference from the baseline, of the same people: its interval is paired.
    Intervals count the dataset's clusters where it names them. They hold the chance of who is
    held out and not that of training.

    Cost: one fit an intervention; three more for group thresholds, some fifteen small ones for a
    reduction, 5 tries a tie for rewiring.

    Parameters
    ----------
    model : Agency, Rater or classifier
        An agency with a Society; an unfitted classifier with `predict_proba` with a Dataset.
    population : Society or Dataset
    sensitive : str
    interventions : sequence of Intervention or str, optional
        All that fit what is given, by default; a name is that one of them: of any table
        residualise, discrimination_free, reduce_demographic_parity, reduce_equalized_odds,
        thresholds_demographic_parity, thresholds_equalized_odds; of one's own drop_FACTOR too; of
        a society drop_friends, rewire_friends, drop_address, coarsen_address.
    reference_groups : str or mapping of str to str, optional
        The most numerous by default; every other group is compared with it.
    trial : Trial, optional
        The threshold, and who is held out.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        As in `decompose`.

    Returns
    -------
    Interventions

    Raises
    ------
    AgencyError
        When the agency scores by fixed rules, or has no such privilege.
    ModelError, TableError, InputError
        When model, people, threshold or an intervention's columns do not fit each other.

    References
    ----------
    See `Interventions.citations` and each intervention's `source`.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from sklearn.linear_model import LogisticRegression
    >>> random = np.random.default_rng(0)
    >>> old = random.random(2000) < 0.5
    >>> years, late = random.normal(3 * old), random.normal(size=2000)
    >>> table = pd.DataFrame({"years": years, "late": late, "band": np.where(old, "old", "young"),
    ...                       "kept": (random.random(2000) < 0.5 + 0.2 * (late < 0)).astype(int)})
    >>> data = Dataset.from_frame(table, target="kept", sensitive=["band"])
    >>> found = intervene(LogisticRegression(), data, sensitive="band",
    ...                   interventions=[Drop(what="years", columns=("years",))])
    >>> sorted(found.table["intervention"].unique())
    ['baseline', 'drop_years']
    """
    refuse_weights(population, "intervene")
    checked_level(intervals)
    trial = trial or Trial()
    case = held_out_case(model, population, sensitive, trial)
    compared = list(case.compared(sensitive, reference_groups))
    several = _several(case, interventions)
    before = case.judged(case.dataset.X)
    share = float((before.score >= case.threshold).mean())
    people, start = People.of(case.held_out, over=over), top_share(before.score, share)
    measures = _Measures(people=people, compared=compared, kept=case.kept, before=start)
    first = list(measures.of(before, start))
    levels = {(fact.measure, fact.who): fact.estimate for fact in first}
    rows = list(_rows({"intervention": BASELINE, "title": "as it is"}, first, {}, intervals))
    deciders: list[str] = []
    left_out: list[str] = []
    for each in followed(several, "interventions"):
        try:
            judged = each.judge(case)
        except CannotJudge as refused:
            if interventions is not None:
                raise
            left_out.append(f"Left out: {refused}.")
            continue
        if judged.probability is None:
            deciders.append(each.id)
        decision = judged.decided(share)
        facts = [*measures.of(judged, decision), *measures.flips(decision)]
        rows += _rows({"intervention": each.id, "title": each.title}, facts, levels, intervals)
    told = case.described | {"sensitive": sensitive, "intervals": intervals, "share": share}
    told |= {"held_out": len(case.test), "trained_on": len(case.train), "deciders": deciders}
    told["intervals_over"] = people.counted
    told["clusters"] = people.cluster_count if people.counted == "clusters" else None
    told["sources"] = {each.id: each.source for each in several}
    words = beside(__file__)
    first_note = words["share"].format(**told | {"share": 100 * share})
    return Interventions(
        table=conform(rows),
        title=f"What interventions would change: {case.name}",
        parameters=told,
        seed=trial.seed,
        notes=(first_note, words["sums"], *([words["decide"]] if deciders else []), *left_out),
    )


def default_interventions(case: HeldOutCase) -> tuple[Intervention, ...]:
    """Those that fit what is given: by stream in a society, by factor in a table."""
    first: list[Intervention] = []
    if case.society is not None:
        first = _of_streams([str(name) for name in case.dataset.X.columns])
    elif len(case.dataset.factors) > 1:
        first = [Drop(what=name, columns=tuple(own)) for name, own in case.dataset.factors.items()]
    return (*first, *OF_ANY_TABLE)


def _of_streams(read: list[str]) -> list[Intervention]:
    friends = tuple(name for name in read if COLUMNS[name].stream == "contacts")
    address = tuple(name for name in read if COLUMNS[name].stream == "address")
    found: list[Intervention] = []
    if friends:
        found.append(Drop(what="friends", columns=friends))
    if any(name in friends for name in FRIENDS_COLUMNS):
        found.append(kinds.RewireFriends())
    if address:
        district = tuple(name for name in address if name.startswith("district_"))
        found += [
            Drop(what="address", columns=address),
            kinds.Coarsen(what="address", columns=district),
        ]
    return found


@dataclass(frozen=True, kw_only=True)
class _Measures:
    """What is measured of every scorer, on the people held out."""

    people: People
    compared: Sequence[Comparison]
    kept: Array
    before: Decision

    def of(self, judged: Judged, now: Decision) -> Iterator[Fact]:
        """Quality of everybody's scores and decisions, and gaps."""
        people, kept, probability = self.people, self.kept, judged.probability
        measured = {
            "decision_auc": decisions.decision_auc(people, now, kept),
            "accuracy": decisions.accuracy_of(people, now, kept),
        }
        if probability is None:
            measured["selected"] = people.mean(judged.score, bounds=(0.0, 1.0))
        else:
            measured["auc"] = people.auc(judged.score, kept)
            measured["brier"] = people.mean((probability - kept) ** 2, bounds=(0.0, 1.0))
            measured["calibration_error"] = decisions.calibration_error(people, probability, kept)
        for measure, estimate in measured.items():
            yield Fact(measure, everybody(people.size), estimate)
        for pair in self.compared:
            yield Fact("selection_gap", pair, decisions.selection_gap(people, now, pair))
            if probability is not None:
                yield Fact("score_gap", pair, pair.difference(people.mean, judged.score))

    def flips(self, now: Decision) -> Iterator[Fact]:
        """Shares of each group whose decision turns."""
        for who in groups_in(self.compared):
            yield Fact("gained", who, decisions.gained(self.people, now, self.before, who.inside))
            yield Fact("lost", who, decisions.gained(self.people, self.before, now, who.inside))


def _rows(
    own: dict[str, str], facts: Sequence[Fact], start: _Levels, level: float
) -> Iterator[dict[str, Any]]:
    for each in facts:
        yield each.row(level, **own, fact="level")
        # What changed is a change already; how many a decider would favour is compared by nobody.
        if start and each.measure not in ("gained", "lost", "selected"):
            change = each._replace(estimate=each.estimate - start[each.measure, each.who])
            yield change.row(level, **own, fact="change") | {"quantity": "difference"}


def _several(
    case: HeldOutCase, named: Sequence[Intervention | str] | None
) -> tuple[Intervention, ...]:
    known = {each.id: each for each in default_interventions(case)}
    several: list[Intervention] = []
    for each in known.values() if named is None else named:
        if isinstance(each, str) and each not in known:
            refuse_unknown(InputError, "interventions", each, known)
        several.append(known[each] if isinstance(each, str) else each)
    names = [BASELINE, *(each.id for each in several)]
    for name in names:
        problem, remedy = f"hold '{name}' twice", "name each its own way"
        InputError.unless(names.count(name) == 1, "interventions", problem, remedy)
    return tuple(several)
