"""What the first screen of each study's page says, measured in one society of any world.

`first_screens.py` asks these of many societies. Each page's entry says how its study measures one
society, which rows of the finding its first screen reads, and how many societies the study has.
Raters are fitted once a world, in a society of their own, so that the truth is one number a world.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd
from interval_coverage import world_of

from credit_ml.agencies import Rater, load_agency
from credit_ml.consequences.price_of_interpretability import PriceOfInterpretability, measures
from credit_ml.core import Finding
from credit_ml.core.reading import selected
from credit_ml.disclosure import DisclosureSweep
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.sweep.cell import cell_table
from credit_ml.dynamics import Lives, changes, run_rounds
from credit_ml.dynamics.assumed.knobs import Life
from credit_ml.governance.agreed_values.agreed import agreed_values
from credit_ml.governance.agreed_values.citizens import CitizenValues
from credit_ml.governance.agreed_values.election import VoteOptions
from credit_ml.governance.agreed_values.finding import AgreedValues
from credit_ml.governance.data_limits.finding import JOINT, DataLimits, PrivateRelease
from credit_ml.governance.data_limits.frontier import LimitOptions, _Frontier
from credit_ml.governance.data_limits.inferable import _kept
from credit_ml.governance.data_limits.limit import HOLDERS, DataLimit
from credit_ml.governance.data_limits.linear_guess import LinearGuess
from credit_ml.governance.data_limits.private_release import private_release
from credit_ml.governance.due_process.compute import due_process
from credit_ml.governance.due_process.finding import DueProcess
from credit_ml.governance.due_process.options import DueProcessOptions
from credit_ml.governance.enrolment.compute import enrolment
from credit_ml.governance.enrolment.finding import Enrolment
from credit_ml.governance.hidden_groups.finding import HiddenGroups
from credit_ml.governance.hidden_groups.of_society import (
    PROXIES,
    SurveyOptions,
    audit_without_groups,
)
from credit_ml.governance.transparency.compute import TransparencyOptions, _measured
from credit_ml.governance.transparency.finding import Transparency
from credit_ml.proxies import intervene
from credit_ml.proxies.detection.predictability import GroupPredictor, sampled
from credit_ml.proxies.friends.influence import FriendOptions, friend_influence
from credit_ml.proxies.interventions.finding import Interventions
from credit_ml.proxies.interventions.held_out import Trial
from credit_ml.response import ResponseOptions, load_menu
from credit_ml.society import Society

#: What a first screen says, and the columns that pick its row.
Numbers = Mapping[str, Mapping[str, Any]]
#: Of rural and urban citizens, as every study follows them.
PAIR = {"sensitive": "hukou", "reference_groups": {"hukou": "urban"}}
#: Errors befall rural citizens half as often again.
TIMES = {"hukou": {"rural": 1.5}}
ALL_DATA = JOINT.join(HOLDERS)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: what is measured in a society, and how its study combines societies."""

    finding: type[Finding]
    numbers: Numbers
    measure: Callable[[str, "Page", int], pd.DataFrame]
    """From a world, this page and a seed to a table of the finding."""
    people: int
    districts: int
    societies: int
    """That make one interval, the own one among them."""
    mean: bool = False
    """Whether the mean of societies is told (`mean_of_worlds`), not the own one's number."""
    together: bool = False
    """Whether it is the mean over worlds too, whose societies share their chance."""
    by_district: bool = False
    """Whether an estimate itself keeps districts together, as folds of guesses do."""
    inverse: bool = False
    """Whether its numbers say how many times as much, so that intervals are of their inverse."""
    pool: int = 168
    """Societies met of each world in a whole run; six worlds of 168 make 1,008."""
    late: float = 1.0
    """How much later than the others it is met."""
    name: str = ""
    """Its key in `PAGES`."""

    @property
    def others(self) -> int:
        """Societies whose spread makes the interval: all of a mean, else all but the own one."""
        return self.societies if self.mean else self.societies - 1

    def society(self, world: str, seed: int) -> Society:
        """Make a society of the page's size."""
        return replace(world_of(world, self.people, self.districts), seed=seed).simulate()

    def found(self, world: str, seed: int) -> dict[str, float]:
        """Measure each number in one society."""
        table = self.measure(world, self, seed)
        return {what: _only(table, what, row) for what, row in self.numbers.items()}


