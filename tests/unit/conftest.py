"""A rater of three columns with a menu; Gaussian people whose chance of keeping is known; a study.

Findings of the study are small and made by schema, so that pages and words are tested apart from
the instruments.
"""

import itertools
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from credit_ml.core import Dataset, Finding, instrument
from credit_ml.core.figure import axes_or_new
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.core.schema import conform
from credit_ml.disclosure.regime import words_of
from credit_ml.disclosure.regimes import REGIMES
from credit_ml.reports.presented import presented
from credit_ml.response import Action, Aftermath, Aim, ColumnChange, Menu
from credit_ml.scoring import ScoreFunction
from credit_ml.society import World


@pytest.fixture
def action():
    """Make an action on one column, with what matters to the test named."""

    def make(name, column="late", *, kind="cosmetic", price=0.0, effort=0.0, effect=0.0, **moves):
        return Action(
            id=name,
            name=name,
            kind=kind,
            changes=(ColumnChange(column=column, **moves),),
            price=price,
            effort=effort,
            outcome_effect=effect,
            source="assumed, because this is a test",
        )

    return make


@pytest.fixture
def menu(action):
    actions = (
        action("pay", "late", kind="improving", price=0.2, effect=0.5, add=-1, low=0),
        action("shop", "diapers", price=0.3, add=2, high=12),
        action("read", "books", effort=0.001, add=1),
    )
    return Menu(id="three", description="Three ways.", actions=actions)


@pytest.fixture
def aim():
    return Aim(id="car", name="car", threshold=3.0, value=0.05)


@pytest.fixture
def rater():
    """A known score: late bills count against, diapers for, books not at all."""
    return ScoreFunction(
        name="sketch (rules)",
        unit="points",
        raw=lambda X: (4.0 - X["late"] + 0.5 * X["diapers"]).to_numpy(),
    )


@pytest.fixture
def dataset():
    random = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "late": random.integers(0, 6, 300),
            "diapers": random.integers(0, 4, 300),
            "books": random.integers(0, 9, 300),
            "sex": random.choice(["f", "m"], 300, p=[0.4, 0.6]),
            "paid": random.integers(0, 2, 300),
            "income": random.uniform(1, 9, 300),
            "probability": random.uniform(0.05, 0.95, 300),
        }
    )
    return Dataset.from_frame(
        frame,
        target="paid",
        sensitive=["sex"],
        context=["income", "probability"],
        factors={"bills": ["late"], "shopping": ["diapers", "books"]},
    )


@pytest.fixture(scope="session")
def society():
    return World(citizens=500, seed=11).simulate()


def nobody(rater, dataset):
    """A response of people who leave everything as it is."""
    none = np.zeros(len(dataset), dtype=bool)
    chances = dataset.context.get("probability")
    free = np.zeros(len(dataset))
    return Aftermath(X=dataset.X, probability=chances, acted=none, cosmetic=none, spending=free)


@pytest.fixture(scope="session", name="nobody")
def _nobody():
    return nobody


@pytest.fixture(scope="session")
def gaussian():
    """Make people: log-odds of keeping are 1.5 honest + 0.5 show."""

    def make(people=2000, seed=0):
        random = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {"honest": random.normal(size=people), "show": random.normal(size=people)}
        )
        frame["probability"] = expit(1.5 * frame["honest"] + 0.5 * frame["show"])
        frame["paid"] = (random.random(people) < frame["probability"]).astype(int)
        frame["sex"] = np.where(frame["honest"] + random.normal(size=people) > 0, "f", "m")
        frame["income"] = random.lognormal(0, 0.6, people)
        return Dataset.from_frame(
            frame,
            target="paid",
            sensitive=["sex"],
            context=["probability", "income"],
            factors={"all": ["honest", "show"]},
        )

    return make


