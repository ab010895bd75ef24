"""Credit history: bills, late payments, credit used, length of the file, judgments, taxes due."""

import numpy as np

from credit_ml.society.arrays import Array, Arrays, Flags, Ints
from credit_ml.society.mechanisms.chance import log_odds, logistic, poisson_count
from credit_ml.society.mechanisms.knobs import Knobs, knob, share
from credit_ml.society.mechanisms.population import Citizens, Dependence

#: Bills that fall due in the 24 months on file: four a month; assumed.
BILLS_DUE = 96


class History(Knobs):
    """Late bills follow trust, capacity and local shocks; reporting may follow who one is."""

    late_rate: float = knob(1.4, "late bills in 24 months at mean trust and capacity", (0, 50))
    trust: float = knob(0.55, "fall of log late rate per SD of trust", (-5, 5))
    capacity: float = knob(0.30, "fall of log late rate per SD of capacity", (-5, 5))
    shock: float = knob(0.25, "rise of log late rate per SD of the local shock", (-5, 5))
    after_break: float = knob(
        0.0,
        "rise of log late rate after an earlier obligation was broken",
        (-5, 5),
        "off: records follow what people are, not what they did",
    )
    judgment_rate: float = knob(
        0.03,
        "unpaid court orders in 5 years, at mean trust and capacity",
        (0, 5),
        "assumed: 4 % have one; `china_2017` has the 0.6 % published (China Daily, 14 Feb 2017: "
        "6.73 million debtors on the courts' list, and 6.15 million flights refused, S8)",
    )
    tax_notice_rate: float = knob(
        0.15,
        "notices of tax overdue in 5 years, at mean trust and capacity",
        (0, 5),
        "assumed; tax records are shared by S6",
    )
    reported: float = share(0.75, "share of bills on file")
    depth: float = knob(
        0.0,
        "rise of reporting (log-odds) per fall of burden by 1",
        (-5, 5),
        "off; lenders keep who pays: a longer history raises a score (Fair Isaac: 15 %)",
    )
    age_limits: bool = knob(
        default=True,
        unit="whether a file cannot be older than adult life",
        source="definition; off in worlds where nothing depends on age",
    )
    dependence: Dependence = Dependence()
    """Of log late rate; off: nobody pays late for who they are."""
    reporting: Dependence = Dependence(hukou=-0.5, age=0.3)
    """Of the log-odds that a bill is on file and of the file's length; thin files of migrants."""


def lateness(
    spec: History,
    people: Citizens,
    trust: Array,
    capacity: Array,
    shock: Array,
    broken: Flags | float = 0.0,
) -> Array:
    """Burden of every citizen: log of the late rate against the world's mean.

    Parameters
    ----------
    broken : ndarray
        Whether an earlier obligation was broken.
    """
    return (
        people.shift(spec.dependence)
        - spec.trust * trust
        - spec.capacity * capacity
        + spec.shock * shock
        + spec.after_break * broken
    )


def late_bills(spec: History, uniform: Array, burden: Array) -> Ints:
    """Bills that each citizen paid late, whether or not they are on file."""
    return poisson_count(uniform, spec.late_rate * np.exp(burden))


def history_records(
    spec: History,
    reported: Citizens,
    uniform: Array,
    noise: Array,
    burden: Array,
    joined: Array | float = 1.0,
) -> Arrays:
    """Bills late and on file, credit used, length of the file, court orders, tax notices.

    No citizen has more late bills on file than bills on file.

    Parameters
    ----------
    reported : mapping
        Citizens as reporting sees them.
    uniform : ndarray of shape (3, citizens)
        Chance of the counts: late bills, court orders, tax notices.
    noise : ndarray of shape (3, citizens)
        Standard normal: bills on file, length of the file, credit used.
    burden : ndarray
        From `lateness`.
    joined : ndarray
        Share of one's reported bills that find their way to one's file.
    """
    reporting = reported.shift(spec.reporting) - spec.depth * burden
    share = logistic(log_odds(spec.reported) + reporting + 0.4 * noise[0])
    months = np.exp(np.log(50.0) + 0.5 * reporting + 0.6 * noise[1])
    if spec.age_limits:
        months = np.minimum(months, 12.0 * (reported["age"] - 17.0))
    on_file = np.rint(BILLS_DUE * share * joined).astype(np.int32)
    late = late_bills(spec, uniform[0], burden)
    return {
        # The late bills on file are some of the bills on file: who has few there has few late.
        "late_payments": np.minimum(late, on_file),
        "bills_reported": on_file,
        "credit_used": logistic(-0.8 + 0.6 * burden + 0.9 * noise[2]),
        "history_months": months,
        "judgments": poisson_count(uniform[1], spec.judgment_rate * np.exp(1.2 * burden)),
        "tax_notices": poisson_count(uniform[2], spec.tax_notice_rate * np.exp(burden)),
    }
