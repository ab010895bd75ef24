"""Best responses over all 4,096 bundles of twelve actions, and beside DiCE and treecf.

Run with ``python benchmarks/best_responses.py``; writes benchmarks/results/best_responses.md.
The peers pull hundreds of megabytes, so they are timed by another interpreter that has them:
``PEER_PYTHON=path/to/python python benchmarks/best_responses.py`` (best_response_peers.py says
what it needs). Without one their rows are left out, and the page says so.
"""

import dataclasses
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from recourse import twelve
from sklearn.ensemble import HistGradientBoostingClassifier
from tables import write_table

from credit_ml.agencies import Rater, load_agency
from credit_ml.core import Dataset
from credit_ml.response import Action, Aim, ColumnChange
from credit_ml.response.best_response.choice import cheapest, exact_choice
from credit_ml.response.economy import Economy
from credit_ml.response.moved_records import moved
from credit_ml.scoring import OpaqueScorer, Scorecard, score_function
from credit_ml.society import World

PEOPLE, MANY, TREES = 100_000, 1_000_000, 200
#: People of the comparison: as many as each peer can be asked for in a minute or two.
ASKED = {"treecf exact": 200, "treecf genetic": 200, "DiCE random": 10, "DiCE genetic": 5}
#: A threshold of 650 points of sesame: odds of 7 to 1.
LINE = float(np.log(7.0))
#: One column an action, so that "a column moved" and "an action done" mean the same to everybody.
SINGLE = {
    "diapers": ({"add": 3, "high": 12}, 0.9),
    "gaming_hours": ({"multiply": 0.4, "low": 0.1}, 0.15),
    "phone_quality": ({"add": 4, "high": 10}, 1.5),
    "gifts": ({"add": 3, "high": 20}, 0.3),
    "volunteer_hours": ({"add": 20, "high": 200}, 0.2),
    "late_payments": ({"multiply": 0.5, "low": 0}, 1.2),
    "friends_late": ({"multiply": 0.75, "low": 0}, 0.45),
    "friends_spending": ({"multiply": 1.15}, 1.4),
    "books": ({"add": 1, "high": 30}, 0.35),
    "trips": ({"add": 1, "high": 30}, 0.65),
    "online_hours": ({"multiply": 0.8}, 0.25),
    "friends": ({"add": 3, "high": 60}, 0.55),
}


def main() -> None:
    """Measure and write the tables."""
    society = World(citizens=PEOPLE, seed=1).simulate()
    dataset = load_agency("sesame").view(society)
    rater = load_agency("sesame").fit(society)
    load = os.getloadavg()[0]
    rows = [*_everybody(rater, dataset), *_beside(dataset)]
    write_table(
        "best_responses.md",
        "Best responses over all 4,096 bundles of twelve actions",
        rows,
        notes=[
            "Seconds are wall time, the model's own calls included; shares are of people. World "
            "baseline, sesame's privileges and scale; opaque: 200 trees of up to 15 leaves. A "
            "million people are a hundred thousand ten times, their numbers with noise of 1 %.",
            "Targets: opaque, 100,000 people, under 20 s; scorecard, a million, under 10 s; a "
            "person at least 1,000 times as fast as DiCE and 10 times as fast as treecf, at no "
            "more cost.",
            "Beside peers: one model (200 trees on numbers, what is missing set to -1), the same "
            "people refused at odds of 7 to 1 whom some bundle brings there, twelve columns that "
            "may move, each to one other value, at one price a column; all else is fixed. treecf "
            "is given the two values as a grid and the prices as weights, which is the same "
            "problem (its exact search without the warm start, which leaves the grid); DiCE can "
            "only be given the range between them, which allows it more. Cost "
            "is the price of the columns that an answer moves, over those for whom the peer found "
            "one, with the exact cost of the same people beside it. Setting a peer up for a model "
            "is not counted; what it must be told anew for each person is. DiCE searches long "
            "where it finds nothing, so the median of those for whom it found a way stands beside "
            "the mean. Times slower: than credit_ml on the same refused people alone, median of "
            "five; among everybody it is faster a person, for what is done once counts less.",
            f"One-minute load {load:.1f} when this began, on a machine shared with other work.",
            *_missing(),
        ],
    )


def _everybody(rater: Rater, dataset: Dataset) -> list[dict[str, Any]]:
    """Time best responses of everybody, opaque and scorecard."""
    X, income = dataset.X[list(rater.columns)], 12 * dataset.context["income"].to_numpy()
    actions = twelve().visible(list(X.columns))
    aims = [
        Aim(id=granted.id, name=granted.name, threshold=granted.threshold, value=granted.value)
        for granted in rater.agency.privileges
    ]
    trees = OpaqueScorer(max_iter=TREES, threads=2).fit(X, dataset.y)
    opaque = dataclasses.replace(rater, scorer=trees)
    card = dataclasses.replace(rater, scorer=Scorecard().fit(X, dataset.y))
    rows = []
    for name, model in (("opaque", opaque), ("scorecard", card)):
        exact_choice(model, X[:500], actions, Economy.of(actions, income[:500]), aims)
        sizes = (PEOPLE, MANY) if name == "scorecard" else (PEOPLE,)
        for people in sizes:
            table, yearly = (X, income) if people == PEOPLE else _more(X, income)
            economy = Economy.of(actions, yearly)
            start = time.perf_counter()
            found = exact_choice(model, table, actions, economy, aims)
            rows.append(
                _row(
                    "best response",
                    name,
                    people,
                    time.perf_counter() - start,
                    acting=float((found.masks > 0).mean()),
                )
            )
        start = time.perf_counter()
        way = cheapest(model, X, actions, Economy.of(actions, income), 650.0)
        rows.append(
            _row(
                "cheapest way to 650",
                name,
                PEOPLE,
                time.perf_counter() - start,
                acting=float((way.masks > 0).mean()),
            )
        )
    return rows


