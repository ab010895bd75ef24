"""What people learn of a score from examples and from friends."""
