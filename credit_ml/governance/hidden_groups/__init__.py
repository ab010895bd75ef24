"""Audits of a score where nobody's group is on file: inferred groups, bounds, corrections."""
