"""Counts of people by group, outcome and decision: all that group metrics need."""
