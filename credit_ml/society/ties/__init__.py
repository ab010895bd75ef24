"""Who is tied to whom: slots that pick friends, and the graph that is their union."""
