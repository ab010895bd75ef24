"""Which columns predict a sensitive feature, and which of those the score uses."""
