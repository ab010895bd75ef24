from .catalogue import load_world, world_ids, worlds
from .columns import COLUMNS, FACTORS, STREAMS, Column
from .description.network import Network, network
from .description.portrait import Portrait, portrait
from .mechanisms.platforms import COMPANIES, seen_payments, seen_share
from .mechanisms.population import SENSITIVE, Dependence, Population
from .society import Society
from .sources import MECHANISMS, depending
from .storage.archive import Archive, read_society
from .storage.nation import write_society
from .world import World

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
    "seen_share",
    "world_ids",
    "worlds",
    "write_society",
]
