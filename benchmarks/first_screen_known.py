"""Intervals of first screens that no pool of societies can judge, met where the truth is known.

Thresholds of political use come from power curves of 300 societies, the leaderboard's errors from
ten seeds that all worlds share. Alarms and errors are drawn here from laws whose parameters are
those that the pages found, and made into intervals by the pages' own code.
"""

import tomllib
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special, stats

from credit_ml.core import Array
from credit_ml.governance.political_use import auditor
from credit_ml.governance.political_use.closed_form import PointsLaw
from credit_ml.governance.political_use.threshold import between, neighbours
from credit_ml.inference import Estimate, People, shares_of_counts
from credit_ml.proxies.decomposition.leaderboard.compute import leaderboard
from credit_ml.studies.settings.design import RangeTable, SweepTable
from credit_ml.studies.settings.shares import sobol_shares

STUDY = Path("experiments") / "governance" / "political_use.toml"
#: Societies of that study, the power it asks for, its tests' false alarms, and cities beside one.
SOCIETIES, WANTED, ALPHA, BESIDE = 300, 0.8, 0.05, 20
#: As its page found them: the smallest rates of its tests, and by a list's length alone.
THRESHOLDS = (0.022, 0.061, 0.080, 0.154, 0.187, 0.267, 0.392, 0.537)
LENGTHS = (0.431, 0.567)
SETS, SETS_OF_CITIES, LEADERBOARDS = 1_000, 500, 1_000
#: Sets of societies whose alarms are counted for a share of 5 %.
COUNTED = 20_000
#: Worlds and seeds of a leaderboard, and its two factors.
WORLDS, SEEDS, FACTORS = 6, 10, ("personal", "relationships")
#: Spread of errors by feature, and what worlds share of a seed's: so that mean squares of seeds
#: differ by three quarters of their mean, as on the page.
SPREADS, SHARED = {"hukou": 1.0, "ethnicity": 0.6}, 0.9
#: True parts; how much more the second estimator errs; how often intervals of parts hold.
TRUE, BEHIND, HOLDS = 4.0, 0.4, 0.95
#: Of pages of sweeps: the first screen's headline as a quadratic of its knobs, each from 0 to 1,
#: fitted to the page's settings (it explains 99, 98 and 96 % of their variance): its constant, what
#: each knob adds, and each pair (first with itself, ...); then which knobs have two values.
LAWS: dict[str, tuple[tuple[float, ...], tuple[int, ...]]] = {
    "wechat_assumptions": (
        (
            -100,
            -3.4,
            46.3,
            38.3,
            9,
            20.3,
            -5.3,
            0.4,
            -3.2,
            2,
            3.5,
            -0.2,
            -1.4,
            -25.1,
            2.8,
            -4.5,
            -17.6,
            1,
            1.6,
            4.7,
            -15.3,
            1,
            5.5,
            21.8,
            8.8,
            -6.3,
            6.3,
            2.3,
        ),
        (),
    ),
    "disclosure_assumptions": (
        (-5.7, 23.4, 48.3, 62.7, 1.2, 23.4, 99.2, -52.4, 32.1, -0.3, -100, 34.7, -13.4, -0.9, 1.2),
        (0, 3),
    ),
    "leaderboard_assumptions": (
        (95.9, -6.2, -46.3, -100, -10, 3.7, 3.9, -2.4, 6.4, 29.2, 42.6, -2.8, 22.8, -16.9, 15.7),
        (),
    ),
}
#: Points of which a law's own shares are computed.
MANY = 400_000
POINTS = 32
#: Cities of the nation, and how far they differ in who passes, as the page's intervals have it.
NATION_CITIES, APART = 191, 0.022
#: Of its rarest group and of those who differ from it in one feature, people in each city.
GROUPS = {"rarest group": 60, "alike but one feature": 2940}
#: Who passes of either.
PASSES = 0.34
#: Page, what its first screen says, percent held, and of how many sets.
Known = tuple[str, str, float, int]


