"""What a continuous change of features costs."""