def _only(table: pd.DataFrame, what: str, row: Mapping[str, Any]) -> float:
    found = selected(table, dict(row))["estimate"]
    if len(found) != 1:
        raise SystemExit(f"'{what}' names {len(found)} rows")
    return float(found.iloc[0])


def row(measure: str, group: str = "all", **labels: Any) -> dict[str, Any]:
    """Columns that pick the row of everybody, or of a group of registered residence."""
    sensitive = "overall" if group == "all" else "hukou"
    return {
        "quantity": "value",
        "sensitive": sensitive,
        "measure": measure,
        "group": group,
    } | labels


@cache
def rater_of(agency: str, scorer: str, world: str, people: int, districts: int) -> Rater:
    """Fit a rater in a society of its own, as large as those it is measured in."""
    made = load_agency(agency)
    made = made.with_scorer(scorer) if scorer else made
    return made.fit(replace(world_of(world, people, districts), seed=1).simulate())


def _rater(agency: str, scorer: str, world: str, page: Page) -> Rater:
    return rater_of(agency, scorer, world, max(page.people, 10_000), page.districts)


def _enrolment(world: str, page: Page, seed: int) -> pd.DataFrame:
    rater = _rater("sesame", "scorecard", world, page)
    return enrolment(rater, page.society(world, seed), sensitive="hukou").table


def _agreed_values(world: str, page: Page, seed: int) -> pd.DataFrame:
    found = agreed_values(
        _rater("council", "", world, page),
        page.society(world, seed),
        card=_rater("national", "scorecard", world, page),
        values=CitizenValues(dependence=0.0),
        vote=VoteOptions(divided_by="hukou", places=0.2, draws=2),
        **PAIR,
    )
    return found.table


def _due_process(world: str, page: Page, seed: int) -> pd.DataFrame:
    rater = _rater("national", "", world, page)
    options = DueProcessOptions(times=TIMES)
    return due_process(rater, page.society(world, seed), options=options, **PAIR).table


def _hidden_groups(world: str, page: Page, seed: int) -> pd.DataFrame:
    survey = SurveyOptions(proxies={name: PROXIES[name] for name in ("address", "all records")})
    found = audit_without_groups(
        _rater("sesame", "scorecard", world, page),
        page.society(world, seed),
        sensitive="hukou",
        group="rural",
        threshold=650,
        survey=survey,
    )
    return found.table


def _consequences(world: str, page: Page, seed: int) -> pd.DataFrame:
    society = page.society(world, seed)
    joined, without = (run_rounds(society, name, years=10) for name in ("joined", "no_list"))
    fearless = Life(deterrence=0.0)
    less = [run_rounds(society, name, years=10, life=fearless) for name in ("joined", "no_list")]
    varied = changes(*less, **PAIR).table.query("quantity == 'change'").assign(quantity="varied")
    return pd.concat(
        [changes(joined, without, **PAIR).table, joined.by_group(**PAIR).table, varied]
    )


@cache
def _limits(world: str, people: int, districts: int) -> _Frontier:
    """Raters with lenders' records alone, and with all data."""
    society = replace(world_of(world, people, districts), seed=1).simulate()
    agency = load_agency("national")
    limits = {"lenders": ("lenders",), ALL_DATA: tuple(HOLDERS)}
    raters: dict[str, Rater | None] = {
        name: DataLimit(holders=holders).agency(agency).fit(society, seed=0)
        for name, holders in limits.items()
    }
    return _Frontier(
        subsets=raters,
        singles={},
        guess=LinearGuess.of(agency.view(society), seed=0),
        agency=agency,
        of=("hukou", "urban"),
        options=LimitOptions(),
        level=0.95,
        seed=0,
    )


def _data_limits(world: str, page: Page, seed: int) -> pd.DataFrame:
    society = page.society(world, seed)
    limits = _limits(world, page.people, page.districts).measured(society).table
    rater = _rater("national", "", world, page)
    private = private_release(rater, society, epsilons=[1.0], sensitive="hukou").table
    return pd.concat([limits, private, pd.DataFrame(list(_inferred(society)))])


