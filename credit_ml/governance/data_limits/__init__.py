"""Limits on data: who may use which records, what a limit costs, and what it keeps from being known."""
