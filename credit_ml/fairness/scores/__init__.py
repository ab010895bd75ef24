"""What is asked of scores: quality, calibration, cost of mistakes, distances, order."""
