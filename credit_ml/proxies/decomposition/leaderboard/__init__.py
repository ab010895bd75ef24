"""Which estimator of a gap's parts to believe: the instrument, its words and tables."""
