"""Findings as sentences: every number in them is read from a finding's table."""