def _inferred(society: Society) -> Iterator[dict[str, Any]]:
    for holder, feature in (("contacts", "critic"), ("offices", "hukou")):
        _, kept = next(_kept(load_agency("national"), society, (holder,)))
        some = sampled(kept, 4_000, 0, "data_limits.inferable")
        predictor = GroupPredictor.of(some, feature, folds=2, seed=0)
        found = float(predictor.predictability(list(some.X.columns)).auc.value)
        yield row("auc", holder=holder) | {"sensitive": feature, "estimate": found}


def _noise(world: str, page: Page, seed: int) -> pd.DataFrame:
    society, rater = page.society(world, seed), _rater("national", "", world, page)
    return private_release(rater, society, epsilons=[1.0], sensitive="critic").table


def _transparency(world: str, page: Page, seed: int) -> pd.DataFrame:
    rules = ("opaque", "factors") if "+" in page.name else TOLD
    options = TransparencyOptions(rules=rules, people=1_200, times=TIMES)
    found = _measured(load_agency("sesame"), page.society(world, seed), options, seed)
    return pd.DataFrame([row(name, rule=rule) | {"estimate": value} for rule, name, value in found])


#: Rules of transparency, and what is told in the sweep of disclosure, on their first screens.
TOLD = ("opaque", "access", "factors", "full", "card")
REGIMES = ("nothing", "weights", "recommendation", "full")


def _disclosure(world: str, page: Page, seed: int) -> pd.DataFrame:
    trained, society = page.society(world, seed + 500_000), page.society(world, seed)
    rater = load_agency("sesame").with_scorer("opaque").fit(trained)
    response = ResponseOptions(menu=load_menu("twelve"), bundle=2)
    case = case_of(rater, rater.agency.view(society), response, society=society, seed=21)
    lead = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
    if "+" in page.name:
        return cell_table(case, checked_regimes(["counterfactual"]), lead)
    cells = cell_table(case, checked_regimes(REGIMES), lead)
    labels = ["quantity", "measure", "sensitive", "group", "reference_group"]
    full = cells[cells["regime"] == "full"].set_index(labels)["estimate"]
    moved = cells["estimate"] - full.reindex(pd.MultiIndex.from_frame(cells[labels])).to_numpy()
    against = cells.assign(estimate=moved, quantity="regime_difference")
    return pd.concat([cells, against])


def _raters(world: str, page: Page, seed: int) -> pd.DataFrame:
    """Of scorers that are trained on a society, less the first's of the same society."""
    society, agency = page.society(world, seed), load_agency("sesame")
    found = {}
    for kind in ("opaque", "scorecard", "tree"):
        rater = agency.with_scorer(kind).fit(society, seed=seed)
        view = rater.agency.view(society)
        found[kind] = measures(rater.log_odds(view.X), view, "hukou", "rural")
    return pd.DataFrame(
        row(name, scorer=kind) | {"estimate": sign * (own[of] - found["opaque"][of])}
        for kind, own in found.items()
        for name, of, sign in (
            ("auc_lost", "auc", -1.0),
            ("selection_gap_change", "selection_gap", 1.0),
        )
    )


def _proxies(world: str, page: Page, seed: int) -> pd.DataFrame:
    rater, society = _rater("sesame", "opaque", world, page), page.society(world, seed)
    pair = {"sensitive": "hukou", "reference_groups": "urban"}
    without = ("drop_friends", "drop_address")
    trial = Trial(threshold=None, seed=17)
    tried = intervene(rater, society, interventions=without, trial=trial, **pair).table
    options = FriendOptions(draws=5, seed=17)
    friends = friend_influence(rater, society, threshold=None, options=options, **pair).table
    return pd.concat([tried, friends])


def _moved(measure: str, group: str = "all") -> dict[str, Any]:
    """Row of what nothing changes against everything being told."""
    return row(measure, group, regime="nothing", reference_group="") | {
        "quantity": "regime_difference"
    }


def _gap(measure: str, **labels: Any) -> dict[str, Any]:
    return row(measure, "rural", **labels) | {"quantity": "difference"}


