"""Measure activations under a specification."""
