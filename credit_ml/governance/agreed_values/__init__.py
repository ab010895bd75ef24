"""Values that citizens agree on: weights of factors, votes on them, and the score they make."""
