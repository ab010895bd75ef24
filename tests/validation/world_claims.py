"""What a named world claims of itself, measured: every claim of its TOML names one measure here.

``group.measure`` is a function of a `Case`, one society with whoever rates it. Gaps are of the
group (rural; critics where a claim says so) less the others; points are sesame's but where said.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score

from credit_ml.agencies import Rater, load_agency
from credit_ml.agencies.refit import without
from credit_ml.core import Dataset, read_toml
from credit_ml.core.errors import WorldError
from credit_ml.proxies import CausalGraph, Twins, causal_effects, decompose, true_decomposition
from credit_ml.society import Society, load_world
from credit_ml.society.catalogue import WORLDS
from credit_ml.society.description.golden import moments
from credit_ml.society.description.segregation import dissimilarity, homophily

_spec = util.spec_from_file_location(
    "calibrate", Path(__file__).parents[2] / "experiments" / "calibration" / "calibrate.py"
)
calibrate = util.module_from_spec(_spec)
_spec.loader.exec_module(calibrate)

#: Members of the group whose twins are made.
TWINS = 4_000
GROUPS = {"hukou": "rural", "ethnicity": "minority", "critic": "yes"}


@dataclass(frozen=True)
class Case:
    """One society of a world."""

    name: str
    citizens: int
    seed: int

    @cached_property
    def society(self) -> Society:
        """The society itself."""
        return load_world(self.name, citizens=self.citizens, seed=self.seed).simulate()

    @cached_property
    def moments(self) -> dict[str, float]:
        """Its golden moments."""
        return moments(self.society)

    def member(self, feature: str) -> np.ndarray:
        """Who belongs to the group of a sensitive feature."""
        return (self.society.people[feature] == GROUPS[feature]).to_numpy()

    def gap(self, values: Any, feature: str = "hukou") -> float:
        """Mean of the group less that of the others."""
        member, values = self.member(feature), np.asarray(values, dtype=float)
        return float(np.nanmean(values[member]) - np.nanmean(values[~member]))

    @cache  # noqa: B019 (a case lives as long as a test)
    def rater(self, agency: str) -> Rater:
        """An agency trained here."""
        return load_agency(agency).fit(self.society)

    @cache  # noqa: B019
    def view(self, agency: str) -> Dataset:
        """What it sees."""
        return load_agency(agency).view(self.society)

    @cache  # noqa: B019
    def truth(self, agency: str, feature: str = "hukou") -> dict[str, float]:
        """Components of the gap that an intervention makes, the gap, and the observed one."""
        found = true_decomposition(
            self.rater(agency),
            self.society,
            sensitive=feature,
            reference_groups=self.society.people[feature].cat.categories[0],
            twins=Twins(people=TWINS),
        )
        table = found.table.set_index("factor")["estimate"].to_dict()
        return {**table, "observed": next(iter(found.parameters["observed"].values()))}

    def measure(self, name: str) -> float:
        """Value of a measure by the name that claims give it."""
        kind, _, rest = name.partition(".")
        return float(MEASURES.get(kind, rated)(self, rest or kind, kind))


def rated(case: Case, what: str, agency: str) -> float:
    """Measures of a rater's gap, by the truth that twins tell."""
    what, _, which = what.partition(".")
    feature = which if which in GROUPS else "hukou"
    truth = case.truth(agency, feature) if what not in ("overrates", "auc_lost", "error") else {}
    components = {name: value for name, value in truth.items() if name not in ("(gap)", "observed")}
    if what == "gap":
        return truth["(gap)"]
    if what == "observed":
        return truth["observed"]
    if what == "component":
        return components[which]
    if what == "share":
        return components[which] / truth["(gap)"]
    if what == "lead":  # how many times the next largest component
        others = [abs(value) for name, value in components.items() if name != which]
        return abs(components[which]) / max(others)
    if what == "overrates":
        return overrated(case, agency, which)
    if what == "auc_lost":
        return auc_lost(case, agency, which.split("+"))
    return error_ratio(case, agency, *which.split("_against_"))


