"""Effects along the paths of a causal graph, made by hand and shown on the page."""

from credit_ml.core import Instrument
from credit_ml.proxies.causal.facts import paths_table
from credit_ml.proxies.causal.finding import CausalEffects

CAUSAL_EFFECTS = Instrument(
    id="causal_effects",
    home=__package__,
    findings=(CausalEffects,),
    section="paths",
    tables=lambda finding: [paths_table(finding)],
)
