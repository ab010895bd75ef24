"""Numbers of many groups in one pass, and means of what most of them have none of."""
