"""What a page may claim of its numbers: how many bear it out, and what their intervals count."""
