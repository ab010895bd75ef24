"""What mlflow keeps of a run: where, which files, which numbers, which models."""
