"""The best of all bundles of actions for each person, exactly."""
