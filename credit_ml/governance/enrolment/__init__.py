"""Who signs up for a score, what silence then says, and how trust in the rater moves both."""
