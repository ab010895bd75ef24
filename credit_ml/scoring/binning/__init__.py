"""Bins of a feature: where to cut, what each says, and which a value falls into."""