def known() -> Iterator[Known]:
    """Yield every interval that is met where the truth is known."""
    random = np.random.default_rng(0)
    with STUDY.open("rb") as file:
        rates = np.array(tomllib.load(file)["political_use"]["rates"])
    for truth in THRESHOLDS:
        yield _threshold(truth, rates, random)
    for truth in LENGTHS:
        yield _length(truth, rates, random)
    yield _false_alarms(random)
    for page, (law, two) in LAWS.items():
        yield _share(page, np.array(law), two)
    yield from _leaderboard(random)
    for name, people in GROUPS.items():
        yield _passes(name, people, np.random.default_rng(1))


def _threshold(truth: float, rates: Array, random: np.random.Generator) -> Known:
    """Of a test of two means, whose alarms at a rate stay at every higher one."""
    signal = (special.ndtri(1 - ALPHA) + special.ndtri(WANTED)) / truth
    powers = PointsLaw(np.array([signal]), np.zeros(1)).power(rates, ALPHA)[0]
    held, people = 0, People(SOCIETIES)
    for _ in range(SETS):
        alarms = random.random((SOCIETIES, 1)) < powers
        made = [people.share(column) for column in alarms.T]
        held += _inside(_ends(rates, made), truth)
    return "political_use", f"smallest rate, truth {truth:.1%}", 100 * held / SETS, SETS


def _length(truth: float, rates: Array, random: np.random.Generator) -> Known:
    """Of one city beside others, whose errors are those of the cities (`city_alarms`)."""
    # Fewer orders by lot: they widen an interval by some hundredths, so that it holds more.
    auditor._ORDERS = 100
    near = rates[(rates > 0.6 * truth) & (rates < 1.6 * truth)]
    edge, grown = special.stdtrit(BESIDE - 1, 1 - ALPHA), np.sqrt(1 + 1 / BESIDE)
    shift = grown * _noncentral(edge)
    held, people = 0, People(SOCIETIES)
    for _ in range(SETS_OF_CITIES):
        honest = random.standard_normal(SOCIETIES)
        said = honest[:, None] + shift * near / truth
        chance, moved = auditor.city_alarms(said, honest, BESIDE, ALPHA, random=random)
        made = [
            people.from_influence(each, part, bounds=(0.0, 1.0), family="share")
            for each, part in zip(chance, moved.T, strict=True)
        ]
        held += _inside(_ends(near, made), truth)
    share = 100 * held / SETS_OF_CITIES
    return "political_use", f"smallest rate by length, truth {truth:.0%}", share, SETS_OF_CITIES


def _share(page: str, law: Array, two: tuple[int, ...]) -> Known:
    """The largest total share of a page's headline, which is a quadratic of its knobs."""
    number = round((float(np.sqrt(8 * len(law) + 1)) - 3) / 2)
    pairs = list(combinations_with_replacement(range(number), 2))

    def of(points: Array) -> Array:
        X = points.copy()
        X[:, two] = X[:, two] > 0.5
        both = [X[:, one] * X[:, other] for one, other in pairs]
        return np.asarray(np.column_stack([np.ones(len(X)), X, *both]) @ law)

    random = np.random.default_rng(0)
    own, other = random.random((2, MANY, number))
    values, shares = of(own), []
    for place in range(number):
        moved = own.copy()
        moved[:, place] = other[:, place]
        shares.append(((values - of(moved)) ** 2).mean() / 2 / values.var())
    truth, largest = max(shares), f"k{int(np.argmax(shares))}"
    over = {f"k{place}": RangeTable(low=0.0, high=1.0) for place in range(number)}
    held = 0
    for seed in range(SETS):
        sweep = SweepTable(over=over, design="saltelli", points=POINTS, seed=seed)
        drawn = np.array([list(setting.values()) for setting in sweep.settings()])
        found = sobol_shares(sweep.problem(), of(drawn))
        ends = found[(found["knob"] == largest) & (found["quantity"] == "total")].iloc[0]
        held += bool(ends["low"] <= truth <= ends["high"])
    return page, f"total share, truth {truth:.0%}", 100 * held / SETS, SETS


def _ends(rates: Array, powers: Sequence[Estimate]) -> tuple[float, float]:
    low, high = np.array([power.interval() for power in powers]).T
    middle = np.array([float(power) for power in powers])
    return between(rates, middle, low, high, WANTED, neighbours(powers))


def _noncentral(edge: float) -> float:
    """Shift at which Student's statistic of one more city exceeds its edge as often as wanted."""
    shifts = np.linspace(0.0, 6.0, 601)
    return float(np.interp(WANTED, stats.nct.sf(edge, BESIDE - 1, shifts), shifts))


