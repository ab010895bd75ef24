"""Take a gap apart by factor: estimates without the truth, and the truth of a simulation."""
