"""A table of a study file: frozen, and without a key that nobody knows."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of every table; an unknown key is refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
