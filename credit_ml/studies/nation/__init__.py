"""A nation from citizens to an audited score: city by city, without a table of people."""
