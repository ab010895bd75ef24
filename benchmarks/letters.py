"""100,000 letters written and verified: of a scorecard, and of boosted trees; some of every model.

Run with ``python benchmarks/letters.py``; writes benchmarks/results/letters.md.
"""

import runpy
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from tables import write_table

from credit_ml.agencies import load_agency
from credit_ml.disclosure import LetterOptions, falsehoods, notices
from credit_ml.scoring import scorers
from credit_ml.society import World

LETTERS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
#: Letters of each other kind of model.
EACH = LETTERS // 50
AT_ONCE = 8_192
#: Seconds that each kind of scorer may take on two processors.
TARGETS = {"scorecard": 60, "opaque": 600}
GRID = Path(__file__).parents[1] / "tests" / "validation" / "test_any_model.py"


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


def by_scorer(told: LetterOptions) -> Iterator[dict[str, Any]]:
    """Letters of every scorer of the package: 100,000 of those with a target."""
    society = World(citizens=LETTERS, seed=1).simulate()
    small = World(citizens=EACH, seed=2).simulate()
    for kind in (*TARGETS, *(kind for kind in scorers() if kind not in TARGETS)):
        people = society if kind in TARGETS else small
        agency, threshold = ("council", 110) if kind == "rules" else ("sesame", 650)
        rater = load_agency(agency).with_scorer(kind).fit(people)
        dataset = rater.agency.view(people)
        of = {"threshold": threshold, "decision": "a car without a deposit", "letter": told}
        falsehoods(list(notices(rater, dataset, range(20), **of)))  # compiled before it is timed
        yield {"model": kind, "target, seconds": TARGETS.get(kind, "")} | written(
            notices(rater, dataset, **of)
        )


def by_grid() -> Iterator[dict[str, Any]]:
    """Letters of the models of docs/any_model.md, over thresholds and people compared with."""
    grid = runpy.run_path(str(GRID))
    for kind in grid["MODELS"]:
        scores = grid["scores"](kind)
        several = (
            letter
            for seed in range(max(1, EACH // (2 * grid["PEOPLE"])))
            for threshold in np.quantile(scores, [0.5, 0.9])
            for letter in notices(
                grid["fitted"](kind),
                grid["data"](),
                threshold=float(threshold),
                decision="a loan",
                menu=grid["MENU"],
                letter=LetterOptions(seed=seed, jurisdiction="uk"),
            )
        )
        yield {"model": kind, "target, seconds": ""} | written(several)


def main() -> None:
    """Measure and write the table."""
    told = LetterOptions(provider="A bureau, 1 High Street", on="2026-11-29", jurisdiction="us")
    rows = []
    for rows_of in (by_scorer(told), by_grid()):
        for row in rows_of:
            rows.append(row)
            sys.stdout.write(f"{row}\n")
    write_table(
        "letters.md",
        "Letters that are true",
        rows,
        notes=[
            "Scorers of the package at sesame (rules: the council), world baseline; the other "
            "models are those of docs/any_model.md.",
            "Each letter: reasons against 200 people, recourse over the menu, the text, and every "
            "statement held against the model (falsehoods).",
        ],
    )


if __name__ == "__main__":
    main()
