"""Retraining on people who respond: stable at once, slowly, or never (Perdomo et al. 2020).

Run with ``python experiments/replications/perdomo2020.py``; writes perdomo2020.md beside it.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from claims import Claim, write
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import refit
from credit_ml.core import Dataset
from credit_ml.strategic import (
    GradientStep,
    LinearShift,
    Retraining,
    Trajectory,
    repeated_refitting,
)

SOURCE = "Perdomo et al. (2020), section 5.2 and figure 2"
CODE = "the authors' notebook, cell 2"
DATA = Path(__file__).parents[3] / "shared" / "data" / "give_me_some_credit.zip"
#: The three columns that people can move, and everybody's default.
STRATEGIC = (
    "RevolvingUtilizationOfUnsecuredLines",
    "NumberOfOpenCreditLinesAndLoans",
    "NumberRealEstateLoansOrLines",
)
TARGET = "SeriousDlqin2yrs"
#: Sensitivities of the published figure, and whether retraining converges there; of 100 the
#: text says nothing.
CONVERGES = {0.01: True, 1.0: True, 100.0: None, 1000.0: False}
ROUNDS = 25
#: Distance between two rounds, in norms of the first strategic weights, that counts as none.
STILL = 1e-6
#: Printed in the notebook, of a solver that stops once a step gains less than 1e-7.
PUBLISHED = {"people": 18_357, "loss": 0.6099, "accuracy": 72.07}
TOLERANCE = {"people": 0.0, "loss": 0.001, "accuracy": 0.5}
WORDS = {
    "people": "people in the balanced sample",
    "loss": "mean log loss of the first fit",
    "accuracy": "% of them that the first fit gets right",
}


@cache
def people(*, bias: bool = False) -> Dataset:
    """Standardised borrowers without gaps: all who defaulted and the first 10,000 who did not.

    With `bias`, a column of ones stands beside their records.
    """
    frame = pd.read_csv(DATA, index_col=0).dropna()
    X = frame.drop(columns=TARGET).astype("float64")
    X = (X - X.mean()) / X.std(ddof=0)
    default = frame[TARGET].to_numpy() == 1
    rows = np.concatenate([np.flatnonzero(default), np.flatnonzero(~default)[:10_000]])
    X = X.iloc[rows].reset_index(drop=True)
    X = X.assign(bias=1.0) if bias else X
    return Dataset(
        X=X,
        y=pd.Series((~default[rows]).astype("int8"), name="kept"),
        sensitive=pd.DataFrame(index=X.index),
        factors={"all": tuple(map(str, X.columns))},
        context=pd.DataFrame(index=X.index),
    )


def rater(*, penalised: bool) -> LogisticRegression:
    """The published objective at its minimum: ``mean loss + |w|**2 / (2 n)`` is C = 1.

    A penalised intercept is the weight of a column of ones, in a model without its own.
    """
    data = people(bias=penalised)
    model = LogisticRegression(
        C=1.0, tol=1e-12, max_iter=500, solver="newton-cholesky", fit_intercept=not penalised
    )
    return model.fit(data.X, data.y)


@cache
def retrained(strength: float, *, penalised: bool, exact: bool = True) -> Trajectory:
    """Repeated risk minimisation on everybody, as the paper does it, or a gradient step a round."""
    data = people(bias=penalised)
    how = Retraining(
        max_iter=ROUNDS,
        tol=0.0,
        earlier=data.y,
        output="log_odds",
        learn=refit if exact else GradientStep(),
    )
    respond = LinearShift(strength=strength, columns=STRATEGIC)
    return repeated_refitting(rater(penalised=penalised), data, respond, retraining=how)


def distances(found: Trajectory) -> NDArray[np.float64]:
    """Distance between the parameters of consecutive rounds, in the paper's unit."""
    columns = [str(name) for name in found.raters[0].feature_names_in_]
    moved = [columns.index(name) for name in STRATEGIC]
    given = np.array([np.append(each.coef_[0], each.intercept_) for each in found.raters])
    return np.linalg.norm(np.diff(given, axis=0), axis=1) / np.linalg.norm(given[0, moved])


def rounds_to_stand(found: Trajectory) -> int | None:
    """First round whose distance is numerically none; None within the horizon."""
    still = np.flatnonzero(distances(found) < STILL)
    return int(still[0]) + 1 if len(still) else None


