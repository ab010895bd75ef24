"""Effects along the paths of a causal graph, made by hand and shown on the page."""

from credit_ml.core import Instrument
from credit_ml.proxies.causal.finding import CausalEffects
from credit_ml.proxies.causal.tables import paths_table

CAUSAL_EFFECTS = Instrument(
    id="causal_effects",
    home=__package__,
    findings=(CausalEffects,),
    section="paths",
    tables=lambda finding: [paths_table(finding)],
)
