"""Load a model."""
