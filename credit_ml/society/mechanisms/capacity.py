"""Capacity to fulfil obligations: income, tax, assets, job."""

import numpy as np

from credit_ml.society.arrays import Array, Arrays
from credit_ml.society.mechanisms.chance import normal_cuts
from credit_ml.society.mechanisms.knobs import Knobs, knob, strengths
from credit_ml.society.mechanisms.population import Citizens, Dependence

#: Population shares of occupations, from least to most secure (``job`` of `COLUMNS`), when
#: capacity is standard normal; assumed.
JOB_SHARES = (0.08, 0.30, 0.37, 0.17, 0.08)

#: Monthly income that is free of tax (thousand yuan) and the rate above it. Allowance: Individual
#: Income Tax Law of China, amended 2011; one rate for its steps of 3 to 45 %: assumed.
TAX_FREE, TAX_RATE = 3.5, 0.10

#: SD of log assets per SD of capacity; assumed.
ASSETS_SPREAD = 0.9


class Capacity(Knobs):
    """One latent ``capacity = shift(A) + local * level - shock * district shock + noise``."""

    local: float = knob(
        0.25,
        "capacity per SD of the district's level",
        (-5, 5),
        "assumed: schools and employers nearby",
    )
    shock: float = knob(0.25, "capacity lost per SD of the local shock", (-5, 5))
    median_income: float = knob(
        3.0,
        "thousand yuan a month, at mean capacity",
        (0.01, 1000),
        "near the median of urban residents, 2.82: 36,413 yuan in 2018, 7.6 % above 2017 (NBS); "
        "`china_2017` meets it",
    )
    income_spread: float = knob(
        0.55,
        "SD of log income per SD of capacity",
        (0, 3),
        "urban Gini 0.315 to 0.339, 2005 to 2012 (J. Appl. Math. 2015, 939020, table 4); here 0.35",
    )
    age_limits: bool = knob(
        default=True,
        unit="whether years in a job cannot exceed adult life",
        source="definition; off in worlds where nothing depends on age",
    )
    dependence: Dependence = strengths(
        Dependence(hukou=-0.6, ethnicity=-0.2, gender=-0.3, age=0.15),
        hukou="Report on China's floating population 2016: agricultural 3,705, other hukou 5,697 "
        "yuan a month, a log ratio of -0.43; here -0.47, a third of it through the district",
        gender="the same report: women 3,441, men 4,504 yuan a month, a log ratio of -0.27; "
        "here -0.17",
    )
    """Of capacity: wage gaps by registration, ethnicity and gender."""


def capacity_latent(
    spec: Capacity, people: Citizens, noise: Array, level: Array, shock: Array
) -> Array:
    """Capacity of every citizen; a citizen without any dependence or district has mean 0, SD 1."""
    return people.shift(spec.dependence) + spec.local * level - spec.shock * shock + noise


def capacity_records(spec: Capacity, people: Citizens, noise: Array, capacity: Array) -> Arrays:
    """Income, income tax, assets, job and years in it.

    Parameters
    ----------
    noise : ndarray of shape (4, citizens)
        Standard normal.
    """
    income = spec.median_income * np.exp(spec.income_spread * capacity + 0.15 * noise[0])
    years = np.exp(np.log(4.0) + 0.2 * capacity + 0.8 * noise[3])
    if spec.age_limits:
        years = np.minimum(years, people["age"] - 17.0)
    rank = 0.8 * capacity + 0.6 * noise[2]
    return {
        "income": income,
        "tax_paid": 12.0 * TAX_RATE * np.maximum(income - TAX_FREE, 0.0),
        "assets": np.exp(np.log(60.0) + ASSETS_SPREAD * capacity + 0.8 * noise[1]),
        "job": np.searchsorted(normal_cuts(JOB_SHARES), rank).astype(np.int8),
        "job_years": years,
    }
