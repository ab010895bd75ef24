"""What is asked of several raters, or of one trained again: agreement and luck."""
