"""Figures of pairs of tokens."""
