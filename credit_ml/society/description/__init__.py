"""What a society looks like: people, places, ties and moments, beside published ones."""
