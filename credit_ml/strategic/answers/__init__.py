"""Which answer to people who respond serves a rater best."""
