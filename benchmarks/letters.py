"""100,000 letters written and verified, of every kind of model.

Run with ``python benchmarks/letters.py [LETTERS [KIND ...]]``; writes
benchmarks/results/letters.md, in which kinds that are not named keep their rows.
"""

import runpy
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from tables import read_table, write_table

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset
from credit_ml.disclosure import LetterOptions, falsehoods, notices
from credit_ml.scoring import scorers
from credit_ml.society import World

LETTERS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
NAMED = sys.argv[2:]
AT_ONCE = 8_192
#: Seconds that each kind of scorer may take on two processors.
TARGETS = {"scorecard": 60, "opaque": 600}
#: The models of docs/any_model.md.
GRID = runpy.run_path(str(Path(__file__).parents[1] / "tests" / "validation" / "test_any_model.py"))
#: Of a model of that page, letters are about so many thresholds.
THRESHOLDS = 2


def batches(letters: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield letters some at a time."""
    several = iter(letters)
    while some := list(islice(several, size)):
        yield some


def written(letters: Iterable[Any]) -> dict[str, Any]:
    """Write letters, hold each against its model, and say what that took."""
    clock, processor = time.perf_counter(), time.process_time()
    count = false = signs = 0
    for some in batches(letters, AT_ONCE):
        false += sum(map(bool, falsehoods(some)))
        signs += sum(len(letter.text()) for letter in some)
        count += len(some)
    return {
        "letters": count,
        "with something false": false,
        "processor seconds": round(time.process_time() - processor, 1),
        "seconds": round(time.perf_counter() - clock, 1),
        "signs a letter": round(signs / count),
    }


@cache
def society() -> Any:
    """People of whom the package's scorers write."""
    return World(citizens=LETTERS, seed=1).simulate()


@cache
def people() -> Dataset:
    """As many people as letters are asked for, of the table of docs/any_model.md."""
    factors = {"history": "late", "means": "income", "work": "job"}
    table = GRID["frame"](LETTERS // THRESHOLDS)
    return Dataset.from_frame(table, target="paid", sensitive="sex", factors=factors)


def of_scorer(kind: str) -> dict[str, Any]:
    """Letters of one of the package's scorers."""
    agency, threshold = ("council", 110) if kind == "rules" else ("sesame", 650)
    rater = load_agency(agency).with_scorer(kind).fit(society())
    dataset = rater.agency.view(society())
    told = LetterOptions(provider="A bureau, 1 High Street", on="2026-11-29", jurisdiction="us")
    of: dict[str, Any] = {"threshold": threshold, "decision": "a car without a deposit"}
    falsehoods(list(notices(rater, dataset, range(20), letter=told, **of)))  # compiled before
    return written(notices(rater, dataset, letter=told, **of))


def of_grid(kind: str) -> dict[str, Any]:
    """Letters of one of the models of docs/any_model.md, half of them about a high threshold."""
    of: dict[str, Any] = {
        "decision": "a loan",
        "menu": GRID["MENU"],
        "letter": LetterOptions(seed=1, jurisdiction="uk"),
    }
    model, thresholds = GRID["fitted"](kind), np.quantile(GRID["scores"](kind), [0.5, 0.9])
    several = (
        letter
        for threshold in thresholds[:THRESHOLDS]
        for letter in notices(model, people(), threshold=float(threshold), **of)
    )
    return written(several)


def main() -> None:
    """Measure, and write the table after every kind."""
    # With targets first, then the others of the package.
    kinds = dict.fromkeys((*TARGETS, *scorers()), of_scorer)
    kinds |= dict.fromkeys(GRID["MODELS"], of_grid)
    known: dict[str, Mapping[str, object]] = {
        row["model"]: row for row in read_table("letters.md") if row["model"] in kinds
    }
    for kind in NAMED or kinds:
        known[kind] = {"model": kind, "target, seconds": TARGETS.get(kind, "")} | kinds[kind](kind)
        sys.stdout.write(f"{known[kind]}\n")
        sys.stdout.flush()
        write_table(
            "letters.md",
            "Letters that are true",
            [known[kind] for kind in kinds if kind in known],
            notes=[
                "Scorers of the package at sesame (rules: the council), world baseline; the other "
                "models are those of docs/any_model.md, on 50,000 people at two thresholds.",
                "Each letter: reasons against 200 people, recourse over the menu, the text, and "
                "every statement held against the model (falsehoods).",
            ],
        )


if __name__ == "__main__":
    main()
