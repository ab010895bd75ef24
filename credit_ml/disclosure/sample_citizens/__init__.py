"""A hundred made-up citizens: their reasons, their twins, other friends, and what they would do."""