def _inside(ends: tuple[float, float], truth: float) -> bool:
    return ends[0] <= truth and not ends[1] < truth  # NaN: no upper end is reached


def _false_alarms(random: np.random.Generator) -> Known:
    alarms = random.binomial(SOCIETIES, ALPHA, COUNTED).astype(float)
    low, high = shares_of_counts(alarms, np.full(COUNTED, float(SOCIETIES))).interval()
    held = 100 * float(((low <= ALPHA) & (high >= ALPHA)).mean())
    return "political_use", "false alarms, truth 5 %", held, COUNTED


def _leaderboard(random: np.random.Generator) -> Iterator[Known]:
    """Errors of two estimators; each set is a rater of one leaderboard, made as all others are."""
    said, truths = _estimates(random)
    table = leaderboard(said, truths).table
    own = table[(table["world"] == "(all)") & (table["rater"] != "(all)")]
    own = own[(own["sensitive"] == "(all)") & (own["factors"] == "(all)")]
    own = own[own["size"] == "1000"]
    swap, block = (own[own["estimator"] == name] for name in ("swap_shapley", "block_shapley"))
    squares = np.mean(np.square(list(SPREADS.values())))
    right = np.sqrt(squares * np.array([1.0, 1.0 + BEHIND**2]))
    for name, rows, truth in (
        ("error", swap[swap["measure"] == "error"], right[0]),
        ("relative", swap[swap["measure"] == "relative"], right[0] / TRUE),
        ("behind_best", block[block["measure"] == "behind_best"], right[1] - right[0]),
        ("coverage", swap[swap["measure"] == "coverage"], HOLDS),
    ):
        known = rows[(rows["low"] < rows["high"]) | (rows["measure"] == "coverage")]
        held = known["low"].le(truth + 1e-9) & known["high"].ge(truth - 1e-9)
        yield "leaderboard", name, 100 * float(held.mean()), len(known)


def _passes(name: str, number: int, random: np.random.Generator) -> Known:
    """Of a group of so many people in each city, whose rates differ from city to city."""
    held = 0
    for _ in range(SETS):
        people = random.poisson(number, NATION_CITIES).astype(float)
        rates = np.clip(PASSES + APART * random.standard_normal(NATION_CITIES), 0.0, 1.0)
        hits = random.binomial(people.astype(int), rates).astype(float)
        low, high = shares_of_counts(hits, people, clustered=True).interval(over="clusters")
        held += bool(low <= PASSES <= high)
    return "nation", f"{name} passes, truth {PASSES:.0%}", 100 * held / SETS, SETS


def _estimates(random: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What two estimators say of true parts, and those; a rater stands for a set."""
    shape = (LEADERBOARDS, WORLDS, len(SPREADS), SEEDS, len(FACTORS))
    shared = random.standard_normal((LEADERBOARDS, 1, *shape[2:]))
    error = np.sqrt(SHARED) * shared + np.sqrt(1 - SHARED) * random.standard_normal(shape)
    sets, worlds, features, seeds, factors = (each.ravel() for each in np.indices(shape))
    spread = np.array(list(SPREADS.values()))[features]
    labels = pd.DataFrame(
        {
            "world": np.array([f"w{n}" for n in range(WORLDS)])[worlds],
            "rater": sets.astype(str),
            "sensitive": np.array(list(SPREADS))[features],
            "group": "some",
            "people": 1_000,
            "seed": seeds,
            "factor": np.array(FACTORS)[factors],
        }
    )
    more = BEHIND * random.standard_normal(shape)
    parts = {"swap_shapley": error, "block_shapley": error + more}
    # A constant reach, so that an interval of a part holds as often as is said.
    reach = special.ndtri((1 + HOLDS) / 2) * spread
    said = pd.concat(
        labels.assign(
            estimator=name,
            estimate=TRUE + spread * part.ravel(),
            low=TRUE + spread * part.ravel() - reach,
            high=TRUE + spread * part.ravel() + reach,
        )
        for name, part in parts.items()
    )
    truths = labels.drop(columns=["people", "seed"]).drop_duplicates()
    return said, truths.assign(target="carrier", truth=TRUE, spread=100.0)
