"""Pure functions on NumPy arrays: no torch, no pytest, no files."""
