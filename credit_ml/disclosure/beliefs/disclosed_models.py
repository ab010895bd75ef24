"""The model told with an error, or hidden among others."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies.refit import refit
from credit_ml.core import Array, Streams
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.precision import Precision
from credit_ml.scoring import ScoreFunction, score_function


def distorted(problem: DecisionProblem, precision: Precision) -> ScoreFunction:
    """Return the score as it is told: with a linear error of a size, or exactly.

    The error of a column's standard deviation is normal with SD ``noise sd(s) / sqrt(columns)``,
    drawn once for everybody, and that of the line with SD ``noise sd(s)``; with no noise it is
    the score itself.
    """
    if precision.noise == 0:
        return problem.score
    standard = problem.standard
    generator = Streams(problem.seed).generator("disclosure.noise.model")
    size = precision.noise * problem.spread
    error = generator.standard_normal(len(standard.columns)) * size / np.sqrt(len(standard.columns))
    shift = float(generator.standard_normal() * size)

    def told(X: pd.DataFrame) -> Array:
        found: Array = problem.score(X) + standard(X) @ error + shift
        return found

    return ScoreFunction(
        name=f"{problem.score.name}, told with noise", unit=problem.score.unit, raw=told
    )


def released(problem: DecisionProblem, precision: Precision) -> ScoreFunction:
    """Return what a set of models says that contains the true one: the mean score, or the least.

    The others are the same kind of model, fitted on bootstrap samples of everyone; they might as
    well have been in force. Of one model, it is the score itself.

    Raises
    ------
    MenuError
        When the model cannot be fitted again.

    References
    ----------
    Cohen, L., Sharifi-Malvajerdi, S., Stangl, K., Vakilian, A. and Ziani, J. (2024). Bayesian
    strategic classification. NeurIPS.
    """
    if precision.models == 1:
        return problem.score
    drawn = [_again(problem, number) for number in range(1, precision.models)]
    others = [score_function(each, direction="higher_is_better") for each in drawn]
    combine = np.mean if precision.over == "mean" else np.min

    def told(X: pd.DataFrame) -> Array:
        found: Array = combine([each(X) for each in (problem.score, *others)], axis=0)
        return found

    return ScoreFunction(name=f"{precision.models} models", unit=problem.score.unit, raw=told)


def _again(problem: DecisionProblem, number: int) -> Any:
    everyone = problem.everyone
    generator = Streams(problem.seed).generator("disclosure.released", number)
    rows = generator.integers(0, len(everyone), len(everyone))
    drawn = everyone.take(rows)
    kept = drawn.outcome(needed_for="a set of models")
    return refit(problem.model, drawn, drawn.X, kept, seed=number)