PAGES: dict[str, Page] = {
    "enrolment": Page(
        finding=Enrolment,
        measure=_enrolment,
        people=10_000,
        districts=20,
        societies=21,
        numbers={
            f"{name}, {group}" if group != "all" else name: row(
                name, group, scheme=scheme, rule=rule
            )
            for name, group, scheme, rule in (
                ("joined", "all", "voluntary", "no_errors"),
                ("joined", "rural", "voluntary", "no_errors"),
                ("joined", "urban", "voluntary", "no_errors"),
                ("keep_silent", "all", "voluntary", "no_errors"),
                ("keep_joined", "all", "voluntary", "no_errors"),
                ("misjudged", "all", "voluntary", "no_errors"),
                ("unwilling", "all", "firms_compelled", "no_errors"),
                ("hurt_by_silence", "all", "voluntary", "no_errors"),
                ("joined_over_open", "all", "voluntary", "opaque"),
                ("honest_over_open", "all", "voluntary", "opaque"),
            )
        }
        | {
            f"joined, {rule} rules": row("joined", scheme="voluntary", rule=rule)
            for rule in ("opaque", "open")
        },
    ),
    "agreed_values": Page(
        finding=AgreedValues,
        measure=_agreed_values,
        people=3_000,
        districts=40,
        societies=21,
        late=1.2,
        numbers={
            "weight of history, State": row("weight", rule="state", factor="history"),
            "prefers_to_state": row("prefers_to_state", rule="mean"),
            "higher_than_state": row("higher_than_state", rule="mean"),
            "auc_over_accurate": row("auc_over_accurate", rule="mean"),
        }
        | {
            f"{measure}, {rule}" + (f", {group}" if group != "all" else ""): row(
                measure, group, rule=rule
            )
            for rule in ("state", "mean")
            for measure, group in (
                ("auc", "all"),
                ("ranked_high", "rural"),
                ("ranked_high", "urban"),
            )
        },
    ),
    "due_process": Page(
        finding=DueProcess,
        measure=_due_process,
        people=3_000,
        districts=6,
        societies=12,
        mean=True,
        late=1.6,
        numbers={
            **{
                f"mended, {rule}": row("mended", rule=rule, entry="all")
                for rule in ("factors", "explanation", "reasons", "full", "access")
            },
            "noticed, access": row("noticed", rule="access", entry="all"),
            "contested, access": row("contested", rule="access", entry="all"),
            "planted": row("planted", rule="", entry="all"),
            "refused, opaque": row("refused", rule="opaque", entry="all"),
            "refused, opaque, rural": row("refused", "rural", rule="opaque", entry="all"),
            "refused, opaque, urban": row("refused", "urban", rule="opaque", entry="all"),
        },
    ),
    "hidden_groups": Page(
        finding=HiddenGroups,
        measure=_hidden_groups,
        people=10_000,
        districts=20,
        societies=21,
        late=1.1,
        numbers={
            "gap": _gap("gap", proxy="all records", method="truth"),
            "least gap": _gap("gap", proxy="all records", method="least"),
            "largest gap": _gap("gap", proxy="all records", method="largest"),
            "width of bounds": row("width", "rural", proxy="all records", method="bounds"),
            "error of weights, address": _gap("error", proxy="address", method="weighted"),
        }
        | {
            f"error, {method}": _gap("error", proxy="all records", method=method)
            for method in ("inferred", "by_decision", "surveyed", "corrected")
        },
    ),
    "consequences": Page(
        finding=Lives,
        measure=_consequences,
        people=20_000,
        districts=40,
        societies=21,
        late=1.4,
        numbers={
            "broken": row("broken") | {"quantity": "change"},
            "broken, fear worth 0": row("broken") | {"quantity": "varied"},
            "broken_of_the_listed": row("broken_of_the_listed") | {"quantity": "change"},
            "kept_for_a_listing": row("kept_for_a_listing") | {"quantity": "change"},
            "ever_listed": row("ever_listed"),
            "ever_listed, rural": row("ever_listed", "rural"),
            "ever_listed, urban": row("ever_listed", "urban"),
            "restrictions": row("restrictions"),
            "escape": row("escape"),
            "children_barred": row("children_barred"),
        },
    ),
    "data_limits": Page(
        finding=DataLimits,
        measure=_data_limits,
        people=10_000,
        districts=20,
        societies=9,
        by_district=True,
        late=1.3,
        numbers={
            "auc, all data": row("auc", setting=ALL_DATA),
            "records, all data": row("records", setting=ALL_DATA),
            "auc_lost, lenders": row("auc_lost", setting="lenders"),
            "breach_kept, lenders": row("breach_kept", setting="lenders"),
            "granted, all data, rural less urban": _gap("granted", setting=ALL_DATA),
            "granted, lenders, rural less urban": _gap("granted", setting="lenders"),
            "auc of critics, contacts": row("auc", holder="contacts") | {"sensitive": "critic"},
            "auc of hukou, offices": row("auc", holder="offices") | {"sensitive": "hukou"},
            "auc_lost, private scores": row("auc_lost", epsilon="1"),
        },
    ),
    "transparency": Page(
        finding=Transparency,
        measure=_transparency,
        people=3_000,
        districts=6,
        societies=12,
        mean=True,
        late=1.8,
        numbers={
            "mended, access": row("mended", rule="access"),
            "abuse, opaque": row("abuse", rule="opaque"),
            **{f"gaming, {rule}": row("gaming", rule=rule) for rule in ("factors", "full", "card")},
        },
    ),
    "disclosure": Page(
        finding=DisclosureSweep,
        measure=_disclosure,
        people=1_000,
        districts=20,
        societies=20,
        mean=True,
        together=True,
        late=1.5,
        numbers={
            **{
                f"{name}, nothing less full": _moved(name) for name in ("auc", "accuracy", "profit")
            },
            "share_who_game, weights": row("share_who_game", regime="weights"),
            "knowledge, recommendation": row("knowledge", regime="recommendation"),
            "welfare, nothing less full, rural": _moved("welfare", "rural"),
            "welfare, nothing less full, urban": _moved("welfare", "urban"),
        },
    ),
    "raters": Page(
        finding=PriceOfInterpretability,
        measure=_raters,
        people=3_000,
        districts=6,
        societies=20,
        mean=True,
        together=True,
        late=3.0,
        numbers={
            f"{name}, {scorer}": row(name, scorer=scorer)
            for name in ("auc_lost", "selection_gap_change")
            for scorer in ("scorecard", "tree")
        },
    ),
    "proxies": Page(
        finding=Interventions,
        measure=_proxies,
        people=3_000,
        districts=6,
        societies=21,
        late=3.0,
        numbers={
            f"selection_gap, {name}": _gap("selection_gap", intervention=name, fact="change")
            for name in ("drop_friends", "drop_address")
        }
        | {"turned": row("turned", part="other_friends")},
    ),
}
#: What was asked of first screens later, of societies of their own: a page's name, and a part's.
PAGES |= {
    "disclosure+least": replace(
        PAGES["disclosure"],
        late=2.0,
        numbers={"share_who_game, least change": row("share_who_game", regime="counterfactual")},
    ),
    "transparency+harmed": replace(
        PAGES["transparency"], late=2.0, numbers={"harmed, factors": row("harmed", rule="factors")}
    ),
    "enrolment+dark": replace(
        PAGES["enrolment"],
        late=2.0,
        numbers={
            "joined, opaque rules, rural": row("joined", "rural", scheme="voluntary", rule="opaque")
        },
    ),
    "hidden_groups+weights": replace(
        PAGES["hidden_groups"],
        late=2.0,
        numbers={
            "error of weights, all records": _gap("error", proxy="all records", method="weighted")
        },
    ),
    "data_limits+noise": replace(
        PAGES["data_limits"],
        finding=PrivateRelease,
        inverse=True,
        measure=_noise,
        late=2.0,
        by_district=False,
        numbers={
            "width by lot, critics": row("width_randomised", "yes", epsilon="1")
            | {"sensitive": "critic"}
        },
    ),
}
PAGES = {key: replace(page, name=key) for key, page in PAGES.items()}
