"""What makes citizens what they are: one module a mechanism, with the knobs that a world turns."""
