"""What offices write down: traffic fines and lists of those who cheated in exams (S6, S11)."""

import numpy as np

from credit_ml.society.arrays import Array, Arrays
from credit_ml.society.mechanisms.chance import poisson_count
from credit_ml.society.mechanisms.knobs import Knobs, knob
from credit_ml.society.mechanisms.population import AGE_EDGES, Citizens, Dependence


class Civic(Knobs):
    """Offences follow habits and means; whether they are written down may follow who one is."""

    fines: float = knob(0.5, "traffic fines in 2 years", (0, 50))
    cheating: float = knob(
        0.03,
        "listings for cheating in an exam, per student",
        (0, 10),
        "assumed; S11 names an education bureau's list",
    )
    students_only: bool = knob(
        default=True,
        unit="whether only citizens under 30 can be on the list of cheats",
        source="definition; off in worlds where nothing depends on age",
    )
    policing: Dependence = Dependence()
    """Of the log rate at which offences are written down; off."""


def civic_records(
    spec: Civic, people: Citizens, uniform: Array, trust: Array, habits: Array, purse: Array
) -> Arrays:
    """Traffic fines in two years, and whether one is on the list of exam cheats.

    Parameters
    ----------
    uniform : ndarray of shape (2, citizens)
        Chance of fines and of cheating.
    habits, purse : ndarray
        Latents of behaviour; those who have more drive more.
    """
    policing = people.shift(spec.policing)
    rate = spec.cheating * np.exp(policing - 0.5 * trust)
    if spec.students_only:
        rate = np.where(people["age"] < AGE_EDGES[1], rate, 0.0)
    return {
        "traffic_fines": poisson_count(
            uniform[0], spec.fines * np.exp(policing + 0.5 * purse - 0.5 * habits)
        ),
        "exam_cheating": (uniform[1] < -np.expm1(-rate)).astype(np.int32),
    }
