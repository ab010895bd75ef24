"""The rows of the source document, S1 to S24: each with its switch, its measure, and what it does."""