def claims() -> list[Claim]:
    """Every published number beside ours, the pattern of convergence under both intercepts."""
    data, model = people(), rater(penalised=False)
    sign = np.where(data.y == 1, 1.0, -1.0)
    ours = {
        "people": float(len(data)),
        "loss": float(np.logaddexp(0, -sign * model.decision_function(data.X)).mean()),
        "accuracy": 100 * float((model.predict(data.X) == data.y).mean()),
    }
    found = [
        Claim(source=CODE, claim=WORDS[name], published=PUBLISHED[name], ours=ours[name],
              tolerance=TOLERANCE[name])
        for name in PUBLISHED
    ]  # fmt: skip
    for penalised in (True, False):
        kind = "penalised" if penalised else "free"
        for strength, converges in CONVERGES.items():
            if converges is not None:
                stood = rounds_to_stand(retrained(strength, penalised=penalised))
                found.append(
                    Claim(
                        source=SOURCE,
                        claim=f"retraining converges at a sensitivity of {strength:g}, {kind} "
                        "intercept (1: yes)",
                        published=float(converges),
                        ours=float(stood is not None),
                        tolerance=0.0,
                    )
                )
    return found


def found() -> list[str]:
    """How far the parameters move from round to round, as lines of a table."""
    lines = [
        "| intercept | a round is | sensitivity | still after | round 1 | round 2 | round 3 "
        "| round 5 | round 25 | right at first (%) | right at last (%) |",
        f"| --- | --- | ---: | ---: | {'---: | ' * 7}".rstrip(),
    ]
    for penalised, exact in ((True, True), (False, True), (False, False)):
        for strength in CONVERGES:
            run = retrained(strength, penalised=penalised, exact=exact)
            moved = np.append(distances(run), np.zeros(ROUNDS))
            shown = [_power(moved[number - 1]) for number in (1, 2, 3, 5, 25)]
            right = 100 * run.by_round["accuracy"].iloc[[0, -1]].to_numpy()
            stood = rounds_to_stand(run)
            lines.append(
                f"| {'penalised' if penalised else 'free'} | {'a refit' if exact else 'a step'} "
                f"| {strength:g} | {'not in 25' if stood is None else stood - 1} "
                f"| {' | '.join(shown)} | {right[0]:.1f} | {right[1]:.1f} |"
            )
    return lines


def _power(distance: float) -> str:
    # Below this only the last bits of the solver are left, which differ between machines.
    return f"{distance:.2g}" if distance > STILL else "none"


def main() -> None:
    """Write both tables, where the data are there."""
    if not DATA.is_file():
        print(f"{DATA.name} is absent: perdomo2020.md is left as it is")
        return
    path = write(
        "perdomo2020.md",
        "Performative prediction, met again",
        claims(),
        [
            "Tolerances, fixed first: people exactly; loss 0.001 and accuracy 0.5 percentage "
            "points, for the notebook's solver stops early; convergence exactly, as "
            f"parameters that move by less than {STILL:g} of the norm of the first strategic "
            f"weights within {ROUNDS} rounds, the notebook's horizon.",
            "Everybody moves by the same vector, so their scores by the same number. A free "
            "intercept takes that number up at the first refit, the weights never move, and "
            "people then respond as before: retraining is stable after one round whatever the "
            "sensitivity. So the paper's bound on the sensitivity is sufficient, and far from "
            "necessary, here.",
            "A penalised intercept cannot follow all the way, so the weights must, and people "
            "follow them: then retraining converges slower the stronger the response, and at "
            "1000 not at all. This is the published pattern. (Followed once over 300 rounds, the "
            "distance at 1000 stays at 1.46 from round 100 on: rater and people go round in a "
            "cycle of two.)",
            "The published objective has a free intercept. What its figure shows at large "
            "sensitivities can therefore not come from the exact minima of that objective. Its "
            "code descends by gradient steps, stops once a step gains less than 1e-7, and starts "
            "each round from the last: somewhere between a refit and the single step a round of "
            "the table's last rows, where at 1000 a free intercept does not stand still either. "
            "That code itself was not run here.",
            "Steps are shorter than refits, so their distances compare among themselves only. "
            "The figure of repeated gradient descent has no numbers to hold them to.",
            "Of a sensitivity of 100 the text says nothing.",
        ],
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n" + "\n".join(found()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
