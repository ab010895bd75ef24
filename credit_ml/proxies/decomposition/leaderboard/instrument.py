"""Which estimator to believe; `credit-ml leaderboard` makes it."""

from credit_ml.core import Instrument
from credit_ml.proxies.decomposition.leaderboard.compute import Leaderboard
from credit_ml.proxies.decomposition.leaderboard.pictures import pictures
from credit_ml.proxies.decomposition.leaderboard.tables import ranking_tables

INSTRUMENT = Instrument(
    id="leaderboard",
    home=__package__,
    findings=(Leaderboard,),
    section="leaderboard",
    tables=ranking_tables,
    overviews=pictures,
)
