"""Mutation testing: change the code in one place, and see whether its tests fail."""
