"""Raters trained for people who respond."""
