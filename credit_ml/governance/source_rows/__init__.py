"""Rows S1 to S24 of the source document: each with its switch, its measure, and its effect."""
