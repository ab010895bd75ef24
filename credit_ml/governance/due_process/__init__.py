"""Errors in records: who can notice one, who contests it, and which are mended."""
