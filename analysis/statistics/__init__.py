"""Estimates, intervals, verdicts and trends."""