def overrated(case: Case, agency: str, whom: str) -> float:
    """Predicted less true probability of keeping, of those refused before or of everybody."""
    rater, X = case.rater(agency), case.view(agency).X
    error = rater.predict_proba(X)[:, 1] - case.society.truth["probability"].to_numpy()
    refused = case.society.outcome["granted_before"].to_numpy() == 0
    return float(error[refused].mean() if whom == "refused" else error.mean())


def auc_lost(case: Case, agency: str, factors: list[str]) -> float:
    """AUC that a rater loses when it is trained again without some factors."""
    rater, data = case.rater(agency), case.view(agency)
    dropped = [column for factor in factors for column in data.factors[factor]]
    narrow = without(rater, data, dropped, seed=0)
    kept = case.society.outcome["kept"]
    fresh = load_world(case.name, citizens=case.citizens, seed=case.seed + 50).simulate()
    seen, kept = load_agency(agency).view(fresh).X, fresh.outcome["kept"]
    return float(
        roc_auc_score(kept, rater.predict_proba(seen)[:, 1])
        - roc_auc_score(kept, narrow.predict_proba(seen)[:, 1])
    )


def error_ratio(case: Case, agency: str, one: str, other: str) -> float:
    """Root mean squared error of one estimator of the components over that of another."""
    truth, errors = case.truth(agency), []
    for method in (one, other):
        found = decompose(case.rater(agency), case.view(agency), sensitive="hukou", method=method)
        table = found.table.set_index("factor")["estimate"]
        errors.append(
            np.sqrt(np.mean([(table[f] - truth[f]) ** 2 for f in case.view(agency).factors]))
        )
    return float(errors[0] / errors[1])


def gap(case: Case, name: str, _: str) -> float:
    """Gap of a latent, outcome or record; `NAME.critic` of critics."""
    name, _, feature = name.partition(".")
    tables = (case.society.truth, case.society.outcome, case.society.records)
    values = next(table[name] for table in tables if name in table)
    return case.gap(values, feature or "hukou")


def share(case: Case, name: str, _: str) -> float:
    """Share of citizens with an outcome, a key, or payments that are known."""
    if name == "spending_known":
        return float(case.society.records["spending"].notna().mean())
    tables = (case.society.outcome, case.society.holders)
    return float(next(table[name] for table in tables if name in table).mean())


def effect(case: Case, name: str, _: str) -> float:
    """What one more late bill does to the probability of keeping."""
    odds = np.full(len(case.society), -case.society.world.outcome.late)
    after = case.society.probability_if(log_odds=odds)
    return float((after - case.society.truth["probability"]).mean())


def causal(case: Case, name: str, _: str) -> float:
    """Total effect of hukou by adjustment for all that is on file, less what it is by twins."""
    data = case.view("sesame")
    graph = CausalGraph(confounders=["ethnicity", "gender"])
    found = causal_effects(data.y, data, sensitive="hukou", graph=graph, reference_groups="urban")
    total = found.table.set_index("effect").loc["total", "estimate"]
    twin = case.society.twin(hukou="urban").truth["probability"]
    member = case.member("hukou")
    return float(total - (case.society.truth["probability"] - twin)[member].mean())


def published(case: Case, name: str, _: str) -> float:
    """One of the published moments that a world was fitted to."""
    return calibrate.published(case.society)[name]


MEASURES = {
    "published": published,
    "gap": gap,
    "share": share,
    "effect": effect,
    "causal": causal,
    "moment": lambda case, name, _: case.moments[name],
    "homophily": lambda case, name, _: homophily(case.society.ties, case.member(name)),
    "dissimilarity": lambda case, name, _: dissimilarity(
        case.society.people["district"], case.member(name)
    ),
}


def claims(name: str) -> list[dict[str, Any]]:
    """Claims of a named world: a measure, and bounds above and below which it lies."""
    return read_toml(WORLDS / f"{name}.toml", WorldError, "give a TOML file").get("claims", [])


def interval(values: list[float]) -> tuple[float, float]:
    """95 % interval of a mean over societies."""
    error = stats.sem(values) * stats.t.ppf(0.975, len(values) - 1)
    return float(np.mean(values) - error), float(np.mean(values) + error)
