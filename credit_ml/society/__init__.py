"""Synthetic citizens with known causes: people, ties, records, outcomes, truth."""

from credit_ml.society.catalogue import load_world, world_ids, worlds
from credit_ml.society.columns import COLUMNS, FACTORS, STREAMS, Column
from credit_ml.society.population import SENSITIVE, Dependence, Population
from credit_ml.society.portrait import Portrait, portrait
from credit_ml.society.mechanisms import MECHANISMS
from credit_ml.society.society import Society
from credit_ml.society.world import World

__all__ = [
    "COLUMNS",
    "FACTORS",
    "MECHANISMS",
    "SENSITIVE",
    "STREAMS",
    "Column",
    "Dependence",
    "Population",
    "Portrait",
    "Society",
    "World",
    "load_world",
    "portrait",
    "world_ids",
    "worlds",
]