class Drawn(Finding):
    """A finding that draws its estimates with their intervals, one row a line."""

    conforms = False

    def plot(self, axes=None):
        axes = axes_or_new(axes, height=2.4)
        found = self.table.dropna(subset=["low"]).head(8).reset_index(drop=True)
        middle = found["estimate"]
        axes.errorbar(
            middle, found.index, xerr=[middle - found["low"], found["high"] - middle], fmt="o"
        )
        axes.set_xlabel("estimate")
        axes.set_title(self.title)
        return axes


class Audit(Drawn):
    kind: ClassVar[str] = "audit"
    citations: ClassVar[tuple[str, ...]] = ("Feldman et al. (2015). Disparate impact. KDD.",)


class Quality(Drawn):
    kind: ClassVar[str] = "quality"


class Decomposition(Drawn):
    kind: ClassVar[str] = "decomposition"
    citations: ClassVar[tuple[str, ...]] = ("Shapley (1953). A value for n-person games.",)


class Comparison(Drawn):
    kind: ClassVar[str] = "comparison"
    citations: ClassVar[tuple[str, ...]] = ("Shapley (1953). A value for n-person games.",)


class Explanation(Drawn):
    kind: ClassVar[str] = "explanation"


class Disclosure(Drawn):
    kind: ClassVar[str] = "disclosure"


class Consequences(Drawn):
    kind: ClassVar[str] = "consequences"


MADE = {
    made.kind: made
    for made in (Audit, Quality, Decomposition, Comparison, Explanation, Disclosure, Consequences)
}


def frame(columns, lines):
    table = pd.DataFrame(lines, columns=columns.split())
    for name in ("estimate", "low", "high"):
        table[name] = table[name].astype("float64")
    return table


def audit_finding(rater="sesame (opaque)", *, selected=(0.47, 0.29)):
    """Return an audit of two features whose ratio, difference and intersection are exact."""
    columns = "quantity sensitive group reference_group measure estimate low high people"
    lines = []

    def add(quantity, sensitive, group, reference, metric, estimate, half, people):
        low, high = estimate - half, estimate + half
        lines.append((quantity, sensitive, group, reference, metric, estimate, low, high, people))

    shares = {"urban": selected[0], "rural": selected[1], "man": 0.40, "woman": 0.401}
    add("value", "overall", "all", "", "count", 1000, 0, 1000)
    add("value", "overall", "all", "", "base_rate", 0.72, 0.01, 1000)
    add("value", "overall", "all", "", "selection_rate", 0.40, 0.01, 1000)
    add("value", "overall", "all", "", "refusal_rate", 0.60, 0.01, 1000)
    for sensitive, groups in (("hukou", ("urban", "rural")), ("gender", ("man", "woman"))):
        for group, people in zip(groups, (620, 380), strict=True):
            add("value", sensitive, group, "", "count", people, 0, people)
            add("value", sensitive, group, "", "base_rate", 0.72, 0.01, people)
            add("value", sensitive, group, "", "selection_rate", shares[group], 0.01, people)
            add("value", sensitive, group, "", "refusal_rate", 1 - shares[group], 0.01, people)
            add(
                "value",
                sensitive,
                group,
                "",
                "true_positive_rate",
                shares[group] + 0.1,
                0.01,
                people,
            )
            add(
                "value",
                sensitive,
                group,
                "",
                "false_positive_rate",
                shares[group] - 0.2,
                0.01,
                people,
            )
            add("value", sensitive, group, "", "mean_score", 600 + 200 * shares[group], 3, people)
        first, second = (shares[group] for group in groups)
        pair = (sensitive, groups[1], groups[0])
        add("difference", *pair, "selection_rate", second - first, 0.02, 380)
        add("ratio", *pair, "selection_rate", second / first, 0.02, 380)
        add("ratio", *pair, "refusal_rate", (1 - second) / (1 - first), 0.02, 380)
        for metric in ("true_positive_rate", "false_positive_rate"):
            add("difference", *pair, metric, second - first, 0.02, 380)
        add("difference", *pair, "mean_score", 200 * (second - first), 3, 380)
        add("smallest_ratio", sensitive, groups[1], "", "selection_rate", second / first, 0.02, 380)
    for hukou, gender in itertools.product(("urban", "rural"), ("man", "woman")):
        share = (shares[hukou] + shares[gender]) / 2
        group = f"{hukou} x {gender}"
        add("value", "hukou x gender", group, "", "selection_rate", share, 0.02, 250)
    return Audit(
        table=frame(columns, lines),
        title="Who is selected",
        parameters={
            "decision": "650 points or more",
            "intervals": 0.95,
            "rater": rater,
            "small": 30,
        },
        notes=("Intervals resample people, not districts.",),
        seed=1,
    )


