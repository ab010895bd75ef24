"""What people believe of a score, from what a regime discloses."""
