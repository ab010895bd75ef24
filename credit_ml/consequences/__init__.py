"""What follows for people: privileges granted, black lists, joint punishment."""

from credit_ml.consequences.blacklist import RESTRICTIONS, Restriction, blacklist
from credit_ml.consequences.finding import Consequences
from credit_ml.consequences.privileges import privileges

__all__ = ["RESTRICTIONS", "Consequences", "Restriction", "blacklist", "privileges"]
