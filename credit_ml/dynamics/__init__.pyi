from .assumed.knobs import Life
from .catalogue import load_policy, policies, policy_ids
from .effects import policy_effects
from .family.generations import Generations, family_effects, next_generation
from .history import Lives, SocietyHistory, changes
from .policy import Answering, Grade, LimitedPlaces, ListRule, Policy, PolicyError, Sanction
from .run import go_on, run_rounds
from .shaping import Shaping, shaping
from .state import Answers, State
from .trap import Trap, expected_trap

__all__ = [
    "Answering",
    "Answers",
    "Generations",
    "Grade",
    "Life",
    "LimitedPlaces",
    "ListRule",
    "Lives",
    "Policy",
    "PolicyError",
    "Sanction",
    "Shaping",
    "SocietyHistory",
    "State",
    "Trap",
    "changes",
    "expected_trap",
    "family_effects",
    "go_on",
    "load_policy",
    "next_generation",
    "policies",
    "policy_effects",
    "policy_ids",
    "run_rounds",
    "shaping",
]
