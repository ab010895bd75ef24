"""Audit checks: coded conditions of the audit itself, as a linter has of code."""
