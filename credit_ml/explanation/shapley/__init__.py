"""What each factor and each column adds to each score, by Shapley values."""
