"""What telling does, as the words of a page say it: measures of a regime, and gaps that move."""
