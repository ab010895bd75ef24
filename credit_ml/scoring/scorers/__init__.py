"""Scorers: one module a way to learn a score."""
