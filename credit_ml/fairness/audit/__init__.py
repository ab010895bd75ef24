"""The audit: metrics of decisions by group and intersection, with intervals."""
