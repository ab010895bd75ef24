"""Direct, indirect and spurious parts of a gap, by a causal graph."""
