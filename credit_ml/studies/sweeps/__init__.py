"""Studies of many cells, resumable: the leaderboard of estimators, regimes of disclosure."""
