from .adoption import informed
from .beliefs.advice import Advice
from .beliefs.belief import Belief, BundleBelief, Inert, LinearBelief, ScoreBelief
from .beliefs.decision_problem import DecisionProblem
from .beliefs.precision import Precision
from .contagion.compute import Contagion, contagion
from .disclose import disclose
from .finding import Disclosure, DisclosureComparison, compare_disclosures
from .notice import LetterOptions, Notice, notice, notices
from .recourse import Recourse, recourse
from .regime import Disclosed, Regime
from .regimes import REGIMES, load_regime
from .responding import Responding
from .sample_citizens.compute import CitizenOptions, sample_citizens
from .sample_citizens.finding import SampleCitizens
from .sweep.sweep import DisclosureSweep, disclosure_sweep
from .verified import falsehoods

__all__ = [
    "REGIMES",
    "Advice",
    "Belief",
    "BundleBelief",
    "CitizenOptions",
    "Contagion",
    "DecisionProblem",
    "Disclosed",
    "Disclosure",
    "DisclosureComparison",
    "DisclosureSweep",
    "Inert",
    "LetterOptions",
    "LinearBelief",
    "Notice",
    "Precision",
    "Recourse",
    "Regime",
    "Responding",
    "SampleCitizens",
    "ScoreBelief",
    "compare_disclosures",
    "contagion",
    "disclose",
    "disclosure_sweep",
    "falsehoods",
    "informed",
    "load_regime",
    "notice",
    "notices",
    "recourse",
    "sample_citizens",
]
