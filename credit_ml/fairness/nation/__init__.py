"""What so many people show that few do not: cities beside each other, and the rarest groups."""
