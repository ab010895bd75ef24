"""What is assumed of a life on a list, and what headlines are where it is varied."""
