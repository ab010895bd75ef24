"""Synthetic citizens with known causes: people, ties, records, outcomes, truth."""

from credit_ml.society.block import MECHANISMS
from credit_ml.society.catalogue import load_world, world_ids, worlds
from credit_ml.society.columns import COLUMNS, FACTORS, STREAMS, Column
from credit_ml.society.description.network import Network, network
from credit_ml.society.description.portrait import Portrait, portrait
from credit_ml.society.mechanisms.platforms import COMPANIES, seen_payments
from credit_ml.society.mechanisms.population import SENSITIVE, Dependence, Population
from credit_ml.society.society import Society
from credit_ml.society.sources import depending
from credit_ml.society.storage.archive import Archive, read_society
from credit_ml.society.storage.nation import write_society
from credit_ml.society.world import World

__all__ = [
    "COLUMNS",
    "COMPANIES",
    "FACTORS",
    "MECHANISMS",
    "SENSITIVE",
    "STREAMS",
    "Archive",
    "Column",
    "Dependence",
    "Network",
    "Population",
    "Portrait",
    "Society",
    "World",
    "depending",
    "load_world",
    "network",
    "portrait",
    "read_society",
    "seen_payments",
    "world_ids",
    "worlds",
    "write_society",
]
