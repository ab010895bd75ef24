"""What changed between the stored results of two runs, number by number."""
