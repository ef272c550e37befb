"""Clusters of pairs that come from groups of tokens."""
