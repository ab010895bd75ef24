"""A society on disk, city by city, on one machine or many."""
