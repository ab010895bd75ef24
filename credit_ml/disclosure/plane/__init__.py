"""Regimes on the plane of what is known and who games, with what becomes of decisions."""
