"""Families over generations: what closed schools leave to the children's children (S9)."""
