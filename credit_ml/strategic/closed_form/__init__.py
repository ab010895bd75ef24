"""Best responses to a linear score in closed form."""