def quality_finding(rater="sesame (opaque)"):
    lines = [
        (measure, sensitive, group, value, value - 0.004, value + 0.004, people)
        for sensitive, group, people in (
            ("overall", "all", 1000),
            ("hukou", "urban", 620),
            ("hukou", "rural", 380),
        )
        for measure, value in (("auc", 0.81), ("brier", 0.15), ("accuracy", 0.77))
    ]
    columns = "measure sensitive group estimate low high people"
    return Quality(table=frame(columns, lines), title="Quality", parameters={"rater": rater})


PARTS = {
    "true_carrier": (-18.2, -11.1, -6.3, 0.4, -5.0),
    "block_shapley": (-16.0, -13.0, -6.0, 0.2, -6.2),
}
FACTORS = ("relationships", "personal", "capacity", "behaviour", "history")


def decomposition_finding(method, rater="sesame (opaque)", *, sign=1.0):
    lines = [
        (method, "carrier", "hukou", "rural", "urban", factor, sign * part)
        for factor, part in zip(FACTORS, PARTS[method], strict=True)
    ]
    lines.append((method, "carrier", "hukou", "rural", "urban", "(gap)", sign * sum(PARTS[method])))
    lines = [(*line, line[-1] - 1.5, line[-1] + 1.5) for line in lines]
    return Decomposition(
        table=frame(_GAP_COLUMNS, lines),
        title="What carries the gap",
        parameters={"unit": "points", "output": "score", "rater": rater, "model": rater},
    )


_GAP_COLUMNS = "method estimand sensitive group reference_group factor estimate low high"


def comparison_finding(rater="sesame (opaque)"):
    parts = [decomposition_finding(method, rater).table for method in PARTS]
    return Comparison(
        table=pd.concat(parts, ignore_index=True),
        title="Truth beside estimates",
        parameters={"unit": "points", "rater": rater},
    )


def explanation_finding(rater="sesame (opaque)"):
    everybody = ("overall", "all")
    lines = [("factor", name, name, *everybody, 20.0 - 3 * i) for i, name in enumerate(FACTORS)]
    lines += [("feature", "late_payments", "history", *everybody, 9.0)]
    lines = [(*line, line[-1] - 0.5, line[-1] + 0.5) for line in lines]
    columns = "level name factor sensitive group estimate low high"
    return Explanation(
        table=conform(frame(columns, lines)),
        title="What the score leans on",
        parameters={"unit": "points", "rater": rater},
    )


def disclosure_finding(rater="sesame (opaque)"):
    lines = []
    for i, regime in enumerate(("nothing", "factors", "full")):
        for measure, value, unit in (
            ("share_who_act", 0.2 * i, "share"),
            ("spending", 1.5 * i, "thousand yuan"),
            ("points_gained", 12.0 * i, "points"),
            ("accuracy", 0.78 - 0.02 * i, "share"),
            ("improvement_share", 0.25, "share"),
        ):
            lines.append((regime, "overall", "all", "", measure, value, 0.01, unit))
        lines.append((regime, "hukou", "rural", "urban", "score_gap_before", -41.0, 2.0, "points"))
        gap = -41.0 - 4 * i
        lines.append((regime, "hukou", "rural", "urban", "score_gap_after", gap, 2.0, "points"))
    lines = [(*line[:6], line[5] - line[6], line[5] + line[6], line[7]) for line in lines]
    columns = "regime sensitive group reference_group measure estimate low high unit"
    words = {name: words_of(REGIMES[name]) for name in ("nothing", "factors", "full")}
    return Disclosure(
        table=conform(frame(columns, lines)),
        title="What disclosure changes",
        parameters={
            "rater": rater,
            "clauses": {name: each["clause"] for name, each in words.items()},
            "headings": {name: each["heading"] for name, each in words.items()},
        },
    )


