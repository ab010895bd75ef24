"""Work that is shared out among processes, for whatever is measured again and again."""
