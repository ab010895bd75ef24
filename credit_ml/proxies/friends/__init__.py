"""Guilt by association: what of a score is the friends' doing."""
