"""Whether reasons survive another training set."""
