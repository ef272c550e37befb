"""Measure many subjects, each in a process of its own, one after another or on a Ray cluster."""
