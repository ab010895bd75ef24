"""Headlines over settings; a study with a sweep makes it."""

from credit_ml.core import Instrument
from credit_ml.studies.sweeps.settings.facts import settings_tables
from credit_ml.studies.sweeps.settings.finding import SettingsSweep

SETTINGS_SWEEP = Instrument(
    id="settings_sweep",
    home=__package__,
    findings=(SettingsSweep,),
    section="settings",
    section_title="What the headlines hang on",
    tables=settings_tables,
)
