"""The command line: ``credit-ml``. Nothing heavy is imported before a command runs."""

from credit_ml.cli.app import main

__all__ = ["main"]
