"""Where in the city people score high: districts, from the poorest to the richest."""
