"""A wind tunnel for citizen scoring."""
