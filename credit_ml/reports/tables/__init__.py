"""The data behind each figure, as tables for people: own names, few digits, one cell a fact."""