def _row(what: str, method: str, people: int, took: float, **more: Any) -> dict[str, Any]:
    return {
        "what": what,
        "model or peer": method,
        "people": people,
        "seconds": round(took, 2),
        "milliseconds a person": 1000 * took / people,
        "milliseconds of one found": more.get("one", ""),
        "acting": more.get("acting", ""),
        "found": more.get("found", ""),
        "cost": more.get("cost", ""),
        "exact cost of the same": more.get("exact", ""),
        "times slower": more.get("slower", ""),
    }


def _more(X: pd.DataFrame, income: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(0)
    parts = []
    for _ in range(MANY // PEOPLE):
        part = X.copy()
        for name in part.columns:
            if part[name].dtype.kind == "f":
                noise = random.normal(1.0, 0.01, len(part)).astype(part[name].dtype)
                part[name] = part[name] * noise
        parts.append(part)
    yearly = np.tile(income, MANY // PEOPLE)
    return pd.concat(parts, ignore_index=True), yearly * random.normal(1.0, 0.01, MANY).clip(0.9)


def _beside(dataset: Dataset) -> list[dict[str, Any]]:
    """Time the cheapest way beside peers: same people, same model, same values and prices."""
    columns = [name for name in dataset.X.columns if dataset.X[name].dtype.kind in "iuf"]
    X = dataset.X[columns].astype("float32").fillna(-1.0)
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=15, early_stopping=False, random_state=0
    ).fit(X, dataset.y)
    actions = [
        Action(
            id=name,
            name=name,
            kind="cosmetic",
            price=price,
            effort=0.0,
            source="assumed",
            changes=(ColumnChange(column=name, **change),),
        )
        for name, (change, price) in SINGLE.items()
    ]
    economy = Economy.of(actions, np.ones(len(X)))
    score = score_function(model, "log_odds")
    cheapest(score, X[:500], actions, economy.take(np.arange(500)), LINE)
    start = time.perf_counter()
    found = cheapest(score, X, actions, economy, LINE)
    took = time.perf_counter() - start
    refused = np.flatnonzero(found.masks > 0)[: max(ASKED.values())]
    rows = [
        _row(
            "cheapest way, beside peers",
            "credit_ml",
            PEOPLE,
            took,
            acting=float((found.masks > 0).mean()),
        )
    ]
    times = []
    for _ in range(5):
        start = time.perf_counter()
        few = cheapest(score, X.iloc[refused], actions, economy.take(refused), LINE)
        times.append(time.perf_counter() - start)
    took = float(np.median(times))
    cost = float(few.costs.mean())
    rows.append(
        _row(
            "cheapest way, beside peers",
            "credit_ml, those refused",
            len(refused),
            took,
            found=1.0,
            cost=cost,
            exact=cost,
            slower=1.0,
        )
    )
    answers = _asked(model, X.iloc[refused], actions)
    for name, answer in answers.items():
        took, asked = float(np.sum(answer["seconds"])), len(answer["seconds"])
        got = np.array(answer["found"], dtype=bool)
        rows.append(
            _row(
                "cheapest way, beside peers",
                f"{name} {answer['version']}",
                asked,
                took,
                found=float(got.mean()),
                one=1000 * float(np.median(np.array(answer["seconds"])[got])),
                cost=float(np.array(answer["cost"])[got].mean()),
                exact=float(few.costs[:asked][got].mean()),
                slower=round(took / asked / (rows[1]["milliseconds a person"] / 1000)),
            )
        )
    return rows


def _asked(model: Any, X: pd.DataFrame, actions: list[Action]) -> dict[str, Any]:
    """Hand people and model over to the interpreter that has the peers."""
    peer = os.environ.get("PEER_PYTHON")
    if not peer:
        return {}
    everything = np.full(len(X), (1 << len(actions)) - 1)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        X.to_parquet(place / "from.parquet", index=False)
        moved(X, actions, everything).to_parquet(place / "to.parquet", index=False)
        joblib.dump(model, place / "model.joblib")
        prices = {action.id: action.price for action in actions}
        task = {"line": LINE, "prices": prices, "asked": ASKED}
        (place / "task.json").write_text(json.dumps(task), encoding="utf-8")
        script = Path(__file__).parent / "best_response_peers.py"
        subprocess.run([peer, str(script), folder], check=True)
        answers: dict[str, Any] = json.loads((place / "answers.json").read_text("utf-8"))
        return answers


def _missing() -> list[str]:
    if os.environ.get("PEER_PYTHON"):
        return []
    return ["PEER_PYTHON was not given, so no peer was timed."]


if __name__ == "__main__":
    main()
