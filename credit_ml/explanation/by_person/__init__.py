"""What each column adds to the scores of single people."""
