"""The instruments on a table of one's own."""
