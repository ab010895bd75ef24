"""Regimes of disclosure over worlds, raters and answers."""
