"""Hashes of criteria and rules, and those that releases had."""
