"""Group metrics by name: a module here declares some as RATES, and is found by being here."""