def consequences_finding(rater="sesame (opaque)"):
    lines = []
    for consequence, measure, urban, rural in (
        ("car", "share_granted", 0.47, 0.29),
        ("visa", "share_granted", 0.20, 0.18),
        ("all privileges", "value_forgone", 0.02, 0.03),
    ):
        for group, reference, value in (
            ("urban", "", urban),
            ("rural", "", rural),
            ("rural", "urban", rural - urban),
        ):
            low, high = value - 0.004, value + 0.004
            lines.append((consequence, "hukou", group, reference, measure, value, low, high))
    columns = "consequence sensitive group reference_group measure estimate low high"
    units = {"share_granted": "share of people", "value_forgone": "share of a year's own income"}
    return Consequences(
        table=frame(columns, lines),
        title="What follows",
        parameters={"rater": rater, "units": units},
    )


def rater_results(number=0):
    name = ("sesame (opaque)", "council (rules)")[number]
    makers = [audit_finding, quality_finding, comparison_finding, disclosure_finding]
    if number == 0:
        makers += [explanation_finding, consequences_finding]
    decompositions = [decomposition_finding(method, name) for method in PARTS]
    return RaterResults(
        id=name.replace(" (", "-").rstrip(")"),
        name=name,
        agency={"id": name.split()[0], "title": name.split()[0].title()},
        scorer_kind=("opaque", "rules")[number],
        findings=(*(maker(name) for maker in makers), *decompositions),
    )


def study():
    """Return a whole study of two raters."""
    return StudyResults(
        id="small",
        title="A small study",
        question="Does the score carry who people are?",
        prediction="Friends and address carry most of the gap.",
        refutation="Credit history carries most of it.",
        data={
            "name": "baseline",
            "kind": "simulated",
            "people": 1000,
            "features": 28,
            "outcome_rate": 0.72,
            "digest": "ab" * 32,
        },
        world={"seed": 7, "segregation": {"hukou": 0.6}, "citizens": 1000},
        raters=(rater_results(0), rater_results(1)),
        settings={"intervals": 0.95},
        provenance={
            "seed": 7,
            "digest": "cd" * 32,
            "versions": {"python": "3.11", "numpy": str(np.__version__)},
        },
    )


@pytest.fixture
def table_results():
    """Return a study of one's own table: no world, no truth."""
    findings = (
        audit_finding("opaque"),
        quality_finding("opaque"),
        decomposition_finding("block_shapley", "opaque"),
    )
    return StudyResults(
        id="own",
        title="My table",
        data={"name": "my.csv", "kind": "table", "people": 1000, "features": 5},
        raters=(RaterResults(id="opaque", name="opaque", scorer_kind="opaque", findings=findings),),
    )


@pytest.fixture
def made_classes(monkeypatch):
    """Let stored findings come back as the classes made here."""
    real = instrument.finding_class
    monkeypatch.setattr(instrument, "finding_class", lambda kind: MADE.get(kind) or real(kind))


@pytest.fixture(scope="session")
def make_study():
    return study


@pytest.fixture
def results():
    return study()


@pytest.fixture
def page_study(results):
    """The study as its readers see it, with everyday names."""
    return presented(results)


@pytest.fixture
def first_rater():
    """Return a study whose first rater's findings of one kind have a changed table."""

    def with_changed(results, kind, change, *, without=()):
        first, *others = results.raters
        findings = []
        for each in first.findings:
            if each.kind == kind:
                table = each.table.copy()
                change(table)
                findings.append(replace(each, table=table))
            elif each.kind not in without:
                findings.append(each)
        return replace(results, raters=(replace(first, findings=tuple(findings)), *others))

    return with_changed
