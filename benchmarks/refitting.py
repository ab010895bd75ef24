"""What a round of repeated refitting costs, against its refit and its response alone.

Run with ``python benchmarks/refitting.py``; writes benchmarks/results/refitting.md.
"""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sklearn.linear_model import LogisticRegression
from tables import write_table

from credit_ml.agencies import load_agency, refit
from credit_ml.core import Dataset
from credit_ml.disclosure.responding import respond_fully
from credit_ml.response import Respond, default_menu
from credit_ml.society import World
from credit_ml.strategic import LinearShift, Retraining, repeated_refitting

REPEATS = 3
ROUNDS = 3
TARGET = 1.5


@dataclass(frozen=True, kw_only=True)
class Case:
    """A rater, people and what they do."""

    name: str
    rater: Any
    dataset: Dataset
    outcome: Any
    respond: Respond


def processor_seconds(work: Callable[[], object]) -> float:
    """Median over repeats; wall time would count what else the machine does."""
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def cases() -> list[Case]:
    """Two agencies with a menu, and a linear model with a response in closed form."""
    found = []
    for citizens, scorer in ((10_000, "opaque"), (10_000, "scorecard")):
        society = World(citizens=citizens, seed=0).simulate()
        rater = load_agency("sesame").fit(society, scorer=scorer)
        found.append(
            Case(
                name=f"{rater.name}, menu",
                rater=rater,
                dataset=rater.agency.view(society),
                outcome=society.outcome["kept_before"],
                respond=respond_fully(default_menu(), bundle=1),
            )
        )
    society = World(citizens=100_000, seed=0).simulate()
    view = load_agency("sesame").view(society)
    numbers = view.X.select_dtypes("number").dropna(axis="columns").astype("float64")
    numbers = (numbers - numbers.mean()) / numbers.std()
    numbers = numbers.loc[:, numbers.notna().all()]
    table = Dataset(
        X=numbers,
        y=view.y,
        sensitive=view.sensitive,
        context=view.context,
        factors={"all": tuple(map(str, numbers.columns))},
    )
    model = LogisticRegression().fit(table.X, table.y)
    found.append(
        Case(
            name="logistic regression, closed form",
            rater=model,
            dataset=table,
            outcome=table.y,
            respond=LinearShift(strength=1.0),
        )
    )
    return found


def bare(case: Case) -> None:
    """The same refits and responses as a run, and nothing else."""
    data, X = case.dataset, case.dataset.X
    force = case.rater
    for _ in range(ROUNDS + 1):
        force = refit(force, data, X, case.outcome, seed=0)
        X = case.respond(force, data).X


def measured(case: Case) -> dict[str, object]:
    """A whole run beside its refits and responses alone, each a round."""
    how = Retraining(max_iter=ROUNDS, tol=0.0, earlier=case.outcome)
    run = processor_seconds(
        lambda: repeated_refitting(
            case.rater, case.dataset, case.respond, retraining=how, sensitive="hukou"
        )
    )
    alone = processor_seconds(lambda: bare(case))
    return {
        "rater and response": case.name,
        "people": len(case.dataset),
        "columns": case.dataset.X.shape[1],
        "refit and response (s)": alone / (ROUNDS + 1),
        "round (s)": run / (ROUNDS + 1),
        "round / (refit and response)": run / alone,
    }


def main() -> None:
    """Measure and write the table."""
    rows = [measured(case) for case in cases()]
    worst = max(float(row["round / (refit and response)"]) for row in rows)  # type: ignore[arg-type]
    path = write_table(
        "refitting.md",
        "A round of repeated refitting, against its parts alone",
        rows,
        notes=[
            f"Target: at most {TARGET:g} times refit and response; the worst here is {worst:.2f}.",
            f"Processor seconds, medians of {REPEATS} in one process; everybody trains. Both sides "
            f"make the same {ROUNDS + 1} refits and responses; a round also measures the shift, "
            "accuracy, AUC and gaps by hukou.",
            "Menu: the default one, one action at a time, told in full.",
            f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}; load average "
            f"{os.getloadavg()[0]:.1f} at the end.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
