"""Retraining on people who respond: trajectories, stable raters, optima."""
