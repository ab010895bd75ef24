"""What else is asked of decisions: parity, adverse impact, what strata explain."""
