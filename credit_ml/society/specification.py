"""The parameters of a society, each with unit, range and source."""

from pathlib import Path
from typing import Self

import pandas as pd

from credit_ml.core import WorldError, digest, read_toml
from credit_ml.society.mechanisms.behaviour import Behaviour
from credit_ml.society.mechanisms.capacity import Capacity
from credit_ml.society.mechanisms.civic import Civic
from credit_ml.society.mechanisms.history import History
from credit_ml.society.mechanisms.household import Household
from credit_ml.society.mechanisms.knobs import Knobs, knob
from credit_ml.society.mechanisms.outcome import Outcome
from credit_ml.society.mechanisms.place import Address
from credit_ml.society.mechanisms.platforms import Identity, Platforms
from credit_ml.society.mechanisms.population import Population
from credit_ml.society.mechanisms.ratings import Ratings
from credit_ml.society.ties.slots import Ties


class WorldSpecification(Knobs):
    """Every knob of a world; what draws citizens reads these, and `World` can also simulate."""

    citizens: int = knob(100_000, "citizens", (1, 2_000_000_000), "choice")
    seed: int = knob(7, "seed of every stream", (0, 2**63), "choice")
    population: Population = Population()
    address: Address = Address()
    capacity: Capacity = Capacity()
    history: History = History()
    civic: Civic = Civic()
    behaviour: Behaviour = Behaviour()
    ratings: Ratings = Ratings()
    platforms: Platforms = Platforms()
    identity: Identity = Identity()
    household: Household = Household()
    ties: Ties = Ties()
    outcome: Outcome = Outcome()

    def __post_init__(self) -> None:
        super().__post_init__()
        # The default stays allowed in societies of a handful, where slots meet the same few.
        others = self.citizens - 1
        problem = (
            f"is {self.ties.slots:g}, and each of {others + 1:,} citizens has {others:,} others"
        )
        remedy = "ask for fewer slots than there are people"
        usable = self.ties.slots <= max(others, Ties().slots)
        WorldError.unless(usable, "ties.slots", problem, remedy)

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read a world from a TOML file whose tables are mechanisms."""
        given = read_toml(path, WorldError, "give a TOML file")
        return cls.from_dict(given, place=Path(path).name)

    def describe_frame(self) -> pd.DataFrame:
        """One row a knob: name, value, unit, low, high, source."""
        return pd.DataFrame(self.describe())

    def digest(self) -> str:
        """SHA-256 of every knob."""
        return digest(self.to_dict())
