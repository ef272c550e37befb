"""Measures of all pairs of tokens."""
