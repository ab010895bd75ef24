"""Limits on data: who may use which records, what that costs, and what it keeps unknown."""
