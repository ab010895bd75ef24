"""How a score moves with one column."""
