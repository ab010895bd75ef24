"""What people are told of a score, what they do then, and what it costs them."""

from credit_ml.core.renamed import old_names
from credit_ml.disclosure.adoption import informed
from credit_ml.disclosure.beliefs.advice import Advice
from credit_ml.disclosure.beliefs.belief import (
    Belief,
    BundleBelief,
    Inert,
    LinearBelief,
    ScoreBelief,
)
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.precision import Precision
from credit_ml.disclosure.contagion.compute import Contagion, contagion
from credit_ml.disclosure.disclose import disclose
from credit_ml.disclosure.finding import Disclosure, DisclosureComparison, compare_disclosures
from credit_ml.disclosure.notice import Notice, notice
from credit_ml.disclosure.recourse import Recourse, recourse
from credit_ml.disclosure.regime import Disclosed, Regime
from credit_ml.disclosure.regimes import REGIMES, load_regime
from credit_ml.disclosure.responding import Responding
from credit_ml.disclosure.sweep.sweep import DisclosureSweep, disclosure_sweep

__all__ = [
    "REGIMES",
    "Advice",
    "Belief",
    "BundleBelief",
    "Contagion",
    "DecisionProblem",
    "Disclosed",
    "Disclosure",
    "DisclosureComparison",
    "DisclosureSweep",
    "Inert",
    "LinearBelief",
    "Notice",
    "Precision",
    "Recourse",
    "Regime",
    "Responding",
    "ScoreBelief",
    "compare_disclosures",
    "contagion",
    "disclose",
    "disclosure_sweep",
    "informed",
    "load_regime",
    "notice",
    "recourse",
]

__getattr__ = old_names(__name__, {"Setting": "DecisionProblem"})
