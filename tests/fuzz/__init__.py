"""Mutated files of every format that is read: each is read, or refused in a short sentence."""
