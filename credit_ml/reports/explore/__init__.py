"""One file to explore a run's stored findings in: move a threshold, choose a citizen."""
